"""PyTorch's weight and spectral normalization."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, spectral_norm

import specs
from form import draw
from from_torch import numbers, pull


def weights(cases):
    for shape, dim in [((3, 4), 0), ((3, 4), 1), ((3, 4), None), ((4, 3, 2), 0), ((3, 2, 2, 2), 1), ((2, 1), 0)]:
        key = f"weight_norm_{specs.named(shape)}_dim{dim}"
        holder = nn.Module()
        holder.weight = nn.Parameter(torch.tensor(draw(key + ":v", shape)))
        parametrizations.weight_norm(holder, "weight", dim)
        g, v = holder.parametrizations.weight.original0, holder.parametrizations.weight.original1
        g.data = torch.tensor(draw(key + ":g", tuple(g.shape)))
        dy = draw(key + ":dy", shape)
        w = holder.weight
        inputs, outputs = {"v": numbers(v), "g": numbers(g)}, {"w": numbers(w)}
        grads = pull(w, dy, v=v, g=g)
        source = "nn.utils.parametrizations.weight_norm"
        cases.add(key, "weight_norm", {"dim": dim}, inputs, outputs, dy, grads, source=source)


def spectral(cases):
    for shape, dim in [((4, 5), 0), ((4, 5), 1), ((3, 2, 2), 0), ((2, 3, 2, 2), 1)]:
        for steps, training in [(1, True), (3, True), (1, False)]:
            for vectors_first in "uv":
                spectral_one(cases, shape, dim, steps, training, vectors_first)


def spectral_one(cases, shape, dim, steps, training, first):
    key = f"spectral_{specs.named(shape)}_dim{dim}_steps{steps}_{'train' if training else 'eval'}"
    unit = lambda name, size: F.normalize(torch.tensor(draw(f"{key}:{name}", (size,))), dim=0)
    u, v = unit("u", shape[dim]), unit("v", int(np.prod(shape)) // shape[dim])
    holder = nn.Module()
    holder.weight = nn.Parameter(torch.tensor(draw(key + ":w", shape)))
    holder.forward = lambda x: x
    dy = draw(key + ":dy", shape)
    attrs = {"dim": dim, "n_power_iterations": steps, "eps": 1e-12, "training": training}
    if first == "v":
        spectral_norm(holder, "weight", steps, 1e-12, dim)
        orig, state, source = holder.weight_orig, (holder.weight_u, holder.weight_v), "nn.utils.spectral_norm"
    else:
        attrs["order"] = "u first"
        parametrizations.spectral_norm(holder, "weight", steps, 1e-12, dim)
        power = holder.parametrizations.weight[0]
        orig, state = holder.parametrizations.weight.original, (power._u, power._v)
        source = "nn.utils.parametrizations.spectral_norm"
    for buffer, value in zip(state, (u, v)):
        buffer.data.copy_(value)
    holder.train(training)
    inputs = {"w": numbers(orig), "u": numbers(u), "v": numbers(v)}
    if first == "v":
        holder(torch.zeros(1))
    w = holder.weight
    outputs = {"w_sn": numbers(w), "u": numbers(state[0]), "v": numbers(state[1])}
    grads = pull(w, dy, w=orig)
    cases.add(f"{key}_{first}_first", "spectral_norm", attrs, inputs, outputs, dy, grads, source=source)
