"""A small model with random weights, loaded, folded and converted once for all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reference_images import reference_images
from builder.config import SiteConfig
from builder.model.convert import ConvertedGraph, convert_graph
from builder.model.graph.graph_model import GraphModel
from builder.model.loading.load import load_source
from builder.model.metadata import Preprocessing, Provenance
from builder.model.network.inference import inference_model
from builder.model.source import SourceModel
from tests.models import save_lively_mobilenet


def refuse_warnings(message: str) -> None:
    raise AssertionError(f"unexpected warning: {message}")


def source_of(model: Any, **preprocessing: Any) -> SourceModel:
    """Wrap a Keras model made in a test, with the scaling that it is given."""
    height, width = model.inputs[0].shape[1:3]
    return SourceModel(
        keras_model=model,
        labels=(),
        preprocessing=Preprocessing(height, width, **preprocessing),
        provenance=Provenance("test", "custom", "test", "0" * 64),
    )


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a whole model of ten trees and its class names, as files."""
    return save_lively_mobilenet(tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="session")
def trees_source(trees: tuple[Path, Path]) -> SourceModel:
    model, labels = trees
    return load_source(SiteConfig(model=str(model), labels=labels), lambda _: None)


@pytest.fixture(scope="session")
def converted_graph(trees_source: SourceModel) -> ConvertedGraph:
    """Return the small model, converted once."""
    return convert_graph(inference_model(trees_source))


@pytest.fixture(scope="session")
def converted(converted_graph: ConvertedGraph) -> Callable[[str], GraphModel]:
    """Return the small model's graph model for a quantization, emitted once."""
    images = reference_images(96, 96)
    return cache(lambda quantization: converted_graph.emit(quantization, images))
