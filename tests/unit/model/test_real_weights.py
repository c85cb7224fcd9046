"""The real MobileNet on real photos; skipped where the shared folder is missing."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from builder.config import SiteConfig
from builder.model.graph import inference_model
from builder.model.graphdef import EmittedModel
from builder.model.loading.load import load_source
from builder.model.parity import keras_probabilities, require_parity
from builder.model.photos import decode_photo, prepare
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity


@pytest.fixture(scope="module")
def source(shared: Path) -> SourceModel:
    weights = shared / "weights" / "mobilenet_2_5_224_tf.h5"
    return load_source(SiteConfig(model="mobilenet", weights=str(weights)), lambda _: None)


@pytest.fixture(scope="module")
def photos(shared: Path, source: SourceModel) -> tuple[np.ndarray, np.ndarray]:
    """Return the 200 photos, prepared, and their classes."""
    folder = shared / "images" / "imagenet-samples"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    images = [prepare(decode_photo(folder / row["file"]), source.preprocessing) for row in rows]
    return np.stack(images), np.array([int(row["class_index"]) for row in rows])


def test_keras_scores_as_published(
    source: SourceModel, photos: tuple[np.ndarray, np.ndarray]
) -> None:
    """59.5 % top-1 and 81.1 % top-5 were measured on 1,000 photos; these are 200 of them."""
    images, classes = photos
    best = np.argsort(-keras_probabilities(source, images), axis=-1)
    assert np.mean(best[:, 0] == classes) == pytest.approx(0.62, abs=0.005)
    assert np.mean(np.any(best[:, :5] == classes[:, None], axis=-1)) == pytest.approx(
        0.86, abs=0.005
    )


@pytest.mark.parametrize(
    ("quantization", "difference", "agreement"), [("none", 2e-5, 1.0), ("float16", 4e-2, 0.98)]
)
def test_the_emitted_files_answer_as_keras_does(
    quantization: str,
    difference: float,
    agreement: float,
    source: SourceModel,
    photos: tuple[np.ndarray, np.ndarray],
) -> None:
    images, classes = photos
    graph = convert(inference_model(source), quantization)
    operators = Counter(node["op"] for node in graph.document["modelTopology"]["node"])
    # Fifteen, and one more for the class activation.
    assert operators["_FusedConv2D"] == 16
    assert operators["FusedDepthwiseConv2dNative"] == 13
    assert not {"Pad", "FusedBatchNormV3", "Relu6", "BiasAdd"} & set(operators)

    require_parity(measure_parity(graph, source), quantization)
    parity = measure_parity(graph, source, images)
    assert parity.max_probability_difference < difference
    assert parity.top1_agreement >= agreement
    top1 = np.mean(EmittedModel(graph.files).predict(images).argmax(-1) == classes)
    assert top1 == pytest.approx(0.62, abs=0.0051)
