"""Biases take over what stored weights shift, layer after layer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.config import SiteConfig
from builder.model.convert import ConvertedGraph, convert_graph
from builder.model.graph.canonical import CanonicalGraph
from builder.model.graph.graph_def import tensor_reader
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.quantize.forms import Stored, as_read
from builder.model.quantize.layers import BiasedLayer, biased_layers, delicate
from builder.model.quantize.plain import as_float16
from builder.model.quantize.side_by_side import with_kept_means
from tests.unit.model.conftest import refuse_warnings, source_of
from tests.unit.model.graph.test_batching import mixing

IMAGES = reference_images(96, 96)[:8]


def coarse(graph: CanonicalGraph) -> dict[str, Stored]:
    """Store every kernel in steps of a sixteenth of its largest weight."""
    return {
        name: np.rint(array / (step := np.abs(array).max() / 16)).astype(np.float32) * step
        if array.ndim == 4 and name not in graph.scaling
        else array
        for name, array in graph.weights.items()
    }


def means(graph: CanonicalGraph, stored: Mapping[str, Stored], layers: list[BiasedLayer]) -> Any:
    """Return each layer's mean output before its activation [channels]."""
    weights = {name: as_read(one) for name, one in stored.items()}
    read = tensor_reader(graph.topology, weights, [layer.output for layer in layers])
    images = [[one.mean(axis=(0, 1, 2)) for one in read(image[np.newaxis])] for image in IMAGES]
    return [np.mean(one, axis=0) for one in zip(*images, strict=True)]


@pytest.fixture(scope="module")
def graph(converted_graph: ConvertedGraph) -> CanonicalGraph:
    return converted_graph.canonical


def test_every_layer_keeps_its_mean_with_the_stored_ones_before_it(graph: CanonicalGraph) -> None:
    layers = list(biased_layers(graph))
    assert len(layers) == 27
    stored = coarse(graph)
    true = means(graph, graph.weights, layers)
    shifted = means(graph, stored, layers)
    kept = means(graph, with_kept_means(graph, stored, IMAGES), layers)
    for mean, ours, corrected in zip(true, shifted, kept, strict=True):
        assert np.abs(ours - mean).max() > 1e-4
        np.testing.assert_allclose(corrected, mean, atol=1e-3 * max(1, np.abs(mean).max()))


def test_nothing_but_biases_is_touched(graph: CanonicalGraph) -> None:
    stored = as_float16(graph.weights, graph.scaling, delicate(graph))
    kept = with_kept_means(graph, stored, IMAGES)
    biases = {layer.bias for layer in biased_layers(graph)}
    assert biases < delicate(graph)
    assert {name for name in stored if kept[name] is not stored[name]} == biases
    assert all(kept[name].dtype == np.float32 for name in biases)  # type: ignore[union-attr]


@pytest.mark.parametrize("mixes", ["the shape", "the values"])
def test_a_graph_that_takes_one_photo_at_a_time_keeps_its_biases(mixes: str) -> None:
    graph = convert_graph(inference_model(source_of(mixing(mixes)))).canonical
    assert list(biased_layers(graph))
    stored = as_float16(graph.weights, graph.scaling)
    kept = with_kept_means(graph, stored, reference_images(8, 8)[:8])
    assert all(kept[name] is stored[name] for name in stored)


@pytest.mark.slow
def test_the_demo_models_tell_for_foreign_photos_is_no_hindrance() -> None:
    """It reads the embedding, whose shape [1, -1] has two open sides with a batch."""
    source = load_source(SiteConfig(model="demo"), refuse_warnings)
    graph = convert_graph(inference_model(source)).canonical
    stored = as_float16(graph.weights, graph.scaling, delicate(graph))
    kept = with_kept_means(graph, stored, reference_images(64, 64)[:4])
    assert sum(kept[name] is not stored[name] for name in stored) > 20
