"""The quantization "auto": each is measured, and the smallest that is true enough is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import brotli

from builder.model.convert import QUANTIZATIONS, GraphModel
from builder.model.parity import Parity

AUTO = "auto"

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


def candidates_of(quantization: str) -> tuple[str, ...]:
    """Return the quantizations that are measured where one, or "auto", is configured."""
    return QUANTIZATIONS if quantization == AUTO else (quantization,)


def _shards(graph: GraphModel) -> list[bytes]:
    return [content for name, content in graph.files.items() if name.endswith(".bin")]


def choose(candidates: Sequence[Candidate], min_agreement: float) -> Candidate:
    """Return the smallest that gives Keras's first answer often enough, or else the truest."""
    true = [one for one in candidates if one.parity.top1_agreement >= min_agreement]
    if true:
        return min(true, key=lambda one: one.compressed)
    return max(candidates, key=lambda one: one.parity.top1_agreement)
