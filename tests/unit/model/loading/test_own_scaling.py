"""Photos are scaled once, wherever a model has its scaling, and a guess is said to be one."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.describe import describe
from builder.model.emitted import EmittedModel
from builder.model.images.preprocessing import scale as scale_photos
from builder.model.loading.load import load_source
from builder.model.metadata import Rights
from builder.model.metadata_json import write_metadata
from builder.model.network.inference import inference_model
from builder.model.quantize.choice import require_parity
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import refuse_warnings, source_of

keras = import_keras()
tf = tensorflow()
IMAGES = reference_images(32, 32)[:4]


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.txt"
    path.write_text("ash\nbirch\ncedar\n", encoding="utf-8")
    return path


def network(kind: Any, before: Callable[[Any], Any], name: str = "mobilenetv2_0.35_32") -> Any:
    """Return a small classifier made by Keras 3 or Keras 2 (`kind`), called like one of theirs."""
    kind.utils.set_random_seed(5)
    layers = [kind.Input((32, 32, 3)), kind.layers.Conv2D(4, 3, activation="relu")]
    body = kind.Sequential(layers, name=name)
    inputs = kind.Input((32, 32, 3))
    pooled = kind.layers.GlobalAveragePooling2D()(body(before(inputs)))
    return kind.Model(inputs, kind.layers.Dense(3, activation="softmax")(pooled))


def _keras3(folder: Path) -> tuple[Path, Any]:
    model = network(keras, keras.applications.mobilenet_v2.preprocess_input)
    model.save(folder / "inside.keras")
    return folder / "inside.keras", model


def _keras2(folder: Path) -> tuple[Path, Any]:
    import tf_keras

    model = network(tf_keras, tf_keras.applications.mobilenet_v2.preprocess_input)
    with warnings.catch_warnings():  # Keras 2 finds its own format old.
        warnings.simplefilter("ignore")
        model.save(folder / "inside.h5")
    return folder / "inside.h5", model


def _saved_model(folder: Path) -> tuple[Path, Any]:
    model = network(keras, lambda images: images / 127.5 - 1.0)
    model.export(folder / "saved", verbose=False)
    return folder / "saved", model


def _own_site(folder: Path) -> tuple[Path, Any]:
    """Return a model that this package has converted, its scaling inside."""
    model = network(keras, lambda images: images)
    source = source_of(model, rescale_factor=1 / 127.5, image_mean=(1.0, 1.0, 1.0))
    for name, content in convert(inference_model(source), "none").files.items():
        (folder / name).write_bytes(content)
    return folder / "model.json", lambda images: model(images / 127.5 - 1)


FORMS = {"keras 3": _keras3, "keras 2": _keras2, "saved model": _saved_model, "site": _own_site}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_model_does_itself_is_not_done_again(form: str, tmp_path: Path, three: Path) -> None:
    path, model = FORMS[form](tmp_path)
    source = load_source(SiteConfig(model=str(path), labels=three), refuse_warnings)
    assert source.scaling_origin == "graph"
    assert source.scaling_reason.startswith("the model turns 0…255 into -1…1 by itself (")
    answers = source.keras_model(scale_photos(IMAGES, source.preprocessing))
    np.testing.assert_allclose(answers, model(IMAGES), atol=1e-5)


@pytest.mark.parametrize(
    "scale",
    [
        lambda images: tf.gather(images, [2, 1, 0], axis=-1) / 255.0,
        lambda images: tf.image.rgb_to_grayscale(images) / 255.0,
        lambda images: 1.0 - images / 255.0,
    ],
    ids=["BGR", "gray", "negative"],
)
def test_functions_of_tensorflow_in_keras_2_are_followed(
    scale: Callable[[Any], Any], tmp_path: Path, three: Path
) -> None:
    import tf_keras

    inputs = tf_keras.Input((32, 32, 3))
    features = tf_keras.layers.Conv2D(4, 3, activation="relu")(scale(inputs))
    pooled = tf_keras.layers.GlobalAveragePooling2D()(features)
    model = tf_keras.Model(inputs, tf_keras.layers.Dense(3, activation="softmax")(pooled))
    with warnings.catch_warnings():  # Keras 2 finds its own format old.
        warnings.simplefilter("ignore")
        model.save(tmp_path / "inside.h5")
    config = SiteConfig(model=str(tmp_path / "inside.h5"), labels=three)
    source = load_source(config, refuse_warnings)
    assert source.scaling_reason.startswith("the model turns 0…255 into 0…1 by itself (")
    answers = source.keras_model(scale_photos(IMAGES, source.preprocessing))
    np.testing.assert_allclose(answers, model(IMAGES), atol=1e-5)


def test_a_graph_of_tf_hub_gets_what_it_wants(tmp_path: Path, three: Path) -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 3, 3, 3)).astype(np.float32)

    class Hub(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec((None, 32, 32, 3), tf.float32)])
        def __call__(self, images: Any) -> Any:
            with tf.name_scope("module/hub_input"):
                scaled = tf.subtract(tf.multiply(images, 2.0, name="Mul"), 1.0, name="Sub")
            with tf.name_scope("MobilenetV2"):
                return tf.nn.softmax(
                    tf.reduce_mean(tf.nn.conv2d(scaled, kernel, 2, "SAME"), (1, 2))
                )

    tf.saved_model.save(Hub(), str(tmp_path / "hub"))
    source = load_source(SiteConfig(model=str(tmp_path / "hub"), labels=three), refuse_warnings)
    assert source.preprocessing.rescale_factor == 1 / 255
    assert source.scaling_reason == (
        "the model turns 0…1 into -1…1 by itself (hub_input/Mul, hub_input/Sub)"
    )


def test_a_division_merged_into_the_first_convolution_is_inferred(
    tmp_path: Path, three: Path
) -> None:
    """TensorFlow.js's converter does so with `x / 255`."""
    model = network(keras, lambda images: images)
    source = source_of(model, rescale_factor=1 / 255)
    for name, content in convert(inference_model(source), "none").files.items():
        (tmp_path / name).write_bytes(content)
    config = SiteConfig(model=str(tmp_path / "model.json"), labels=three)
    loaded = load_source(config, refuse_warnings)
    assert (loaded.scaling_origin, loaded.preprocessing.rescale_factor) == ("inference", 1.0)
    assert "the weights of '" in loaded.scaling_reason
    answers = loaded.keras_model(scale_photos(IMAGES, loaded.preprocessing))
    np.testing.assert_allclose(answers, model(IMAGES / 255), atol=1e-5)


def test_a_model_of_ours_tells_all_of_itself(tmp_path: Path) -> None:
    model = network(keras, lambda images: images)
    source = source_of(model, rescale_factor=1 / 255, crop_fraction=1.0, fit="pad")
    rights = Rights("MIT", "https://example.org/", "By Ash & Oak")
    provenance = replace(source.provenance, rights=rights)
    source = replace(source, labels=("ash", "birch", "cedar"), provenance=provenance)
    graph = convert(inference_model(source), "none")
    metadata = write_metadata(describe(source, graph, measure_parity(graph, source)))
    for name, content in {**graph.files, "metadata.json": metadata}.items():
        (tmp_path / name).write_bytes(content)
    loaded = load_source(SiteConfig(model=str(tmp_path)), refuse_warnings)
    assert loaded.labels == source.labels
    assert (loaded.scaling_origin, loaded.preprocessing.rescale_factor) == ("record", 1.0)
    assert (loaded.preprocessing.fit, loaded.preprocessing.crop_fraction) == ("pad", 1.0)
    assert loaded.geometry_reason == "as an earlier build put it into the graph"
    assert loaded.provenance.rights == rights


def load(model: Any, folder: Path, labels: Path) -> tuple[SourceModel, list[str]]:
    model.save(folder / "model.keras")
    warnings: list[str] = []
    config = SiteConfig(model=str(folder / "model.keras"), labels=labels)
    return load_source(config, warnings.append), warnings


def test_a_name_counts_only_where_nothing_else_tells(tmp_path: Path, three: Path) -> None:
    plain, told = load(network(keras, lambda images: images), tmp_path, three)
    assert (plain.scaling_origin, plain.preprocessing.rescale_factor) == ("inference", 1 / 127.5)
    assert told == []
    scaled, _ = load(network(keras, keras.layers.Rescaling(1 / 255)), tmp_path, three)
    assert (scaled.scaling_origin, scaled.preprocessing.rescale_factor) == ("graph", 1.0)


def test_a_network_built_without_its_own_scaling_gets_it_from_us(
    tmp_path: Path, three: Path
) -> None:
    for name, factor in (("MobileNetV3Small", 1 / 127.5), ("efficientnetv2-b0", 1 / 255)):
        source, _ = load(network(keras, lambda images: images, name), tmp_path, three)
        assert source.scaling_origin == "inference"
        assert source.preprocessing.rescale_factor == factor


def test_a_rescaling_of_logits_is_none_of_photos(tmp_path: Path, three: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            keras.layers.Conv2D(4, 3),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
            keras.layers.Rescaling(0.5),
        ]
    )
    source, told = load(model, tmp_path, three)
    assert source.scaling_origin == "guess"
    assert len(told) == 1
    assert "Photos are scaled to 0…1 for model.keras: nothing in the model shows it" in told[0]


def test_a_range_that_cannot_be_told_is_a_guess(tmp_path: Path, three: Path) -> None:
    model = network(keras, keras.layers.Rescaling(1e5))
    source, told = load(model, tmp_path, three)
    assert (source.scaling_origin, source.preprocessing.rescale_factor) == ("guess", 1.0)
    assert (
        "Photos are scaled to 0…255 for model.keras: the model changes values by itself ("
        in told[0]
    )


@pytest.mark.parametrize("form", ["keras", "saved model"])
def test_an_input_without_a_channel_gets_one(form: str, tmp_path: Path, three: Path) -> None:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    path = tmp_path / ("digits.keras" if form == "keras" else "digits")
    if form == "keras":
        model.save(path)
    else:
        model.export(path, verbose=False)
    source = load_source(SiteConfig(model=str(path), labels=three), refuse_warnings)
    size = source.preprocessing
    assert (size.input_height, size.input_width, size.channels, size.grayscale) == (28, 28, 1, True)
    assert source.scaling_origin == "graph"
    graph = convert(inference_model(source), "none")
    require_parity(measure_parity(graph, source), "none")
    gray = np.repeat(reference_images(28, 28)[:2, ..., :1], 3, axis=-1)
    answers = EmittedModel(graph.files).predict(gray)
    np.testing.assert_allclose(answers, model(gray[..., 0]), atol=1e-5)


def test_measurements_are_no_photo(tmp_path: Path, three: Path) -> None:
    model = keras.Sequential([keras.Input((100, 6)), keras.layers.Flatten(), keras.layers.Dense(3)])
    with pytest.raises(ModelError, match=r"has an input of the shape \(100, 6\)"):
        load(model, tmp_path, three)
