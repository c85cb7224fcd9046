"""Convolutions that WebAssembly gets wrong are right there, whatever file the network came in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright

from builder.browser.launch import launch_browser
from builder.config import SiteConfig
from builder.model.graph.graph_model import GraphModel
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.quantize.shards import decode_weights
from builder.model.setup import keras as import_keras
from tests.conformance.compare import faults
from tests.conformance.graphs import Question
from tests.conformance.ways import WAYS, answers, asked
from tests.conftest import Apart
from tests.conversion import convert
from tests.unit.model.conftest import source_of

SIZE = 24


def network() -> Any:
    """Return a classifier whose convolutions have kernels that are smaller than their strides."""
    keras = import_keras()
    keras.utils.set_random_seed(4)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.Conv2D(6, (1, 7), strides=(2, 1), padding="same", activation="relu")(inputs)
    x = layers.DepthwiseConv2D((1, 3), strides=2, padding="same")(x)
    x = layers.Conv2D(8, 3, strides=4, padding="same", activation="relu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


def _save_graph(place: Path) -> None:
    place.mkdir()
    for name, content in convert(inference_model(source_of(network())), "none").files.items():
        (place / name).write_bytes(content)


SAVERS: dict[str, Callable[[Path], None]] = {
    "network.keras": lambda place: network().save(place),
    "saved_model": lambda place: network().export(place, verbose=False),
    "graph_model": _save_graph,
}


@pytest.mark.parametrize("form", SAVERS)
def test_small_kernels_with_large_strides_are_right_in_webassembly(
    form: str, tmp_path: Path, apart: Apart
) -> None:
    place, labels = tmp_path / form, tmp_path / "labels.txt"
    SAVERS[form](place)
    labels.write_text("ash\nbirch\ncedar\n")
    config = SiteConfig(model=str(place), labels=labels, preprocessing="mobilenet")
    emitted = convert(inference_model(load_source(config, lambda _: None)), "none")
    image = np.random.default_rng(2).uniform(0, 255, (1, SIZE, SIZE, 3)).astype(np.float32)
    question = _asked_about(emitted, image)
    (way,) = [way for way in WAYS if way.name == "SIMD"]

    def faults_there() -> dict[str, str]:
        with (
            asked({"network": question}) as server,
            sync_playwright() as playwright,
            launch_browser(playwright) as browser,
        ):
            answered = answers(browser.new_page(), server, way)
            return faults({"network": question}, answered, way)

    assert apart(faults_there) == {}


def _asked_about(emitted: GraphModel, image: NDArray[np.float32]) -> Question:
    """Return what Keras's network, in the place of its file, answers to an image."""
    document = emitted.document
    weights = decode_weights(document["weightsManifest"], emitted.files)
    nodes = [
        {**node, "op": "Const"} if node["op"] == "Placeholder" else node
        for node in document["modelTopology"]["node"]
    ]
    expected = np.asarray(network()(image / 127.5 - 1.0))
    return Question(nodes, {**weights, "image": image}, ["probabilities"], [expected])
