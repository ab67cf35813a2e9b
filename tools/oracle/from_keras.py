"""Keras 3 on jax."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np
from keras.src.backend.common import dtypes

import specs
from form import Cases, draw

jax.config.update("jax_enable_x64", True)
# Except on TensorFlow, Keras's operations round what they combine to 32 bits, whatever floatx says.
dtypes.BIT64_TO_BIT32_DTYPE.clear()
keras.config.set_floatx("float64")
L = keras.layers
KNOWN = {"gamma": "gamma", "beta": "beta", "scale": "gamma", "moving_mean": "mean", "moving_variance": "variance"}


def prepare(layer, x, given):
    """Builds the layer and gives its variables the values named in `given`."""
    layer.build(x.shape)
    for variable in layer.variables:
        value = given.get(KNOWN.get(variable.name, variable.name))
        if value is not None:
            variable.assign(np.reshape(value, variable.shape))


def run(layer, spec, training=True, x=None, **more):
    """y, gradients by our names, and the state after the call by Keras's names."""
    x = spec.x if x is None else x
    weights = [variable.value for variable in layer.trainable_variables]
    state = [variable.value for variable in layer.non_trainable_variables]
    flags = more if training is None else {**more, "training": training}
    call = lambda w, value: layer.stateless_call(w, state, value, **flags)
    y, pull, after = jax.vjp(call, weights, x, has_aux=True)
    dweights, dx = pull(np.asarray(spec.dy))
    names = [KNOWN[variable.name] for variable in layer.trainable_variables]
    grads = {"dx": dx, **{f"d{name}": value for name, value in zip(names, dweights)}}
    return y, grads, {v.name: value for v, value in zip(layer.non_trainable_variables, after)}


def affine_of(spec, *names):
    return {name: getattr(spec, name) for name in names} if spec.affine else {}


def batch_case(cases, spec, axis=1, momentum=0.99, mask=None, tol=None):
    given = affine_of(spec, "gamma", "beta")
    layer = L.BatchNormalization(axis, momentum, spec.eps, center=spec.affine, scale=spec.affine)
    prepare(layer, spec.x, {**given, "mean": spec.mean, "variance": spec.variance})
    more = {} if mask is None else {"mask": mask}
    y, grads, after = run(layer, spec, **more)
    attrs = {"axis": axis, "eps": spec.eps, "keras_momentum": momentum, "running_var": "biased"}
    inputs = {"x": spec.x, **given, "running_mean": spec.mean, "running_var": spec.variance, "mask": mask}
    outputs = {"y": y, "running_mean": after["moving_mean"], "running_var": after["moving_variance"]}
    op = "batch_norm_train" if mask is None else "batch_norm_train_masked"
    source = "layers.BatchNormalization"
    cases.add(spec.name, op, attrs, inputs, outputs, spec.dy, grads, spec.tol or tol, source)
    return layer, given


def batch_norm(cases):
    for spec in specs.batch():
        layer, given = batch_case(cases, spec)
        y, grads, _ = run(layer, spec, training=False)
        inputs = {"x": spec.x, "mean": spec.mean, "variance": spec.variance, **given}
        attrs = {"axis": 1, "eps": spec.eps}
        source = "layers.BatchNormalization"
        name = f"{spec.name}_eval"
        cases.add(name, "batch_norm_inference", attrs, inputs, {"y": y}, spec.dy, grads, spec.tol, source)
    for shape in [(1, 4), (5, 4), (2, 3, 4), (2, 2, 3, 4), (2, 2, 2, 2, 4)]:
        spec = specs.drawn(f"bn_last_{specs.named(shape)}", shape, (4,), "normal", eps=1e-3, affine=True)
        batch_case(cases, spec, axis=-1, momentum=0.9)
    # Keras divides masked sums by the sum of the mask plus 1e-7, we by the sum.
    for shape in [(6, 3), (4, 5, 3), (2, 3, 4, 3)]:
        for affine in (True, False):
            key = f"bn_masked_{specs.named(shape)}_{'affine' if affine else 'plain'}"
            spec = specs.drawn(key, shape, (3,), "normal", eps=1e-3, affine=affine)
            mask = (draw(key + ":mask", shape[:-1]) > -0.2).astype(float)
            batch_case(cases, spec, axis=-1, mask=mask, tol=5e-6)


def renorm(cases):
    for shape in [(6, 3), (4, 3, 5), (2, 3, 4, 3)]:
        for r_max, d_max in [(3.0, 5.0), (1.2, 0.3), (1.0, 0.0)]:
            key = f"renorm_{specs.named(shape)}_r{r_max:g}_d{d_max:g}"
            spec = specs.drawn(key, shape, (3,), "normal", eps=1e-3)
            clip = {"rmin": 1 / r_max, "rmax": r_max, "dmax": d_max}
            layer = L.BatchNormalization(1, epsilon=spec.eps, renorm=True, renorm_clipping=clip)
            given = {"gamma": spec.gamma, "beta": spec.beta}
            state = {"renorm_mean": spec.mean, "renorm_stddev": np.sqrt(spec.variance + spec.eps)}
            prepare(layer, spec.x, {**given, **state, "mean": spec.mean, "variance": spec.variance})
            y, grads, after = run(layer, spec)
            attrs = {"axis": 1, "eps": spec.eps, "keras_momentum": 0.99, "r_max": r_max, "d_max": d_max}
            inputs = {"x": spec.x, **given, "running_mean": spec.mean, "running_var": spec.variance}
            outputs = {"y": y, "running_mean": after["moving_mean"]}
            source = "layers.BatchNormalization(renorm=True)"
            cases.add(key, "batch_renorm", attrs, inputs, outputs, spec.dy, grads, source=source)


def simple(cases, spec, op, layer, attrs, given, source, name=None):
    prepare(layer, spec.x, given)
    y, grads, _ = run(layer, spec, training=None)
    inputs = {"x": spec.x, **given}
    cases.add(name or spec.name, op, attrs, inputs, {"y": y}, spec.dy, grads, spec.tol, source)


def rows(cases):
    for spec in specs.layer("ln", inner=True):
        layer = L.LayerNormalization(list(spec.axes), spec.eps, center=spec.affine, scale=spec.affine)
        attrs = {"axes": list(spec.axes), "eps": spec.eps}
        given = affine_of(spec, "gamma", "beta")
        simple(cases, spec, "layer_norm", layer, attrs, given, "layers.LayerNormalization")
    for spec in specs.layer("rms"):
        if spec.affine:
            layer = L.RMSNormalization(list(spec.axes), spec.eps)
            attrs = {"axes": list(spec.axes), "eps": spec.eps}
            simple(cases, spec, "rms_norm", layer, attrs, affine_of(spec, "gamma"), "layers.RMSNormalization")
    for shape in [(7,), (4, 6), (2, 3, 4)]:
        key = f"ln_rms_scaling_{specs.named(shape)}"
        spec = specs.drawn(key, shape, shape[-1:], "normal", eps=1e-3)
        layer = L.LayerNormalization(-1, spec.eps, rms_scaling=True)
        attrs = {"axes": [-1], "eps": spec.eps}
        source = "layers.LayerNormalization(rms_scaling=True)"
        simple(cases, spec, "layer_norm_rms_scaling", layer, attrs, {"gamma": spec.gamma}, source)
    for spec in specs.group():
        layer = L.GroupNormalization(spec.groups, 1, spec.eps, center=spec.affine, scale=spec.affine)
        attrs = {"axis": 1, "groups": spec.groups, "eps": spec.eps}
        given = affine_of(spec, "gamma", "beta")
        simple(cases, spec, "group_norm", layer, attrs, given, "layers.GroupNormalization")
    for spec in specs.instance():
        layer = L.GroupNormalization(-1, 1, spec.eps, center=spec.affine, scale=spec.affine)
        given = affine_of(spec, "gamma", "beta")
        attrs = {"axis": 1, "eps": spec.eps}
        simple(cases, spec, "instance_norm", layer, attrs, given, "layers.GroupNormalization(groups=-1)")


def function(cases, spec, op, attrs, call, source, name=None):
    y, pull = jax.vjp(call, spec.x)
    # On jax the gradient at a zero row is NaN; PyTorch's is there to compare with.
    grads = None if spec.kind == "zero row" else {"dx": pull(spec.dy)[0]}
    cases.add(name or spec.name, op, attrs, {"x": spec.x}, {"y": y}, spec.dy, grads, source=source)


def lengths(cases):
    for spec in specs.elementwise("length", [(5,), (3, 4), (2, 3, 4), (2, 3, 2, 2)], ("normal", "big", "tiny")):
        axis = -1 if len(spec.shape) < 3 else 1
        for p in (1, 2, 3):
            attrs = {"axis": axis, "p": p, "eps": 1e-12}
            call = lambda x: keras.ops.normalize(x, axis, p, 1e-12)
            function(cases, spec, "lp_normalize", attrs, call, "ops.normalize", f"{spec.name}_p{p}")
    for spec in specs.elementwise("unit", [(3, 4), (2, 3, 4)], ("normal", "zero row")):
        for axis in (-1, [1, 2]) if len(spec.shape) == 3 else (-1,):
            attrs = {"axis": axis, "eps": 1e-12}
            name = spec.name if axis == -1 else f"{spec.name}_axes"
            function(cases, spec, "unit_norm", attrs, L.UnitNormalization(axis), "layers.UnitNormalization", name)
    for spec in specs.elementwise("selu", [(7,), (3, 4), (2, 3, 4)], ("normal", "big", "zero", "tiny")):
        function(cases, spec, "selu", {}, keras.activations.selu, "activations.selu")


def spectral(cases):
    for shape in [(4, 5), (5, 3), (2, 2, 3, 4)]:
        for steps in (1, 3):
            key = f"spectral_{specs.named(shape)}_steps{steps}"
            inner = L.Dense(shape[1]) if len(shape) == 2 else L.Conv2D(shape[-1], shape[:2])
            layer = L.SpectralNormalization(inner, steps)
            layer.build((1, *shape[:-1]) if len(shape) == 2 else (1, 4, 4, shape[2]))
            u = draw(key + ":u", (1, shape[-1]))

            def call(w):
                with keras.StatelessScope([(layer.kernel, w), (layer.vector_u, u)]):
                    after, kernel = layer.normalized_weights()
                return kernel, after

            w, dy = draw(key + ":w", shape), draw(key + ":dy", shape)
            y, pull, after = jax.vjp(call, w, has_aux=True)
            attrs = {"dim": -1, "n_power_iterations": steps, "eps": 1e-12}
            outputs = {"w_sn": y, "u": np.reshape(after, -1)}
            source = "layers.SpectralNormalization"
            inputs = {"w": w, "u": u[0]}
            cases.add(key, "spectral_norm", attrs, inputs, outputs, dy, {"dw": pull(dy)[0]}, source=source)


def cases():
    from from_keras_noise import noise

    made = Cases("keras", keras.__version__)
    batch_norm(made)
    renorm(made)
    rows(made)
    lengths(made)
    spectral(made)
    noise(made)
    return made
