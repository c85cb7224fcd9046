"""The real MobileNet on real photos; skipped where the shared folder is missing."""

import csv
from collections import Counter
from pathlib import Path

import brotli
import numpy as np
import pytest

from builder.config import SiteConfig
from builder.model.convert import ConvertedGraph, convert_graph
from builder.model.emitted import EmittedModel
from builder.model.images.photos import decode_photo, prepare
from builder.model.images.sample_images import sample_images
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.parity import keras_probabilities
from builder.model.quantize.choice import require_parity
from builder.model.quantize.plain import as_float16
from builder.model.quantize.shards import encode_weights
from builder.model.source import SourceModel
from tests.conversion import measure_parity

pytestmark = pytest.mark.slow


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


@pytest.fixture(scope="module")
def converted(source: SourceModel) -> ConvertedGraph:
    return convert_graph(inference_model(source))


@pytest.fixture(scope="module")
def calibration(source: SourceModel) -> np.ndarray:
    """Return the pictures that weights are rounded on by default."""
    return sample_images(source.preprocessing, None, calibrates=True).calibration


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


LEAST = {"none": 1.0, "float16": 0.995, "mixed": 0.97}
"""Part of the photos whose first answer is Keras's, by quantization."""

MOST = {"none": 2e-5, "float16": 5e-3, "mixed": 0.1}
"""Largest difference of any probability."""


@pytest.mark.parametrize("quantization", LEAST)
def test_the_emitted_files_answer_as_keras_does(
    quantization: str,
    source: SourceModel,
    converted: ConvertedGraph,
    calibration: np.ndarray,
    photos: tuple[np.ndarray, np.ndarray],
) -> None:
    images, classes = photos
    graph = converted.emit(quantization, calibration)
    operators = Counter(node["op"] for node in graph.document["modelTopology"]["node"])
    # Fifteen, and one more for the class activation.
    assert operators["_FusedConv2D"] == 16
    assert operators["FusedDepthwiseConv2dNative"] == 13
    assert not {"Pad", "FusedBatchNormV3", "Relu6", "BiasAdd"} & set(operators)

    parity = measure_parity(graph, source, images)
    require_parity(parity, quantization)
    assert parity.max_probability_difference < MOST[quantization]
    assert parity.top1_agreement >= LEAST[quantization]
    top1 = np.mean(EmittedModel(graph.files).predict(images).argmax(-1) == classes)
    assert top1 == pytest.approx(0.62, abs=0.0051)


def test_what_stays_in_full_precision_is_little_on_the_wire(
    converted: ConvertedGraph, calibration: np.ndarray
) -> None:
    """At most 3 % more than with all weights in half precision."""
    graph = converted.canonical
    _, halves = encode_weights(as_float16(graph.weights, graph.scaling))
    ours = converted.emit("float16", calibration).files["group1-shard1of1.bin"]
    sizes = [len(brotli.compress(shard)) for shard in (ours, halves["group1-shard1of1.bin"])]
    assert 1 < sizes[0] / sizes[1] < 1.03
