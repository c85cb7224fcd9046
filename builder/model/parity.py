"""Measures whether the emitted graph model answers as the Keras model does."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ParityError
from builder.model.convert import GraphModel
from builder.model.graphdef import EmittedModel
from builder.model.head import find_head
from builder.model.preprocessing import scale
from builder.model.reference_images import reference_images
from builder.model.setup import tensorflow
from builder.model.trace import trace_model

if TYPE_CHECKING:
    from builder.model.source import SourceModel

__all__ = ["EmittedModel", "Parity", "keras_probabilities", "measure_parity", "require_parity"]

LIMITS = {"none": 1e-4, "float16": 1e-1}
"""Largest probability difference of a sound conversion, by quantization.

On 1,000 real photos MobileNet 0.25 differs by 1e-5 unquantized and by up to 4e-2 with float16.
"""


@dataclass(frozen=True)
class Parity:
    """How far the graph model strays from the Keras model on the same images."""

    max_probability_difference: float
    """Largest absolute difference of any class's probability on any image, 0…1."""
    top1_agreement: float
    """Part of the images whose most probable class is the same, 0…1."""
    images: int
    """Number of images measured."""


def measure_parity(graph: GraphModel, source: "SourceModel", images: Any = None) -> Parity:
    """Run the emitted files and the Keras model on the same images.

    `images` are float32 [N, H, W, 3] in 0…255; fixed artificial ones by default.
    Raises `ModelError` where the emitted files cannot be read.
    """
    if images is None:
        size = (source.preprocessing.input_height, source.preprocessing.input_width)
        images = reference_images(*size)
    emitted = EmittedModel(graph.files).predict(images)
    expected = keras_probabilities(source, images)
    if emitted.shape != expected.shape:
        raise ParityError(
            f"The converted model returns {emitted.shape[-1]} classes, the Keras model "
            f"{expected.shape[-1]}."
        )
    return Parity(
        max_probability_difference=float(np.max(np.abs(emitted - expected))),
        top1_agreement=float(np.mean(emitted.argmax(-1) == expected.argmax(-1))),
        images=len(images),
    )


def require_parity(parity: Parity, quantization: str) -> None:
    """Raise `ParityError` where the difference is beyond what the quantization explains."""
    limit = LIMITS[quantization]
    # Written so that a NaN fails too.
    if not parity.max_probability_difference <= limit:
        raise ParityError(
            f"The converted model ({quantization}) differs from the Keras model by "
            f"{parity.max_probability_difference:.2g} in probability, more than {limit:g}, on "
            f"{parity.images} test images. The conversion is broken; nothing was written."
        )


def keras_probabilities(source: "SourceModel", images: Any, batch_size: int = 16) -> NDArray[Any]:
    """Return the Keras model's own probabilities [N, C] for images in 0…255.

    The model as it was loaded: not folded, and scaled by NumPy.
    """
    tf = tensorflow()
    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    head = find_head(trace_model(source.keras_model, *size))
    scaled = scale(images, source.preprocessing)
    with tf.device("/CPU:0"):
        batches = [
            np.asarray(source.keras_model(scaled[start : start + batch_size], training=False))
            for start in range(0, len(scaled), batch_size)
        ]
    return _as_probabilities(np.concatenate(batches).reshape(len(scaled), -1), head.activation)


def _as_probabilities(outputs: NDArray[Any], activation: str) -> NDArray[Any]:
    """Turn the network's own outputs [N, C] into probabilities, in double precision."""
    outputs = np.asarray(outputs, np.float64)
    if activation == "logits":
        exponentials = np.exp(outputs - outputs.max(-1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(-1, keepdims=True))
    if activation == "sigmoid":
        return np.concatenate([1.0 - outputs, outputs], axis=-1)
    return outputs
