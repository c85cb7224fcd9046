"""Measures whether the emitted graph model answers as the Keras model does."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError, ParityError
from builder.model.head import find_head
from builder.model.preprocessing import scale
from builder.model.setup import tensorflow
from builder.model.trace import trace_model

if TYPE_CHECKING:
    from builder.model.source import SourceModel

LIMITS = {"none": 1e-4, "float16": 1e-1}
"""Largest probability difference of a sound conversion, where the quantization itself is harmless.

On 1,000 real photos MobileNet 0.25 differs by 1e-5 unquantized and by up to 4e-2 with float16.
"""

_TINY = 1e-12
"""Stands for a probability of zero, whose logarithm there is none."""


@dataclass(frozen=True)
class Parity:
    """How far the graph model strays from the Keras model on the same images."""

    max_probability_difference: float
    """Largest absolute difference of any class's probability on any image, 0…1."""
    top1_agreement: float
    """Part of the images whose most probable class is the same, 0…1."""
    kl_divergence: float
    """Mean Kullback-Leibler divergence from Keras's probabilities, nats, ≥ 0."""
    images: int
    """Number of images measured."""


def compare(ours: NDArray[Any], expected: NDArray[Any]) -> Parity:
    """Compare probabilities [N, C] with those of Keras."""
    if ours.shape != expected.shape:
        raise ParityError(
            f"The converted model returns {ours.shape[-1]} classes, the Keras model "
            f"{expected.shape[-1]}."
        )
    return Parity(
        max_probability_difference=float(np.max(np.abs(ours - expected))),
        top1_agreement=float(np.mean(ours.argmax(-1) == expected.argmax(-1))),
        kl_divergence=_divergence(expected, ours),
        images=len(ours),
    )


def require_parity(
    parity: Parity,
    quantization: str,
    min_agreement: float = 0.0,
    images: str = "generated images",
) -> None:
    """Raise `ParityError` where the difference is beyond what the quantization explains.

    Bytes change answers; how many may change is the person's choice, by `min_agreement`. `images`
    says what was looked at.
    """
    limit = LIMITS.get(quantization, 1.0)
    # Written so that a NaN fails too.
    if not parity.max_probability_difference <= limit:
        raise ParityError(
            f"The converted model ({quantization}) differs from the Keras model by "
            f"{parity.max_probability_difference:.2g} in probability, more than {limit:g}, on "
            f"{parity.images} {images}. The conversion is broken; nothing was written."
        )
    if quantization not in LIMITS and parity.top1_agreement < min_agreement:
        raise ParityError(
            f"With the weights as {quantization}, the model gives Keras's first answer on "
            f"{parity.top1_agreement:.1%} of {parity.images} {images}, less than --min-agreement "
            f"{min_agreement:g}; nothing was written. Choose --quantize float16 or auto, or accept "
            f"it with --min-agreement {math.floor(1000 * parity.top1_agreement) / 1000:g}."
        )


def _divergence(expected: NDArray[Any], ours: NDArray[Any]) -> float:
    """Return the mean of Σ p log(p / q) over the images (Kullback and Leibler 1951)."""
    p = np.maximum(np.asarray(expected, np.float64), _TINY)
    q = np.maximum(np.asarray(ours, np.float64), _TINY)
    return float(np.mean(np.maximum(np.sum(p * np.log(p / q), axis=-1), 0.0)))


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
    outputs = np.concatenate(batches).reshape(len(scaled), -1)
    _require_numbers(outputs, source.provenance.name)
    return _as_probabilities(outputs, head.activation)


def _require_numbers(outputs: NDArray[Any], name: str) -> None:
    spoilt = int(np.sum(~np.isfinite(outputs).all(-1)))
    if spoilt:
        raise ModelError(
            f"The model {name} itself answers with NaN or infinity on {spoilt} of {len(outputs)}"
            " test images: its numbers grow beyond what float32 holds. Check its weights, the size"
            " of photos (--input-size), and how they are scaled for it (--preprocessing)."
        )


def _as_probabilities(outputs: NDArray[Any], activation: str) -> NDArray[Any]:
    """Turn the network's own outputs [N, C] into probabilities, in double precision."""
    outputs = np.asarray(outputs, np.float64)
    if activation == "logits":
        exponentials = np.exp(outputs - outputs.max(-1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(-1, keepdims=True))
    if activation == "sigmoid":
        return np.concatenate([1.0 - outputs, outputs], axis=-1)
    return outputs
