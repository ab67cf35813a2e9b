"""Flax nnx on jax. The variance is the two-pass one: Flax's own default loses digits far from 0."""

import flax
import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

import specs
from form import Cases, draw

jax.config.update("jax_enable_x64", True)
EXACT = {"use_fast_variance": False, "param_dtype": jnp.float64}


def rngs():
    return nnx.Rngs(0)


def pulled(call, dy, values, **names):
    """y, aux and gradients of `call(values)` under our names."""
    y, pull, aux = jax.vjp(call, values, has_aux=True)
    (grads,) = pull(np.asarray(dy))
    return y, aux, {f"d{name}": grads[name].reshape(values[name].shape) for name in values}


def given_of(spec, *names):
    return {"x": spec.x, **({name: getattr(spec, name) for name in names} if spec.affine else {})}


def fill(layer, values):
    if "gamma" in values:
        layer.scale = nnx.Param(values["gamma"].reshape(-1))
    if "beta" in values:
        layer.bias = nnx.Param(values["beta"].reshape(-1))


def options(spec, bias=True):
    return {"epsilon": spec.eps, "use_scale": spec.affine, **({"use_bias": spec.affine} if bias else {}), **EXACT}


def batch_case(cases, spec, axis=1, momentum=0.9, mask=None):
    def call(values, training=True):
        settings = options(spec)
        layer = nnx.BatchNorm(spec.mean.size, axis=axis, momentum=momentum, **settings, rngs=rngs())
        fill(layer, values)
        layer.mean = nnx.BatchStat(jnp.asarray(spec.mean))
        layer.var = nnx.BatchStat(jnp.asarray(spec.variance))
        flags = {} if mask is None else {"mask": mask.astype(bool).reshape(mask.shape + (1,))}
        y = layer(values["x"], use_running_average=not training, **flags)
        return y, (layer.mean[...], layer.var[...])

    given = given_of(spec, "gamma", "beta")
    y, (mean, variance), grads = pulled(call, spec.dy, given)
    attrs = {"axis": axis, "eps": spec.eps, "update_rate": 1 - momentum, "running_var": "biased"}
    inputs = {**given, "running_mean": spec.mean, "running_var": spec.variance, "mask": mask}
    outputs = {"y": y, "running_mean": mean, "running_var": variance}
    op = "batch_norm_train" if mask is None else "batch_norm_train_masked"
    cases.add(spec.name, op, attrs, inputs, outputs, spec.dy, grads, spec.tol, "nnx.BatchNorm")
    if mask is not None:
        return
    y, _, grads = pulled(lambda values: call(values, False), spec.dy, given)
    inputs = {**given, "mean": spec.mean, "variance": spec.variance}
    attrs = {"axis": axis, "eps": spec.eps}
    name = f"{spec.name}_eval"
    cases.add(name, "batch_norm_inference", attrs, inputs, {"y": y}, spec.dy, grads, spec.tol, "nnx.BatchNorm")


def batch_norm(cases):
    for spec in specs.batch():
        batch_case(cases, spec)
    for shape in [(1, 4), (5, 4), (2, 3, 4), (2, 2, 3, 4)]:
        key = f"bn_last_{specs.named(shape)}"
        batch_case(cases, specs.drawn(key, shape, (4,), "normal", eps=1e-3, affine=True), axis=-1)
    for shape in [(6, 3), (4, 5, 3), (2, 3, 4, 3)]:
        key = f"bn_masked_{specs.named(shape)}_affine"
        spec = specs.drawn(key, shape, (3,), "normal", eps=1e-3, affine=True)
        batch_case(cases, spec, axis=-1, mask=(draw(key + ":mask", shape[:-1]) > -0.2).astype(float))


def simple(cases, spec, op, attrs, make, source, params=("gamma", "beta")):
    def call(values):
        layer = make()
        fill(layer, values)
        return layer(values["x"]), None

    given = given_of(spec, *params)
    y, _, grads = pulled(call, spec.dy, given)
    cases.add(spec.name, op, attrs, given, {"y": y}, spec.dy, grads, spec.tol, f"nnx.{source}")


def last(spec):
    """The question with its channels at the end."""
    spec.x, spec.dy = (np.ascontiguousarray(np.moveaxis(value, 1, -1)) for value in (spec.x, spec.dy))
    return spec


def rows(cases):
    for op, prefix, api, params in [
        ("layer_norm", "ln", nnx.LayerNorm, ("gamma", "beta")),
        ("rms_norm", "rms", nnx.RMSNorm, ("gamma",)),
    ]:
        for spec in specs.layer(prefix, inner=True):
            axes = {"reduction_axes": spec.axes, "feature_axes": spec.axes}
            settings = options(spec, bias=len(params) == 2)
            make = lambda: api(spec.gamma.size, **settings, **axes, rngs=rngs())
            attrs = {"axes": list(spec.axes), "eps": spec.eps}
            simple(cases, spec, op, attrs, make, api.__name__, params)
    for spec in specs.group():
        spec = last(spec)
        make = lambda: nnx.GroupNorm(spec.gamma.size, spec.groups, **options(spec), rngs=rngs())
        attrs = {"axis": -1, "groups": spec.groups, "eps": spec.eps}
        simple(cases, spec, "group_norm", attrs, make, "GroupNorm")
    for spec in specs.instance():
        spec = last(spec)
        make = lambda: nnx.InstanceNorm(spec.gamma.size, **options(spec), rngs=rngs())
        simple(cases, spec, "instance_norm", {"axis": -1, "eps": spec.eps}, make, "InstanceNorm")


def linear(w):
    layer = nnx.Linear(*w.shape, use_bias=False, param_dtype=jnp.float64, rngs=rngs())
    layer.kernel = nnx.Param(w)
    return layer


def weights(cases):
    for shape in [(3, 4), (5, 2), (2, 6)]:
        key = f"weight_norm_{specs.named(shape)}"
        values = {"v": draw(key + ":v", shape), "g": draw(key + ":g", shape[-1:])}

        def call(given):
            layer = nnx.WeightNorm(linear(given["v"]), param_dtype=jnp.float64, rngs=rngs())
            layer.scales = nnx.data({path: given["g"] for path in layer.scales})
            return layer(jnp.eye(shape[0])), None

        dy = draw(key + ":dy", shape)
        w, _, grads = pulled(call, dy, values)
        cases.add(key, "weight_norm", {"dim": 1}, values, {"w": w}, dy, grads, source="nnx.WeightNorm")
    for shape, steps in [((4, 5), 1), ((4, 5), 3), ((6, 3), 1), ((6, 3), 2)]:
        key = f"spectral_{specs.named(shape)}_steps{steps}"
        u, dy, w = draw(key + ":u", (1, shape[1])), draw(key + ":dy", shape), draw(key + ":w", shape)

        def call(given):
            layer = nnx.SpectralNorm(linear(given["w"]), n_steps=steps, param_dtype=jnp.float64, rngs=rngs())
            path = next(path for path in layer.batch_stats if path[-1] == "u")
            layer.batch_stats[path][...] = jnp.asarray(u)
            return layer(jnp.eye(shape[0])), layer.batch_stats[path][...]

        y, after, grads = pulled(call, dy, {"w": w})
        attrs = {"dim": -1, "n_power_iterations": steps, "eps": 1e-12}
        outputs = {"w_sn": y, "u": np.reshape(after, -1)}
        cases.add(key, "spectral_norm", attrs, {"w": w, "u": u[0]}, outputs, dy, grads, source="nnx.SpectralNorm")


def dropped(cases, op, spec, rate, shared=()):
    layer = nnx.Dropout(rate, broadcast_dims=shared)
    key = jax.random.key(3)
    y, _, grads = pulled(lambda given: (layer(given["x"], rngs=key), None), spec.dy, {"x": spec.x})
    mask = (np.asarray(layer(jnp.ones(spec.shape), rngs=key)) > 0).astype(float)
    cell = mask[tuple(slice(0, 1) if axis in shared else slice(None) for axis in range(mask.ndim))]
    attrs = {"rate": rate}
    name = f"{op}_{spec.name}_{rate:g}"
    cases.add(name, op, attrs, {"x": spec.x, "mask": cell}, {"y": y}, spec.dy, grads, source="nnx.Dropout")


def elementwise(cases):
    for spec in specs.elementwise("selu", [(7,), (3, 4), (2, 3, 4)], ("normal", "big", "zero", "tiny")):
        y, _, grads = pulled(lambda given: (nnx.selu(given["x"]), None), spec.dy, {"x": spec.x})
        cases.add(spec.name, "selu", {}, {"x": spec.x}, {"y": y}, spec.dy, grads, source="nnx.selu")
    for spec in specs.elementwise("noise", [(9,), (3, 4), (2, 3, 4), (2, 3, 2, 2)]):
        for rate in (0.2, 0.5, 1.0):
            dropped(cases, "dropout", spec, rate)
    for spec in specs.elementwise("channels", [(3, 2, 4), (2, 2, 3, 4)]):
        for rate in (0.2, 0.5):
            dropped(cases, "spatial_dropout", spec, rate, tuple(range(1, len(spec.shape) - 1)))


def cases():
    made = Cases("flax", flax.__version__)
    batch_norm(made)
    rows(made)
    weights(made)
    elementwise(made)
    return made
