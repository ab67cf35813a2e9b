"""PyTorch, on the CPU."""

import torch
from torch import nn
from torch.nn import functional as F

import specs
from form import Cases, draw

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

BATCH = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
INSTANCE = {3: nn.InstanceNorm1d, 4: nn.InstanceNorm2d, 5: nn.InstanceNorm3d}


def leaf(value):
    return torch.tensor(value, requires_grad=True)


def numbers(value):
    return value.detach().numpy().copy()


def pull(y, dy, **leaves):
    found = torch.autograd.grad(y, list(leaves.values()), torch.tensor(dy).reshape(y.shape))
    return {f"d{name}": numbers(value) for name, value in zip(leaves, found)}


def affine_of(layer, spec, *names):
    """Gives the layer the question's parameters; nothing where it has none."""
    if not spec.affine:
        return {}, {}
    given = {name: getattr(spec, name) for name in names}
    own = {"gamma": layer.weight, "beta": getattr(layer, "bias", None)}
    for name, value in given.items():
        own[name].data = torch.tensor(value)
    return given, {name: own[name] for name in names}


def track(layer, spec):
    layer.running_mean.data = torch.tensor(spec.mean)
    layer.running_var.data = torch.tensor(spec.variance)
    return {"running_mean": spec.mean, "running_var": spec.variance}


def tracked(layer):
    return {"running_mean": numbers(layer.running_mean), "running_var": numbers(layer.running_var)}


def batch_norm(cases):
    for spec in specs.batch():
        api = BATCH[len(spec.shape)]
        for momentum in (0.1, 0.3) if spec.eps == 1e-3 else (0.1,):
            layer = api(spec.shape[1], eps=spec.eps, momentum=momentum, affine=spec.affine)
            given, own = affine_of(layer, spec, "gamma", "beta")
            stats = track(layer, spec)
            x = leaf(spec.x)
            y = layer(x)
            attrs = {"axis": 1, "eps": spec.eps, "update_rate": momentum, "running_var": "unbiased"}
            outputs = {"y": numbers(y), **tracked(layer)}
            grads = pull(y, spec.dy, x=x, **own)
            name = f"{spec.name}_momentum{momentum:g}"
            inputs = {"x": spec.x, **given, **stats}
            source = f"nn.{api.__name__}"
            cases.add(name, "batch_norm_train", attrs, inputs, outputs, spec.dy, grads, spec.tol, source)
        layer.eval()
        track(layer, spec)
        y = layer(x)
        inputs = {"x": spec.x, "mean": spec.mean, "variance": spec.variance, **given}
        attrs = {"axis": 1, "eps": spec.eps}
        grads = pull(y, spec.dy, x=x, **own)
        name = f"{spec.name}_eval"
        cases.add(name, "batch_norm_inference", attrs, inputs, {"y": numbers(y)}, spec.dy, grads, spec.tol, source)
    cumulative(cases)


def cumulative(cases):
    layer = nn.BatchNorm1d(3, momentum=None, affine=False)
    stats = tracked(layer)
    for step in (1, 2, 3):
        x = draw(f"bn_cumulative_{step}", (6, 3))
        y = layer(torch.tensor(x))
        attrs = {"axis": 1, "eps": 1e-5, "momentum": "cumulative", "step": step, "running_var": "unbiased"}
        outputs = {"y": numbers(y), **tracked(layer)}
        name = f"bn_cumulative_step{step}"
        cases.add(name, "batch_norm_train", attrs, {"x": x, **stats}, outputs, source="nn.BatchNorm1d")
        stats = tracked(layer)


def rows(cases, op, prefix, api, params):
    for spec in specs.layer(prefix):
        layer = api([spec.shape[axis] for axis in spec.axes], eps=spec.eps, elementwise_affine=spec.affine)
        given, own = affine_of(layer, spec, *params)
        x = leaf(spec.x)
        y = layer(x)
        attrs = {"axes": list(spec.axes), "eps": spec.eps}
        grads = pull(y, spec.dy, x=x, **own)
        outputs = {"y": numbers(y)}
        source = f"nn.{api.__name__}"
        cases.add(spec.name, op, attrs, {"x": spec.x, **given}, outputs, spec.dy, grads, spec.tol, source)


def group_norm(cases):
    for spec in specs.group():
        layer = nn.GroupNorm(spec.groups, spec.shape[1], eps=spec.eps, affine=spec.affine)
        given, own = affine_of(layer, spec, "gamma", "beta")
        x = leaf(spec.x)
        y = layer(x)
        attrs = {"axis": 1, "groups": spec.groups, "eps": spec.eps, "group_layout": "contiguous"}
        grads = pull(y, spec.dy, x=x, **own)
        inputs = {"x": spec.x, **given}
        cases.add(
            spec.name, "group_norm", attrs, inputs, {"y": numbers(y)}, spec.dy, grads, spec.tol, "nn.GroupNorm"
        )


def instance_norm(cases):
    for spec in specs.instance():
        api = INSTANCE[len(spec.shape)]
        for tracks in (False, True):
            layer = api(spec.shape[1], eps=spec.eps, affine=spec.affine, track_running_stats=tracks)
            given, own = affine_of(layer, spec, "gamma", "beta")
            stats = track(layer, spec) if tracks else {}
            x = leaf(spec.x)
            y = layer(x)
            attrs = {"axis": 1, "eps": spec.eps}
            if tracks:
                attrs |= {"update_rate": 0.1, "running_var": "unbiased per instance, averaged over N"}
            outputs = {"y": numbers(y), **(tracked(layer) if tracks else {})}
            grads = pull(y, spec.dy, x=x, **own)
            name = f"{spec.name}_{'tracked' if tracks else 'untracked'}"
            inputs = {"x": spec.x, **given, **stats}
            cases.add(
                name, "instance_norm", attrs, inputs, outputs, spec.dy, grads, spec.tol, f"nn.{api.__name__}"
            )


def plain(cases, name, op, attrs, spec, function, source):
    """A function of x alone."""
    x = leaf(spec.x)
    y = function(x)
    grads = pull(y, spec.dy, x=x)
    cases.add(name, op, attrs, {"x": spec.x}, {"y": numbers(y)}, spec.dy, grads, spec.tol, source)


def local_response(cases):
    for spec in specs.elementwise("lrn", [(2, 5, 3), (2, 7, 2, 2), (1, 4, 2, 2, 2)]):
        for size, alpha, beta, k in [(1, 1e-4, 0.75, 1.0), (2, 0.5, 0.75, 2.0), (3, 1.0, 0.5, 1.0), (5, 0.3, 1.0, 1.5)]:
            layer = nn.LocalResponseNorm(size, alpha, beta, k)
            attrs = {"axis": 1, "size": size, "alpha": alpha, "beta": beta, "k": k, "alpha_divided_by_size": True}
            plain(cases, f"{spec.name}_size{size}", "lrn", attrs, spec, layer, "nn.LocalResponseNorm")


def lengths(cases):
    for spec in specs.elementwise("length", [(5,), (3, 4), (2, 3, 4), (2, 3, 2, 2)], ("normal", "big", "tiny")):
        for p in (1.0, 2.0, 3.0):
            axis = -1 if len(spec.shape) < 3 else 1
            attrs = {"axis": axis, "p": p, "eps": 1e-12}
            function = lambda x: F.normalize(x, p=p, dim=axis)
            plain(cases, f"{spec.name}_p{p:g}", "lp_normalize", attrs, spec, function, "nn.functional.normalize")
    for spec in specs.elementwise("unit", [(3, 4), (2, 3, 4)], ("normal", "zero row")):
        function = lambda x: F.normalize(x, dim=-1)
        plain(cases, spec.name, "unit_norm", {"axis": -1, "eps": 1e-12}, spec, function, "nn.functional.normalize")


def cases():
    from from_torch_noise import noise
    from from_torch_weights import spectral, weights

    made = Cases("torch", torch.__version__.split("+")[0])
    batch_norm(made)
    rows(made, "layer_norm", "ln", nn.LayerNorm, ("gamma", "beta"))
    rows(made, "rms_norm", "rms", nn.RMSNorm, ("gamma",))
    group_norm(made)
    instance_norm(made)
    local_response(made)
    lengths(made)
    weights(made)
    spectral(made)
    for spec in specs.elementwise("selu", [(7,), (3, 4), (2, 3, 4)], ("normal", "big", "zero", "tiny")):
        plain(made, spec.name, "selu", {}, spec, nn.SELU(), "nn.SELU")
    noise(made)
    return made
