"""Writes golden/safetensors: state dicts of PyTorch as it saves them, each with inputs and outputs in inference mode as JSON."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from form import draw

FOLDER = Path(__file__).parent / "golden" / "safetensors"


class Flat(nn.Sequential):
    """Submodules by name, in order."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)


MODELS = {
    "mlp": (
        Flat(
            first=nn.Linear(5, 6),
            bn=nn.BatchNorm1d(6, eps=1e-3),
            act=nn.ReLU(),
            second=nn.Linear(6, 8, bias=False),
            ln=nn.LayerNorm(8),
            third=nn.Linear(8, 4),
            rms=nn.RMSNorm(4, eps=1e-6),
        ),
        (3, 5),
    ),
    "convnet": (
        Flat(
            conv=nn.Conv2d(3, 4, (3, 2)),
            bn=nn.BatchNorm2d(4),
            depth=nn.Conv2d(4, 8, 2, groups=4, bias=False),
            gn=nn.GroupNorm(2, 8),
            up=nn.ConvTranspose2d(8, 5, 3, stride=2),
            inorm=nn.InstanceNorm2d(5, affine=True),
            separable=Flat(depthwise=nn.Conv2d(5, 10, 2, groups=5, bias=False), pointwise=nn.Conv2d(10, 3, 1)),
            relu=nn.ReLU(),
            flat=nn.Flatten(),
            head=nn.Linear(3 * 8 * 8, 2),
        ),
        (2, 3, 7, 6),
    ),
    "sequence": (
        Flat(conv=nn.Conv1d(3, 4, 3), bn=nn.BatchNorm1d(4), up=nn.ConvTranspose1d(4, 3, 2, stride=2), inner=Flat(gn=nn.GroupNorm(3, 3), conv=nn.Conv1d(3, 2, 2))),
        (2, 3, 8),
    ),
    "volume": (
        Flat(conv=nn.Conv3d(2, 3, 2), bn=nn.BatchNorm3d(3), up=nn.ConvTranspose3d(3, 2, 2, stride=2)),
        (2, 2, 4, 3, 4),
    ),
}


def as_json(array):
    return {"shape": list(array.shape), "data": [float(f"{value:.8g}") for value in array.double().ravel().tolist()]}


for name, (model, shape) in MODELS.items():
    state = model.state_dict()
    for i, (key, value) in enumerate(state.items()):
        if value.is_floating_point():
            kind = "positive" if key.endswith("var") else "normal"
            scale = 1.0 if kind == "positive" else 0.4
            state[key] = torch.tensor(draw(f"safetensors {name} {i}", tuple(value.shape), kind) * scale, dtype=torch.float32)
        else:
            state[key] = torch.tensor(7)
    model.load_state_dict(state)
    model.eval()
    x = torch.tensor(draw(f"safetensors input {name}", shape), dtype=torch.float32)
    with torch.no_grad():
        y = model(x)
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(model.state_dict(), FOLDER / f"{name}.safetensors", metadata={"format": "pt"})
    case = {"torch": torch.__version__, "input": as_json(x), "output": as_json(y)}
    (FOLDER / f"{name}.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")
    print(name, (FOLDER / f"{name}.safetensors").stat().st_size, list(y.shape), np.abs(y.numpy()).max())
