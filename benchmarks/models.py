"""The same Keras weights in every peer's format."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.images.photos import decode_photo, prepare
from builder.model.metadata import Preprocessing
from builder.model.quantize.shards import decode_weights

SIZE = 224
"""Side of the network's input, pixels."""


def make_models(model: Any, site: Path, folder: Path, photos: NDArray[Any]) -> None:
    """Write every peer's files of a Keras MobileNet into `folder`.

    `site` was built from the same model; `photos` [N, 224, 224, 3], 0…255, calibrate int8.
    """
    import tensorflow as tf

    folder.mkdir(parents=True, exist_ok=True)
    model_folder = next((site / "model").iterdir())
    document = json.loads((model_folder / "model.json").read_text(encoding="utf-8"))
    files = {path.name: path.read_bytes() for path in model_folder.iterdir()}
    weights = decode_weights(document["weightsManifest"], files)
    _write_onnx(document["modelTopology"]["node"], weights, folder / "model.onnx")

    scaled = _scaled(model)
    _write_tflite(scaled, folder / "model.tflite")
    _write_tflite(scaled, folder / "model-int8.tflite", lambda: _batches(photos))
    _write_tflite(_of_bytes(scaled), folder / "model-bytes.tflite")

    # As in a page that follows the converter's guide: probabilities, scaling in the page.
    model.export(folder / "saved", verbose=False)
    _convert(folder / "saved", folder / "tfjs")

    # @tensorflow-models/mobilenet wants logits of 1,001 classes, the first of which it drops.
    logits = _logits(model)

    @tf.function(input_signature=[tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)])
    def call(images: Any) -> Any:
        values = logits(images)
        return tf.concat([values[:, :1] * 0.0, values], axis=1)

    module = tf.Module()
    module.kept = logits.variables
    module.call = call
    tf.saved_model.save(module, str(folder / "saved1001"), signatures=call)
    _convert(folder / "saved1001", folder / "tfjs1001")


def read_photos(folder: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return photos as the network sees them [N, 224, 224, 3], 0…255, and their classes [N].

    `folder` has a labels.csv with the columns `file` and `class_index`.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sizes = Preprocessing(input_height=SIZE, input_width=SIZE)
    photos = [prepare(decode_photo((folder / row["file"]).read_bytes()), sizes) for row in rows]
    return np.stack(photos), np.array([int(row["class_index"]) for row in rows])


def _write_onnx(nodes: list[Any], weights: Any, path: Path) -> None:
    from benchmarks.onnx_graph import onnx_model

    path.write_bytes(onnx_model(nodes, weights, SIZE).SerializeToString())


def _scaled(model: Any) -> Any:
    """Return the model with MobileNet's scaling in front: images of 0…255 in."""
    import keras

    images = keras.Input((SIZE, SIZE, 3), batch_size=1)
    return keras.Model(images, model(images / 127.5 - 1.0))


def _of_bytes(model: Any) -> Any:
    """Return the model with an input of bytes, which MediaPipe takes without metadata."""
    import keras

    images = keras.Input((SIZE, SIZE, 3), batch_size=1, dtype="uint8")
    return keras.Model(images, model(keras.ops.cast(images, "float32")))


def _logits(model: Any) -> Any:
    """Return the model without its softmax."""
    import keras

    last = model.layers[-1]
    if getattr(last, "activation", None) is not keras.activations.softmax:
        raise ValueError("the model does not end in a softmax layer")
    return keras.Model(model.inputs, last.input)


def _write_tflite(
    model: Any, path: Path, calibration: Callable[[], Iterator[Any]] | None = None
) -> None:
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if calibration is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = calibration
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    path.write_bytes(converter.convert())


def _batches(photos: NDArray[Any]) -> Iterator[Any]:
    for photo in photos:
        yield [photo[np.newaxis].astype(np.float32)]


def _convert(saved: Path, output: Path) -> None:
    """Run TensorFlow.js's own converter as its guide says."""
    program = "from tensorflowjs.converters.converter import pip_main; pip_main()"
    options = ["--input_format=tf_saved_model", "--output_format=tfjs_graph_model"]
    subprocess.run(
        [sys.executable, "-c", program, *options, str(saved), str(output)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
