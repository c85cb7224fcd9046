"""What int8 weights cost in accuracy and save in bytes, on photos with labels."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.models import read_photos
from builder.bench.host import compressed

_MODELS = ("model", "model-int8")


def int8_figures(models: Path, photos: Path) -> dict[str, Any]:
    """Return accuracy and size of the TensorFlow Lite models that `convert` wrote."""
    images, truth = read_photos(photos)
    answers = {name: _answers(models / f"{name}.tflite", images) for name in _MODELS}
    reference = answers["model"].argmax(axis=1)
    figures = {}
    for name, probabilities in answers.items():
        path = models / f"{name}.tflite"
        order = np.argsort(-probabilities, axis=1)
        figures[name] = {
            "bytes": path.stat().st_size,
            "brotli": len(compressed(path.read_bytes())),
            "top1": float((order[:, 0] == truth).mean()),
            "top5": float((order[:, :5] == truth[:, np.newaxis]).any(axis=1).mean()),
            "agreement": float((order[:, 0] == reference).mean()),
        }
    return {"photos": len(truth), "models": figures}


def _answers(path: Path, images: NDArray[Any]) -> NDArray[Any]:
    """Run TensorFlow Lite's own interpreter, whose kernels LiteRT.js compiles to WebAssembly."""
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    rows = []
    for image in images:
        interpreter.set_tensor(source["index"], image[np.newaxis].astype(np.float32))
        interpreter.invoke()
        rows.append(interpreter.get_tensor(target["index"])[0].copy())
    return np.stack(rows)
