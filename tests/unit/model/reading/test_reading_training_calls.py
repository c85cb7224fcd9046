"""Layers that a model calls with `training=True`: as `predict` has them, or refused by name."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.network.operators import browser_operators
from builder.model.reading.keras2 import read_keras2_config
from builder.model.reading.saved_model import read_saved_model
from builder.model.setup import keras as import_keras
from builder.model.setup import silenced, tensorflow
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import source_of

keras, tf = import_keras(), tensorflow()


def _model(maker: Any, front: Callable[[Any], Any]) -> Any:
    """Return a classifier made by Keras 2 or 3, with `front` before its pooling."""
    maker.utils.set_random_seed(1)
    inputs = maker.Input((12, 12, 3))
    x = front(maker.layers.Conv2D(4, 3)(inputs))
    x = maker.layers.GlobalAveragePooling2D()(x)
    model = maker.Model(inputs, maker.layers.Dense(3, activation="softmax")(x))
    model.set_weights([weight + 0.3 for weight in model.get_weights()])
    return model


def _inner(maker: Any) -> Any:
    inputs = maker.Input((10, 10, 4))
    return maker.Model(inputs, maker.layers.BatchNormalization(name="deep")(inputs), name="inner")


FRONTS: dict[str, Callable[[Any, Any], Any]] = {
    "norm": lambda k, x: k.layers.BatchNormalization(name="norm")(x, training=True),
    "drop": lambda k, x: k.layers.Dropout(0.5, name="drop")(x, training=True),
    "inner": lambda k, x: _inner(k)(x, training=True),
}


def _load(model: Any, folder: Path, name: str = "model.keras") -> tuple[SourceModel, list[str]]:
    with warnings.catch_warnings():  # Both versions find HDF5 old.
        warnings.simplefilter("ignore")
        model.save(folder / name)
    (folder / "names.txt").write_text("ash\nbirch\ncedar\n", encoding="utf-8")
    told: list[str] = []
    config = SiteConfig(model=str(folder / name), labels=folder / "names.txt", preprocessing="0-1")
    return load_source(config, told.append), told


@pytest.mark.parametrize("name", FRONTS)
def test_keras_3_predicts_as_if_nothing_were_in_training(name: str, tmp_path: Path) -> None:
    model = _model(keras, lambda x: FRONTS[name](keras, x))
    source, told = _load(model, tmp_path)
    assert told == [
        f"The model calls '{name}' with training=True. As Keras's own predict does, the app"
        " ignores that."
    ]
    image = np.random.default_rng(0).uniform(0, 255, (1, 12, 12, 3)).astype(np.float32)
    answers = inference_model(source)(image)["probabilities"]
    np.testing.assert_allclose(answers, model.predict(image / 255, verbose=0), atol=1e-6)


def test_arguments_may_be_given_by_name(tmp_path: Path) -> None:
    def front(x: Any) -> Any:
        x = keras.layers.Dropout(0.5)(inputs=x, training=False)
        x = keras.layers.BatchNormalization()(inputs=x)
        return keras.Sequential([keras.Input((10, 10, 4)), keras.layers.ReLU()])(inputs=x)

    source, told = _load(_model(keras, front), tmp_path)
    assert told == []
    graph = convert(inference_model(source), "none")
    assert measure_parity(graph, source).max_probability_difference < 1e-6


@pytest.mark.parametrize(("name", "layer"), [("norm", "norm"), ("drop", "drop"), ("inner", "deep")])
def test_keras_2_keeps_to_it_and_is_refused_by_the_layers_name(name: str, layer: str) -> None:
    import tf_keras

    model = _model(tf_keras, lambda x: FRONTS[name](tf_keras, x))
    weights = {v.name.split(":")[0]: v.numpy() for v in model.weights}
    with pytest.raises(ModelError, match=rf"{layer}' of a\.json .*without training=True"):
        read_keras2_config(json.loads(model.to_json()), weights, Path("a.json"))


@pytest.mark.parametrize("name", ["norm", "drop"])
def test_keras_3_reads_no_file_of_keras_2_otherwise(name: str, tmp_path: Path) -> None:
    import tf_keras

    model = _model(tf_keras, lambda x: FRONTS[name](tf_keras, x))
    with pytest.raises(ModelError, match=rf"{name}' of .*model\.h5 .*without training=True"):
        _load(model, tmp_path, "model.h5")
    model = _model(keras, lambda x: FRONTS[name](keras, x))
    assert "As Keras's own predict does" in _load(model, tmp_path, "model.h5")[1][0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("norm", r"changes variables while it runs \(at '.*norm'\).*training=True"),
        ("drop", r"The layer '.*drop/.*' of .* works at random also when it classifies"),
    ],
)
def test_a_saved_model_is_refused_by_the_layers_name(name: str, said: str, tmp_path: Path) -> None:
    import tf_keras

    model = _model(tf_keras, lambda x: FRONTS[name](tf_keras, x))
    with silenced():
        model.save(tmp_path / "saved", save_format="tf")
    with pytest.raises(ModelError, match=said):
        read_saved_model(tmp_path / "saved")


def test_an_operation_that_the_browser_lacks_is_named() -> None:
    assert "Roll" not in browser_operators()
    model = _model(keras, lambda x: keras.ops.roll(x, 1, axis=1))
    with pytest.raises(ModelError, match=r"lacks Roll \(in the layer 'roll"):
        convert(inference_model(source_of(model)))


@pytest.mark.parametrize(
    "front",
    [
        lambda x: keras.layers.MultiHeadAttention(2, 3)(*[keras.layers.Reshape((25, 16))(x)] * 2),
        lambda x: keras.layers.Attention()([keras.layers.Reshape((25, 16))(x)] * 2),
        lambda x: keras.layers.EinsumDense("abc,cd->abd", (None, 8))(
            keras.layers.Reshape((25, 16))(x)
        ),
        lambda x: keras.layers.Reshape((4, 100))(keras.ops.image.extract_patches(x, 5)),
    ],
    ids=["multi-head", "dot-product", "einsum-dense", "patches"],
)
def test_attention_answers_as_keras_does(front: Callable[[Any], Any]) -> None:
    def tokens(x: Any) -> Any:
        return keras.layers.Reshape((1, -1, 4))(keras.layers.Flatten()(front(x)))

    source = source_of(_model(keras, tokens), rescale_factor=1 / 255)
    graph = convert(inference_model(source), "none")
    operators = {node["op"] for node in graph.document["modelTopology"]["node"]}
    assert operators <= browser_operators()
    parity = measure_parity(graph, source)
    assert parity.max_probability_difference < 1e-5
