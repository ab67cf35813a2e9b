"""Writes golden/{torch,keras,flax}.json and golden/models/keras_json.json beside this file. Give names to write only those."""

import sys
from importlib import import_module
from pathlib import Path

for name in sys.argv[1:] or ["torch", "keras", "flax", "keras_json"]:
    cases = import_module(f"from_{name}").cases()
    # Models are no cases of a normalization: `pnpm conformance golden/*.json` leaves them out.
    folder = "golden/models" if name == "keras_json" else "golden"
    path = Path(__file__).parent / folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    cases.write(path)
    print(f"{len(cases.list)} cases, {path.stat().st_size} bytes: {path.name}")
