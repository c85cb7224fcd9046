"""Measures how closely answers follow expected ones: the emitted graph model's, Keras's."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError, ParityError
from builder.model.answers import answers_to, as_inputs
from builder.model.graph.batching import batch_size
from builder.model.images.preprocessing import scale
from builder.model.outputs.activation import probabilities_of, require_probabilities
from builder.model.outputs.head import head_of
from builder.model.setup import tensorflow

if TYPE_CHECKING:
    from builder.model.source import SourceModel

MARGIN = 0.14
"""By how much Keras's first probability must lead for its answer to count. Below, the answer is
noise: weights in bytes move probabilities of MobileNet 0.25 by up to 0.07, and so the difference of
two by twice as much."""

_QUANTILE = 1.96
"""Of a normal distribution, 95 % lie within this many standard deviations."""

_TINY = 1e-12
"""Stands for a probability of zero, which has no logarithm."""


@dataclass(frozen=True)
class Parity:
    """How far answers stray from expected ones, Keras's as a rule, on the same images."""

    max_probability_difference: float
    """Largest absolute difference of any class's probability on any image, 0…1."""
    top1_agreement: float
    """Part of the images whose most probable class is the same, 0…1."""
    kl_divergence: float
    """Mean Kullback-Leibler divergence from the expected probabilities, nats, ≥ 0."""
    images: int
    """Number of images measured."""
    decided: int
    """Number of images whose expected first probability leads by more than `MARGIN`."""
    agreed: int
    """Number of these whose most probable class is the same."""

    @property
    def lower_bound(self) -> float:
        """Lower bound of the agreement on decided images in general, with 95 % confidence.

        It is that of the interval of Wilson (1927), which holds for few images and near 1, too.
        """
        if not self.decided:
            return 0.0
        part, spread = self.agreed / self.decided, _QUANTILE**2 / self.decided
        deviation = math.sqrt(spread * (part * (1 - part) + spread / 4))
        return max(0.0, (part + spread / 2 - deviation) / (1 + spread))


@dataclass(frozen=True)
class Breach:
    """What is wrong with answers, for the end of a sentence."""

    found: str
    """What was measured."""
    required: str
    """What the option asks for."""


@dataclass(frozen=True)
class Limits:
    """The limits within which answers count as the same."""

    min_agreement: float = 0.95
    """Least `Parity.lower_bound`. Where all decided answers are the same, that is enough: there are
    too few then for the bound to be higher."""
    max_divergence: float = 0.01
    """Largest `Parity.kl_divergence`, nats."""

    def breach(self, parity: Parity) -> Breach | None:
        """Return what is beyond the limits, or None."""
        # Written so that a NaN fails too.
        if not parity.kl_divergence <= self.max_divergence:
            return Breach(
                f"diverges by {parity.kl_divergence:.2g} nats",
                f"more than --max-divergence {self.max_divergence:g}",
            )
        if parity.agreed < parity.decided and parity.lower_bound < self.min_agreement:
            return Breach(
                f"gives the same first answer on {parity.agreed} of the {parity.decided} on which"
                f" the first leads clearly, which may mean no more than {parity.lower_bound:.1%}",
                f"less than --min-agreement {self.min_agreement:g}",
            )
        return None


DEFAULT = Limits()
"""What a build asks for unless the configuration says otherwise."""


def compare(ours: NDArray[Any], expected: NDArray[Any]) -> Parity:
    """Compare probabilities [N, C] with expected ones."""
    if ours.shape != expected.shape:
        raise ParityError(
            f"The converted model returns {ours.shape[-1]} classes, the Keras model "
            f"{expected.shape[-1]}."
        )
    same = ours.argmax(-1) == expected.argmax(-1)
    first = np.sort(expected, axis=-1)[:, -2:]
    is_decided = first[:, -1] - first[:, 0] > MARGIN
    return Parity(
        max_probability_difference=float(np.max(np.abs(ours - expected))),
        top1_agreement=float(np.mean(same)),
        kl_divergence=_divergence(expected, ours),
        images=len(ours),
        decided=int(np.sum(is_decided)),
        agreed=int(np.sum(same & is_decided)),
    )


def _divergence(expected: NDArray[Any], ours: NDArray[Any]) -> float:
    """Return the mean of Σ p log(p / q) over the images (Kullback and Leibler 1951).

    Where the classes' probabilities do not add up to one, each class is a yes or no by itself.
    """
    p, q = np.asarray(expected, np.float64), np.asarray(ours, np.float64)
    if not np.allclose(p.sum(axis=-1), 1.0, atol=1e-3):
        p, q = np.stack([p, 1 - p], axis=-1), np.stack([q, 1 - q], axis=-1)
    p, q = np.maximum(p, _TINY), np.maximum(q, _TINY)
    each = np.sum((p * np.log(p / q)).reshape(len(p), -1), axis=-1)
    return float(np.mean(np.maximum(each, 0.0)))


def keras_probabilities(source: "SourceModel", images: Any) -> NDArray[Any]:
    """Return the Keras model's own probabilities [N, C] for images [N, H, W, 3] in 0…255.

    The model as it was loaded: not folded, and scaled by NumPy.
    """
    tf = tensorflow()
    kind = head_of(source).activation

    def predict(some: Any) -> Any:
        model = source.keras_model
        return model(as_inputs(model, scale(some, source.preprocessing)), training=False)

    with tf.device("/CPU:0"):
        outputs = answers_to(predict, images, batch_size(*images.shape[1:3]))
    _require_numbers(outputs.reshape(len(images), -1), source.provenance.name)
    answers = probabilities_of(outputs, kind)
    require_probabilities(answers, kind, source.provenance.name)
    return answers


def _require_numbers(outputs: NDArray[Any], name: str) -> None:
    spoilt = int(np.sum(~np.isfinite(outputs).all(-1)))
    if spoilt:
        raise ModelError(
            f"The model {name} itself answers with NaN or infinity on {spoilt} of {len(outputs)}"
            " test images: its numbers grow beyond what float32 holds. Check its weights, the size"
            " of photos (--input-size), and how they are scaled for it (--preprocessing)."
        )
