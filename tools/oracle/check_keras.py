"""Opens `.keras` files that normlab wrote in real Keras 3 and compares their outputs to 1e-5. The hashes of those that pass
become golden/models/keras_written.json, against which a test holds what is written later.

    node -C @normlab/source packages/tfjs-layers/test/writeKerasFiles.ts FOLDER
    .venv/bin/python tools/oracle/check_keras.py FOLDER
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import json
import sys
from pathlib import Path

import keras
import numpy as np

hashes, failed = {}, []
for path in sorted(Path(sys.argv[1]).glob("*.keras")):
    case = json.loads(path.with_suffix(".json").read_text())
    try:
        model = keras.models.load_model(path)
        inputs = [np.reshape(np.asarray(x["data"], "float32"), x["shape"]) for x in case["inputs"]]
        got = keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))
        errors = [
            np.abs(np.asarray(y) - np.reshape(want["data"], want["shape"])).max() / max(1e-3, np.abs(want["data"]).max())
            for y, want in zip(got, case["outputs"], strict=True)
        ]
        worst = max(errors)
        problem = None if worst <= 1e-5 else f"error {worst:.1e}"
    except Exception as error:
        problem = f"{type(error).__name__}: …{str(error)[-500:]}"
    if problem:
        failed.append(path.stem)
        print(f"FAILED {path.stem}: {problem}")
    else:
        hashes[path.stem] = case["hash"]
        print(f"ok {path.stem}: {worst:.1e}")
print(f"{len(hashes)} ok, {len(failed)} failed, Keras {keras.__version__}")
if failed:
    sys.exit(1)
golden = {"keras": keras.__version__, "hashes": hashes}
(Path(__file__).parent / "golden" / "models" / "keras_written.json").write_text(json.dumps(golden, indent=2) + "\n")
