import json
import shutil
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.config import SiteConfig
from builder.errors import LabelsError
from builder.model.images.preprocessing import scaling_name
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.quantize.choice import require_parity
from builder.model.reading.reader import read_network
from builder.model.setup import keras as import_keras
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import refuse_warnings
from tests.unit.model.reading.forms import FORMS, NAMES, keras3_model

import_keras()
Forms = Callable[[str], Path]
TEACHABLE = ("teachable", "teachable.zip", "converted_keras.zip")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "names.txt"
    path.write_text("\n".join(NAMES), encoding="utf-8")
    return path


def _load(path: Path, names: Path, **settings: Any) -> SourceModel:
    return load_source(SiteConfig(model=str(path), labels=names, **settings), refuse_warnings)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_answers(form: str, forms: Forms, names: Path) -> None:
    source = _load(forms(form), names, preprocessing="0-1")
    assert (source.preprocessing.input_height, source.preprocessing.input_width) == (20, 24)
    images = reference_images(20, 24)[:4]
    expected = keras3_model()(images / 255)
    tolerance = 1e-2 if form == "graph" else 1e-5
    np.testing.assert_allclose(source.keras_model(images / 255), expected, atol=tolerance)
    assert np.asarray(expected).std(0).max() > 1e-3


def test_a_keras_file_of_2_14_has_its_layers_in_another_group(
    forms: Forms, names: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(forms("keras2.keras")) as archive:
        archive.extractall(tmp_path)
    with h5py.File(tmp_path / "model.weights.h5", "r+") as weights:
        weights.move("layers", "_layer_checkpoint_dependencies")
    with zipfile.ZipFile(tmp_path / "old.keras", "w") as archive:
        for name in ("config.json", "metadata.json", "model.weights.h5"):
            archive.write(tmp_path / name, name)
    source = _load(tmp_path / "old.keras", names, preprocessing="0-1")
    images = reference_images(20, 24)[:2] / 255
    np.testing.assert_allclose(source.keras_model(images), keras3_model()(images), atol=1e-5)


@pytest.mark.parametrize("form", ["saved_model2", "layers", "graph"])
def test_a_graph_is_converted_with_embedding_and_activation_map(
    form: str, forms: Forms, names: Path
) -> None:
    source = _load(forms(form), names, preprocessing="mobilenet")
    graph = convert(inference_model(source), "none")
    require_parity(measure_parity(graph, source), "none")
    assert graph.output_shape("embedding") == (1, 8)
    assert graph.output_shape("class_activation") == (1, 7, 9, 3)
    operators = [node["op"] for node in graph.document["modelTopology"]["node"]]
    assert "FusedDepthwiseConv2dNative" in operators
    assert "FusedBatchNormV3" not in operators
    assert "DepthwiseConv2dNative" not in operators


@pytest.mark.parametrize("form", TEACHABLE)
def test_teachable_machine_brings_labels_crop_and_scaling(form: str, forms: Forms) -> None:
    source = load_source(SiteConfig(model=str(forms(form))), refuse_warnings)
    assert source.labels == NAMES
    assert source.preprocessing.crop_fraction == 1.0
    assert source.preprocessing.resampling == "canvas"
    assert scaling_name(source.preprocessing) == "127/127"
    assert source.scaling_reason == "as Teachable Machine trains its models"
    assert source.geometry_reason == source.scaling_reason
    if form != "converted_keras.zip":
        assert source.provenance.name == "my-image-model"


@pytest.mark.parametrize(
    "model",
    ["keras_model.h5", "model.json", "model.savedmodel", "model.savedmodel/saved_model.pb"],
)
def test_its_model_named_alone_is_read_like_its_folder(
    model: str, forms: Forms, tmp_path: Path
) -> None:
    if model == "model.json":
        folder = forms("teachable")
    elif model.startswith("model.savedmodel"):
        folder = tmp_path
        shutil.copytree(forms("saved_model2"), folder / "model.savedmodel")
        (folder / "labels.txt").write_text("0 ash\n1 birch\n2 cedar\n", encoding="utf-8")
    else:
        folder = tmp_path / "export"
        with zipfile.ZipFile(forms("converted_keras.zip")) as archive:
            archive.extractall(folder)
    whole, named = (
        load_source(SiteConfig(model=str(path)), refuse_warnings)
        for path in (folder, folder / model)
    )
    assert named.labels == whole.labels == NAMES
    assert named.preprocessing == whole.preprocessing
    assert named.preprocessing.resampling == "canvas"
    if not model.startswith("model.savedmodel"):
        assert named.provenance.weights_sha256 == whole.provenance.weights_sha256


def test_numbered_labels_beside_another_model_are_labels_only(forms: Forms, tmp_path: Path) -> None:
    shutil.copy(forms("keras2.h5"), tmp_path / "trees.h5")
    (tmp_path / "labels.txt").write_text("0 ash\n1 birch\n2 cedar\n", encoding="utf-8")
    config = SiteConfig(model=str(tmp_path), preprocessing="0-1")
    source = load_source(config, refuse_warnings)
    assert source.labels == NAMES
    assert source.preprocessing.resampling == "antialias"
    with pytest.raises(LabelsError, match="brings no class names"):
        load_source(replace(config, model=str(tmp_path / "trees.h5")), refuse_warnings)


@pytest.mark.parametrize(
    ("text", "labels"),
    [("2 cedar\n0 ash\n1 birch\n", NAMES), ("birch,1\nash,0\ncedar,2\n", NAMES), ("1 a\n2 b", ())],
)
def test_labels_beside_a_model_are_read_like_others(
    text: str, labels: tuple[str, ...], forms: Forms, tmp_path: Path
) -> None:
    shutil.copy(forms("keras2.h5"), tmp_path / "trees.h5")
    (tmp_path / "labels.txt").write_text(text, encoding="utf-8")
    assert read_network(tmp_path).labels == labels


@pytest.mark.parametrize("suffix", [".h5", ""])
def test_a_renamed_export_is_recognized_by_its_layers(
    suffix: str, names: Path, tmp_path: Path
) -> None:
    import tf_keras

    layers = tf_keras.layers
    model = tf_keras.Sequential(
        [
            *(tf_keras.Input((20, 20, 3)), layers.Conv2D(4, 3)),
            layers.GlobalAveragePooling2D(name="global_average_pooling2d_GlobalAveragePooling2D2"),
            layers.Dense(3, activation="softmax", use_bias=False, name="dense_Dense4"),
        ]
    )
    with warnings.catch_warnings():  # Keras 2 finds its own formats old.
        warnings.simplefilter("ignore")
        model.save(tmp_path / f"masks{suffix}")
    source = _load(tmp_path / f"masks{suffix}", names)
    assert scaling_name(source.preprocessing) == "127/127"
    assert source.preprocessing.resampling == "canvas"
    assert source.scaling_origin == "inference"
    assert (
        source.geometry_reason
        == source.scaling_reason
        == ("as Teachable Machine trains its models, whose layers have names like these")
    )
    asked = _load(tmp_path / f"masks{suffix}", names, preprocessing="0-1", fit="stretch")
    assert (asked.preprocessing.fit, asked.scaling_origin) == ("stretch", "option")


def test_the_hash_of_a_folder_changes_with_any_file_in_it(
    forms: Forms, names: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "layers"
    shutil.copytree(forms("layers"), copy)
    first = _load(copy / "model.json", names, preprocessing="0-1").provenance
    assert first.name == "layers"
    assert first.weights_sha256 == _load(copy, names, preprocessing="0-1").provenance.weights_sha256
    document = json.loads((copy / "model.json").read_text(encoding="utf-8"))
    (copy / "model.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    again = _load(copy, names, preprocessing="0-1").provenance
    assert again.weights_sha256 != first.weights_sha256


def test_layers_inside_a_graph_tell_the_scaling(tmp_path: Path, names: Path) -> None:
    keras = import_keras()
    # As in a notebook where a cell was run again: this layer's scope becomes "rescaling_1_1".
    keras.layers.Rescaling(1)(keras.Input((16, 16, 3)))
    inputs = keras.Input((16, 16, 3))
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(4, 3)(x))
    model = keras.Model(inputs, keras.layers.Dense(3)(x))
    model.export(tmp_path / "saved", verbose=False)
    source = _load(tmp_path / "saved", names)
    assert source.preprocessing.rescale_factor == 1.0
    assert source.scaling_origin == "graph"
    assert "the model turns 0…255 into 0…1 by itself" in source.scaling_reason
