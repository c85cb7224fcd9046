"""A conversion and its comparison with Keras in one call each, as tests want them."""

from typing import Any

from builder.model.convert import GraphModel, convert_graph
from builder.model.graph import InferenceModel
from builder.model.graphdef import EmittedModel
from builder.model.parity import Parity, compare, keras_probabilities
from builder.model.reference_images import reference_images
from builder.model.source import SourceModel


def convert(model: InferenceModel, quantization: str = "float16") -> GraphModel:
    """Convert a network and store its weights as `quantization` says."""
    return convert_graph(model).emit(quantization)


def measure_parity(graph: GraphModel, source: SourceModel, images: Any = None) -> Parity:
    """Compare the emitted files with Keras on images [N, H, W, 3] in 0…255, or artificial ones."""
    if images is None:
        size = (source.preprocessing.input_height, source.preprocessing.input_width)
        images = reference_images(*size)
    return compare(EmittedModel(graph.files).predict(images), keras_probabilities(source, images))
