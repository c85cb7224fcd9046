"""A conversion and its comparison with Keras in one call each, as tests want them."""

from typing import Any

from benchmarks.reference_images import reference_images
from builder.model.convert import convert_graph
from builder.model.emitted import EmittedModel
from builder.model.graph.graph_model import GraphModel
from builder.model.network.inference import InferenceModel
from builder.model.parity import Parity, compare, keras_probabilities
from builder.model.source import SourceModel


def convert(model: InferenceModel, quantization: str = "float16") -> GraphModel:
    """Convert a network and store its weights as `quantization` says."""
    calibration = reference_images(*model.input_shape[1:3])
    return convert_graph(model).emit(quantization, calibration)


def measure_parity(graph: GraphModel, source: SourceModel, images: Any = None) -> Parity:
    """Compare the emitted files with Keras on images [N, H, W, 3] in 0…255, or artificial ones."""
    if images is None:
        size = (source.preprocessing.input_height, source.preprocessing.input_width)
        images = reference_images(*size)
    return compare(EmittedModel(graph.files).predict(images), keras_probabilities(source, images))
