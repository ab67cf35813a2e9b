"""PyTorch's dropouts, with the mask that was drawn."""

import torch
from torch import nn

import specs
from from_torch import leaf, numbers, pull


def same_draw(layer, x):
    torch.manual_seed(7)
    return layer(x)


def dropped(cases, op, layer, spec, attrs, shared, source):
    """`shared`: axes along which one draw serves all."""
    x = leaf(spec.x)
    y = same_draw(layer, x)
    alpha = "alpha" in op
    probe = same_draw(layer, torch.zeros(spec.shape) if alpha else torch.ones(spec.shape))
    mask = numbers(probe > 0).astype(float)
    cell = mask[tuple(slice(0, 1) if axis in shared else slice(None) for axis in range(mask.ndim))]
    if (mask != cell).any():
        raise ValueError(f"{source}: the draw is not shared along {shared}")
    inputs, outputs = {"x": spec.x, "mask": cell}, {"y": numbers(y)}
    name = f"{op}_{spec.name}_rate{attrs['rate']:g}"
    cases.add(name, op, attrs, inputs, outputs, spec.dy, pull(y, spec.dy, x=x), source=source)


def noise(cases):
    for spec in specs.elementwise("noise", [(9,), (3, 4), (2, 3, 4), (2, 3, 2, 2)]):
        for rate in (0.0, 0.2, 0.5, 1.0):
            dropped(cases, "dropout", nn.Dropout(rate), spec, {"rate": rate}, (), "nn.Dropout")
            if rate:
                dropped(cases, "alpha_dropout", nn.AlphaDropout(rate), spec, {"rate": rate}, (), "nn.AlphaDropout")
    layers = {3: nn.Dropout1d, 4: nn.Dropout2d, 5: nn.Dropout3d}
    for spec in specs.elementwise("channels", [(3, 4, 2), (2, 4, 2, 3), (2, 4, 1, 2, 2)]):
        shared = tuple(range(2, len(spec.shape)))
        for rate in (0.2, 0.5):
            api, attrs = layers[len(spec.shape)], {"rate": rate, "axis": 1}
            dropped(cases, "spatial_dropout", api(rate), spec, attrs, shared, f"nn.{api.__name__}")
            layer = nn.FeatureAlphaDropout(rate)
            dropped(cases, "feature_alpha_dropout", layer, spec, attrs, shared, "nn.FeatureAlphaDropout")
    for spec in specs.elementwise("noise_eval", [(3, 4)]):
        attrs = {"rate": 0.5, "training": False}
        for op, layer in [("dropout", nn.Dropout()), ("alpha_dropout", nn.AlphaDropout())]:
            dropped(cases, op, layer.eval(), spec, attrs, (), f"nn.{type(layer).__name__}")
