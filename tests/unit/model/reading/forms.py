"""Small models in every form that people have them in, saved once."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reference_images import reference_images
from builder.model.convert import convert_graph
from builder.model.network.inference import inference_model
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.unit.model.conftest import source_of

NAMES = ("ash", "birch", "cedar")


def keras3_model() -> Any:
    """Return a small classifier of Keras 3 with batch norm, pooling and softmax."""
    keras = import_keras()
    return _classifier(keras)


def keras2_model() -> Any:
    """Return the same network, made by Keras 2."""
    tensorflow()
    import tf_keras

    return _classifier(tf_keras)


def _classifier(keras: Any) -> Any:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    inputs = keras.Input((20, 24, 3))
    x = layers.Conv2D(8, 3, strides=2, use_bias=False)(inputs)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv2D(3)(x)
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(x))
    rng = np.random.default_rng(3)
    weights = [w + rng.uniform(0.0, 0.5, w.shape) for w in model.get_weights()]
    model.set_weights(weights)
    return model


def save_operations2(place: Path) -> None:
    """Write a model of Keras 2 that has TensorFlow's functions as layers, and a nested model."""
    tf = tensorflow()
    import tf_keras

    tf_keras.utils.set_random_seed(5)
    layers = tf_keras.layers
    inputs = tf_keras.Input((20, 24, 3))
    x = 3.0 - (inputs / 127.5 - 1.0)[:, :, :, ::-1]
    x = tf.nn.bias_add(tf.concat([x, tf.nn.relu(x)], -1), tf.constant([1.0, 2, 3, 4, 5, 6]))
    x = tf.pad(tf.clip_by_value(x, -3.0, 3.0), [[0, 0], [1, 1], [1, 1], [0, 0]])
    x = tf.reshape(tf.image.resize(x, [8, 8]), (-1, 8, 8, 6))
    block = tf_keras.Sequential([layers.Conv2D(6, 3, padding="same"), layers.ReLU(6.0)])
    x = tf.reduce_mean(block(block(x)), axis=[1, 2])
    tf_keras.Model(inputs, layers.Dense(3, activation="softmax")(x)).save(place)


def save_operations3(place: Path) -> None:
    """Write a model of Keras 3 that has operations between its layers, and a nested model."""
    keras = import_keras()
    keras.utils.set_random_seed(5)
    layers, ops = keras.layers, keras.ops
    inputs = keras.Input((20, 24, 3))
    x = 3.0 - (inputs / 127.5 - 1.0)[..., ::-1]
    x = ops.clip(ops.concatenate([x, ops.relu(x)], -1), -3.0, 3.0)
    x = ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])
    block = keras.Sequential([layers.Conv2D(6, 3, padding="same"), layers.ReLU(6.0)])
    x = ops.mean(block(block(x)), axis=[1, 2])
    keras.Model(inputs, layers.Dense(3, activation="softmax")(x)).save(place)


def _save_graph(place: Path) -> None:
    place.mkdir()
    converted = convert_graph(inference_model(source_of(keras3_model())))
    # What the network takes: its scaling is not in the graph.
    graph = converted.emit("float16", reference_images(20, 24) / 255)
    for name, content in graph.files.items():
        (place / name).write_bytes(content)


def save_layers_model(place: Path, **metadata: Any) -> None:
    """Write a layers model as Teachable Machine does: weights in one file, without scopes."""
    place.mkdir()
    model = keras2_model()
    variables = [variable for layer in model.layers for variable in layer.weights]
    entries = [
        {"name": v.name.split(":")[0], "shape": list(v.shape), "dtype": "float32"}
        for v in variables
    ]
    (place / "weights.bin").write_bytes(b"".join(v.numpy().tobytes() for v in variables))
    document = {
        "modelTopology": {"model_config": json.loads(model.to_json())},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": entries}],
    }
    (place / "model.json").write_text(json.dumps(document), encoding="utf-8")
    if metadata:
        (place / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def save_teachable_machine(place: Path) -> None:
    """Write what Teachable Machine exports for TensorFlow.js, as a folder."""
    save_layers_model(
        place,
        tmVersion="2.4.10",
        packageName="@teachablemachine/image",
        modelName="my-image-model",
        labels=list(NAMES),
        imageSize=20,
    )


def _zipped(save: Callable[[Path], None]) -> Callable[[Path], None]:
    def save_zipped(place: Path) -> None:
        folder = place.with_name(f"{place.name}-folder")
        save(folder)
        with zipfile.ZipFile(place, "w") as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, file.relative_to(folder))

    return save_zipped


def _save_keras_export(place: Path) -> None:
    place.mkdir()
    keras2_model().save(place / "keras_model.h5")
    (place / "labels.txt").write_text("0 ash\n1 birch\n2 cedar\n", encoding="utf-8")


SAVERS: dict[str, Callable[[Path], None]] = {
    "keras2.h5": lambda place: keras2_model().save(place),
    "keras2.keras": lambda place: keras2_model().save(place),
    "keras3.h5": lambda place: keras3_model().save(place),
    "keras3.keras": lambda place: keras3_model().save(place),
    "saved_model": lambda place: keras3_model().export(place, verbose=False),
    "saved_model2": lambda place: keras2_model().save(place, save_format="tf"),
    "graph": _save_graph,
    "layers": save_layers_model,
    "teachable": save_teachable_machine,
    "teachable.zip": _zipped(save_teachable_machine),
    "converted_keras.zip": _zipped(_save_keras_export),
}

FORMS = tuple(SAVERS)
"""Forms of the same classifier."""

OTHERS: dict[str, Callable[[Path], None]] = {
    "operations2.keras": save_operations2,
    "operations2.h5": save_operations2,
    "operations3.keras": save_operations3,
    "operations3.h5": save_operations3,
}
"""Classifiers of other kinds."""
