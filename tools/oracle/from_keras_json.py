"""Models of Keras 3 as to_json() writes them, with weights, an x and what they answer: golden/models/keras_json.json."""

import json
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

from form import draw

L = keras.layers


def vision():
    x = keras.Input((4, 4, 6), name="in_put")
    y = L.Conv2D(4, 3, padding="same", name="conv_2d_1", kernel_regularizer="l2")(x)
    y = L.GroupNormalization(groups=2)(y)
    y = L.SpatialDropout2D(0.2)(y)
    y = L.BatchNormalization(renorm=True, renorm_clipping={"rmax": 1.5, "rmin": 0.2, "dmax": 0.3}, momentum=0.9)(y)
    z = L.LayerNormalization(axis=[1, -1])(y)
    y = L.Add()([y, z])
    y = L.TimeDistributed(L.UnitNormalization())(y)
    y = L.RMSNormalization()(y)
    y = L.GlobalAveragePooling2D()(y)
    y = L.AlphaDropout(0.1, seed=3)(y)
    y = L.GaussianDropout(0.1)(y)
    y = L.GaussianNoise(0.1)(y)
    y = L.Dropout(0.1, noise_shape=(None, 1))(y)
    return keras.Model(x, L.SpectralNormalization(L.Dense(3, activation="silu"))(y))


def mixed():
    model = keras.Sequential(
        [
            L.Dense(5, kernel_initializer="lecun_normal", kernel_constraint="max_norm", dtype="mixed_float16"),
            L.BatchNormalization(axis=1, beta_regularizer="l1"),
            L.LayerNormalization(rms_scaling=True),
            L.GroupNormalization(groups=-1, center=False),
            L.ReLU(negative_slope=0.1),
            L.LeakyReLU(negative_slope=0.2),
        ]
    )
    model.build((None, 4))
    return model


def nested():
    inner = keras.Sequential([keras.Input((4,)), L.Dense(4), L.BatchNormalization()], name="inner_seq")
    start = keras.Input((4,))
    block = keras.Model(start, L.LayerNormalization()(L.Dense(4)(start)), name="inner_f")
    shared = L.Dense(4, activation="tanh", name="shared_1")
    x = keras.Input((4,))
    return keras.Model(x, shared(shared(block(inner(inner(x))))))


def masked():
    x = keras.Input((5, 3))
    y = L.Masking()(x)
    y = L.BatchNormalization()(y)
    y = L.GRU(4, reset_after=False, recurrent_initializer="he_normal")(L.SpatialDropout1D(0.3)(y))
    return keras.Model(x, L.BatchNormalization()(y))


def operators():
    x = keras.Input((5, 4))
    y = (x * 2.0 + 1 - 0.5) / 4.0
    y = y + L.Bidirectional(L.LSTM(2, return_sequences=True, recurrent_initializer="he_normal"))(y)
    h = keras.Input((4,), name="state_0")
    z = L.GRU(4, reset_after=False, recurrent_initializer="he_normal", return_sequences=True)(y * x, initial_state=h)
    return keras.Model([x, h], z)


def case(make):
    keras.backend.clear_session()
    model = make()
    weights = {}
    for layer in leaves(model):
        own = [variable for variable in layer.variables if "seed_generator" not in variable.path]
        # tfjs has what is trained first.
        own.sort(key=lambda variable: not variable.trainable)
        for i, variable in enumerate(own):
            value = draw(f"{make.__name__} {layer.name} {i}", variable.shape).astype("float32") * 0.4
            variable.assign(np.abs(value) + 0.3 if "variance" in variable.name or "std" in variable.name else value)
        if own:
            weights[layer.name] = [lists(variable) for variable in own]
    inputs = [draw(f"{make.__name__} x {i}", (3, *t.shape[1:])).astype("float32") for i, t in enumerate(model.inputs)]
    if make is masked:
        inputs[0][:, 3:] = 0
    record = {
        "name": make.__name__,
        "keras": keras.__version__,
        "model": json.loads(model.to_json()),
        "weights": weights,
        "inputs": [lists(x) for x in inputs],
        "output": lists(model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)),
    }
    if make is vision:
        layer = next(each for each in model.layers if isinstance(each, L.BatchNormalization))
        layer2 = L.BatchNormalization.from_config(layer.get_config())
        layer2.build((None, 4))
        layer2.set_weights(layer.get_weights())
        wrapper = L.SpectralNormalization(L.Conv2D(3, 2), power_iterations=2)
        x = draw("spectral x", (2, 3, 3, 2)).astype("float32")
        wrapper.build(x.shape)
        for i, variable in enumerate(wrapper.variables):
            variable.assign(draw(f"spectral {i}", variable.shape).astype("float32"))
        ordered = lambda: [lists(v) for v in [wrapper.layer.kernel, wrapper.layer.bias, wrapper.vector_u]]
        before = ordered()
        record["spectral"] = {"x": lists(x), "before": before, "y": lists(wrapper(x, training=True)), "after": ordered()}
        x = draw("renorm x", (5, 4)).astype("float32")
        record["renorm"] = {
            "x": lists(x),
            "y": lists(layer2(x, training=True)),
            "after": [lists(v) for v in layer2.get_weights()],
        }
    return record


def leaves(model):
    for layer in model.layers:
        yield from leaves(layer) if isinstance(layer, keras.Model) else [layer]


def lists(value):
    return {"shape": list(np.shape(value)), "data": [round(float(v), 7) for v in np.ravel(np.asarray(value, "float64"))]}


class Models:
    def __init__(self):
        self.list = [case(make) for make in (vision, mixed, nested, masked, operators)]

    def write(self, path):
        with open(path, "w", encoding="ascii") as file:
            lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in self.list)
            file.write('{"cases":[\n' + lines + "\n]}\n")


def cases():
    return Models()
