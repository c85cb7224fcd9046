"""Takes the smallest graph model that agrees with Keras, and refuses one that does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import brotli

from builder.errors import ParityError
from builder.model.graph.graph_model import GraphModel
from builder.model.parity import DEFAULT, Limits, Parity
from builder.model.quantize.modes import AUTO, mode_named

_BROTLI_QUALITY = 5
"""As hosts compress on the fly; 11 takes a minute for a large model and gains a few percent."""


@dataclass(frozen=True)
class Candidate:
    """A graph model in one quantization, with its figures."""

    graph: GraphModel
    """The emitted files."""
    parity: Parity
    """How far it strays from Keras."""

    @property
    def size(self) -> int:
        """Bytes of the weight shards."""
        return sum(len(shard) for shard in _shards(self.graph))

    @cached_property
    def compressed(self) -> int:
        """Bytes of the weight shards over the wire, with brotli."""
        packed = (brotli.compress(shard, quality=_BROTLI_QUALITY) for shard in _shards(self.graph))
        return sum(map(len, packed))


def _shards(graph: GraphModel) -> list[bytes]:
    return [content for name, content in graph.files.items() if name.endswith(".bin")]


def choose(candidates: Sequence[Candidate], limits: Limits) -> Candidate:
    """Return the smallest that keeps to the limits, or else the one closest to Keras."""
    true = [one for one in candidates if limits.breach(one.parity) is None]
    if true:
        return min(true, key=lambda one: one.compressed)
    return min(candidates, key=lambda one: (-one.parity.lower_bound, one.parity.kl_divergence))


def require_parity(
    parity: Parity, quantization: str, limits: Limits = DEFAULT, images: str = "images"
) -> None:
    """Raise `ParityError` where the difference from Keras is more than the mode explains.

    Weights that are stored more coarsely change answers; by how much they may is the user's choice.
    `images` says what was compared.
    """
    mode = mode_named(quantization)
    if mode.exact_within is not None and not parity.max_probability_difference <= mode.exact_within:
        raise ParityError(
            "The converted model (weights as they are) differs from the Keras model by "
            f"{parity.max_probability_difference:.2g} in probability, more than"
            f" {mode.exact_within:g}, on {parity.images} {images}. The conversion is broken;"
            " nothing was written."
        )
    breach = limits.breach(parity)
    if breach is not None:
        other = f"Choose --quantize {mode.alternative} or {AUTO}, or accept"
        raise ParityError(
            f"With the weights as {mode.name}, the converted model differs from the Keras model: on"
            f" {parity.images} {images} it {breach.found}, {breach.required}; nothing was written."
            f" {other if mode.alternative else 'Accept'} it by that option."
        )
