"""Exports as Teachable Machine's image projects make them: heads on MobileNet's features."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.images.photos import decode_photo, prepare
from builder.model.images.preprocessing import LUMINANCE
from builder.model.metadata import Preprocessing

_EXAMPLES = 60
"""Photos of each class that a head learns from."""


@dataclass(frozen=True)
class Export:
    """One export to make."""

    name: str
    title: str
    """For the table."""
    size: int
    """Side of the input, pixels."""
    classes: int
    grayscale: bool = False


EXPORTS = (
    Export("color", "224 px, color, 6 classes", 224, 6),
    Export("gray", "96 px, gray, 6 classes", 96, 6, grayscale=True),
    Export("two", "224 px, color, 2 classes", 224, 2),
)


def write_export(export: Export, weights: Path, examples: Path, folder: Path) -> None:
    """Train an export on photos in `examples`, one folder a class, and write it into `folder`."""
    folders = sorted(path for path in examples.iterdir() if path.is_dir())
    chosen = folders[:: len(folders) // export.classes][: export.classes]
    files = [
        (path, index)
        for index, place in enumerate(chosen)
        for path in sorted(place.rglob("*.[jJ][pP]*"))[:_EXAMPLES]
    ]
    images = np.concatenate([_input_of(path, export) for path, _ in files])
    model = _trained(export, weights, images, np.array([index for _, index in files]))
    _save(model, export, [f"{place.name}" for place in chosen], folder)


def _input_of(path: Path, export: Export) -> NDArray[Any]:
    """Return what its library makes of a photo: [1, size, size, 1 or 3]."""
    way = Preprocessing(export.size, export.size, crop_fraction=1.0, resampling="canvas")
    pixels = np.floor(prepare(decode_photo(path), way))
    if export.grayscale:
        pixels = (pixels @ np.array(LUMINANCE))[..., np.newaxis]
    return np.asarray(pixels[np.newaxis] / 127 - 1, np.float32)


def _trained(export: Export, weights: Path, images: Any, truth: NDArray[Any]) -> Any:
    import tensorflow as tf
    import tf_keras as keras

    keras.utils.set_random_seed(1)
    layers, side = keras.layers, export.size
    channels = 1 if export.grayscale else 3
    whole = keras.applications.MobileNet((224, 224, 3), alpha=0.25, weights=str(weights))
    bare = keras.applications.MobileNet((side, side, channels), alpha=0.25, weights=None)
    for own, source in zip(bare.weights, whole.weights, strict=True):
        value = source.numpy()
        # Of a gray picture, all three channels are the same.
        own.assign(value if own.shape == value.shape else value.sum(2, keepdims=True))
    features = keras.Model(bare.inputs, bare.get_layer("conv_pw_13_relu").output)
    base = keras.Sequential([features, layers.GlobalAveragePooling2D()])
    head = keras.Sequential(
        [
            layers.Dense(100, activation="relu", input_shape=(base.output_shape[-1],)),
            layers.Dense(export.classes, activation="softmax", use_bias=False),
        ]
    )
    head.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    head.fit(base.predict(images, verbose=0), truth, epochs=50, batch_size=16, verbose=0)
    tf.keras.backend.clear_session()
    return keras.Sequential([base, head])


def _save(model: Any, export: Export, labels: list[str], folder: Path) -> None:
    """Write the layers model: model.json, weights.bin and metadata.json."""
    folder.mkdir(parents=True)
    variables = model.weights
    entries = [
        {"name": variable.name.split(":")[0], "shape": list(variable.shape), "dtype": "float32"}
        for variable in variables
    ]
    content = b"".join(np.asarray(variable, np.float32).tobytes() for variable in variables)
    (folder / "weights.bin").write_bytes(content)
    document = {
        "modelTopology": json.loads(model.to_json()),
        "weightsManifest": [{"paths": ["weights.bin"], "weights": entries}],
    }
    (folder / "model.json").write_text(json.dumps(document), encoding="utf-8")
    metadata = {
        "tfjsVersion": "1.7.4",
        "tmVersion": "2.4.10",
        "packageVersion": "0.8.5",
        "packageName": "@teachablemachine/image",
        "modelName": f"tm-{export.name}",
        "labels": labels,
        "imageSize": export.size,
        "grayscale": export.grayscale,
    }
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
