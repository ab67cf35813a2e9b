"""The form of a conformance case, and numbers drawn by name: the same name draws the same in every framework."""

import base64
import json
import zlib

import numpy as np


def draw(key, shape, kind="normal"):
    """Float64 numbers of `shape`; `kind` says which trouble they bring."""
    values = np.random.default_rng(zlib.crc32(key.encode())).standard_normal(shape)
    if kind == "offset":
        return values + 1e6
    if kind == "tiny":
        return values * 1e-6
    if kind == "big":
        return values * 1e2
    if kind == "constant":
        return np.full(shape, 3.0)
    if kind == "zero":
        return np.zeros(shape)
    if kind == "zero row":
        values[0] = 0
        return values
    if kind == "constant row":
        values[0] = 3.0
        return values
    if kind == "positive":
        return np.abs(values) + 0.1
    return values * 1.5 + 0.3


def tolerance(kind):
    """See README.md."""
    return {"offset": 1e-8, "constant": 1e-9}.get(kind)


def operand(name, value):
    if np.asarray(value).dtype != np.float64:
        raise ValueError(f"{name} is {np.asarray(value).dtype}")
    array = np.ascontiguousarray(value, dtype="<f8")
    shape = list(np.shape(value))
    return {"name": name, "shape": shape, "dtype": "float64", "b64": base64.b64encode(array.tobytes()).decode()}


def operands(values):
    return [operand(name, value) for name, value in values.items() if value is not None]


class Cases:
    def __init__(self, framework, version):
        self.source = {"framework": framework, "version": version}
        self.list = []

    def add(self, name, op, attrs, inputs, outputs, dy=None, grads=None, tol=None, source=None):
        case = {
            "name": f"{self.source['framework']}_{name}".replace(" ", "_"),
            "op": op,
            "attrs": attrs,
            "inputs": operands(inputs),
            "outputs": operands(outputs),
        }
        if grads:
            case["dy"] = operand("dy", dy)
            case["grads"] = operands(grads)
        if tol is not None:
            case["tol"] = tol
        case["source"] = {**self.source, "api": source}
        for each in case["inputs"] + case["outputs"] + case.get("grads", []):
            values = np.frombuffer(base64.b64decode(each["b64"]))
            if not np.isfinite(values).all():
                raise ValueError(f"{case['name']}: {each['name']} is not finite")
        if any(other["name"] == case["name"] for other in self.list):
            raise ValueError(f"{case['name']} twice")
        self.list.append(case)

    def write(self, path):
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in self.list)
        with open(path, "w", encoding="ascii") as file:
            file.write('{"cases":[\n' + lines + "\n]}\n")
