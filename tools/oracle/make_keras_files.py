"""Writes golden/keras_files: .keras archives by real Keras, each with inputs and outputs as JSON. Give names for only those."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import json
import sys
from pathlib import Path

import keras
import numpy as np

from form import draw
from keras_models import MODELS

FOLDER = Path(__file__).parent / "golden" / "keras_files"


def fill(model):
    """Weights drawn by place in the model; what must be positive is."""
    for i, variable in enumerate(model.variables):
        if "seed_generator" in variable.path or variable.dtype not in ("float32", "float16", "bfloat16"):
            continue
        positive = any(word in variable.path for word in ("variance", "stddev", "vector"))
        values = draw(f"keras_files {i}", variable.shape, "positive") if positive else draw(f"keras_files {i}", variable.shape) * 0.3
        variable.assign(values)


def arguments(model):
    def one(i, tensor):
        shape = [2, *tensor.shape[1:]]
        if tensor.dtype == "int32":
            return np.abs(draw(f"input {i}", shape) * 4).astype("int32") % 11
        return draw(f"input {i}", shape).astype("float32")

    return [one(i, tensor) for i, tensor in enumerate(model.inputs)]


def as_json(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "data": [float(f"{value:.8g}") for value in array.astype("float64").ravel()]}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or MODELS:
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        model = MODELS[name]()
        fill(model)
        if getattr(model, "optimizer", None) is None:
            model.compiled = False
        inputs = arguments(model)
        struct = model._inputs_struct if hasattr(model, "_inputs_struct") else None
        given = dict(zip([t.name for t in model.inputs], inputs)) if isinstance(struct, dict) else inputs
        given = given if isinstance(given, dict) else (given if len(given) > 1 else given[0])
        outputs = keras.tree.flatten(model(given, training=False))
        model.save(FOLDER / f"{name}.keras")
        case = {"keras": keras.__version__, "inputs": [as_json(x) for x in inputs], "outputs": [as_json(y) for y in outputs]}
        (FOLDER / f"{name}.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")
        print(f"{name}: {(FOLDER / f'{name}.keras').stat().st_size} bytes, {[list(y.shape) for y in outputs]}")
