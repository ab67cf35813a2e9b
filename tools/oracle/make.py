"""Writes golden/{torch,keras,flax,keras_json}.json beside this file. Give names to write only those."""

import sys
from importlib import import_module
from pathlib import Path

for name in sys.argv[1:] or ["torch", "keras", "flax", "keras_json"]:
    cases = import_module(f"from_{name}").cases()
    path = Path(__file__).parent / "golden" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    cases.write(path)
    print(f"{len(cases.list)} cases, {path.stat().st_size} bytes: {path.name}")
