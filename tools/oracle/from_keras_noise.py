"""Keras's dropouts and noises, with the mask or noise that was drawn."""

import numpy as np

import specs
from from_keras import L, run


def dropped(cases, op, layer, spec, attrs, shared, source, training=True):
    """`shared`: axes along which one draw serves all."""
    layer.build(spec.shape)
    y, grads, _ = run(layer, spec, training)
    # The seed is part of the state that `run` leaves alone: a second call draws the same.
    base = np.zeros(spec.shape) if "alpha" in op or op == "gaussian_noise" else np.ones(spec.shape)
    probe = np.asarray(run(layer, spec, training, x=base)[0])
    inputs = {"x": spec.x}
    if op == "gaussian_dropout":
        inputs["noise"] = (probe - 1) / np.sqrt(attrs["rate"] / (1 - attrs["rate"]))
    elif op == "gaussian_noise":
        inputs["noise"] = probe / attrs["stddev"]
    else:
        mask = (probe > 0).astype(float)
        inputs["mask"] = mask[tuple(slice(0, 1) if axis in shared else slice(None) for axis in range(mask.ndim))]
        if (mask != inputs["mask"]).any():
            raise ValueError(f"{source}: the draw is not shared along {shared}")
    size = attrs.get("rate", attrs.get("stddev"))
    name = f"{op}_{spec.name}_{size:g}"
    cases.add(name, op, attrs, inputs, {"y": y}, spec.dy, grads, source=f"layers.{source}")


def noise(cases):
    for spec in specs.elementwise("noise", [(9,), (3, 4), (2, 3, 4), (2, 3, 2, 2)]):
        for rate in (0.2, 0.5):
            for op, api in [
                ("dropout", L.Dropout),
                ("alpha_dropout", L.AlphaDropout),
                ("gaussian_dropout", L.GaussianDropout),
            ]:
                dropped(cases, op, api(rate, seed=5), spec, {"rate": rate}, (), api.__name__)
            layer = L.GaussianNoise(rate, seed=5)
            dropped(cases, "gaussian_noise", layer, spec, {"stddev": rate}, (), "GaussianNoise")
        dropped(cases, "dropout", L.Dropout(1.0, seed=5), spec, {"rate": 1.0}, (), "Dropout")
    layers = {3: L.SpatialDropout1D, 4: L.SpatialDropout2D, 5: L.SpatialDropout3D}
    for spec in specs.elementwise("channels", [(3, 2, 4), (2, 2, 3, 4), (2, 1, 2, 2, 4)]):
        shared = tuple(range(1, len(spec.shape) - 1))
        for rate in (0.2, 0.5):
            api = layers[len(spec.shape)]
            attrs = {"rate": rate, "axis": -1}
            dropped(cases, "spatial_dropout", api(rate, seed=5), spec, attrs, shared, api.__name__)
    for spec in specs.elementwise("time", [(3, 5, 4), (2, 3, 6)]):
        for rate in (0.2, 0.5):
            layer = L.Dropout(rate, noise_shape=(None, 1, None), seed=5)
            dropped(cases, "variational_dropout", layer, spec, {"rate": rate}, (1,), "Dropout(noise_shape)")
