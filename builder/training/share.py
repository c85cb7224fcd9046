"""The part of a list of things that one of several processes works on."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.training.distributed import Cluster


def _stack(own: NDArray[Any]) -> Any:
    from jax.experimental.multihost_utils import process_allgather

    return process_allgather(own)


@dataclass(frozen=True)
class Share:
    """What one process works on: every `parts`-th of a list of things, from `part` on."""

    parts: int = 1
    part: int = 0

    @classmethod
    def of(cls, cluster: Cluster | None) -> "Share":
        """Return this process's share; the whole where it trains alone."""
        return cls(cluster.processes, cluster.process_id) if cluster else cls()

    @property
    def slice(self) -> slice:
        """Takes the share from a sequence."""
        return slice(self.part, None, self.parts)

    def of_batches(self, count: int, batch_size: int) -> NDArray[Any]:
        """Return the indices of this share of each batch, below `count`.

        One after the other, the shares of all processes are a batch in its own order, so that what
        depends on a photo's place in it (dropout) is the same for any number of processes.
        """
        indices = np.arange(count)
        if count % batch_size:
            return indices[self.slice]
        return indices.reshape(-1, self.parts, batch_size // self.parts)[:, self.part].reshape(-1)

    def agrees(self, text: str, stack: Callable[[Any], Any] = _stack) -> bool:
        """Return whether all processes have the same text."""
        own = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[np.newaxis]
        return bool((self.gather(own, self.parts, stack) == own).all())

    def gather(
        self, own: NDArray[Any], count: int, stack: Callable[[Any], Any] = _stack
    ) -> NDArray[Any]:
        """Return what all processes found of `count` things, [count, …], in order.

        `own`: what this one found of its share, [n, …]. `stack` makes one array of equally long
        ones of all processes, [parts, n, …].
        """
        if self.parts == 1:
            return own
        most = -(-count // self.parts)
        padded = np.zeros((most, *own.shape[1:]), own.dtype)
        padded[: len(own)] = own
        stacked = np.asarray(stack(padded))
        return np.swapaxes(stacked, 0, 1).reshape(-1, *own.shape[1:])[:count]

    def agree(self, arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the arrays of process 0: sums in another order may differ in their last digit."""
        if self.parts == 1:
            return list(arrays)
        from jax.experimental.multihost_utils import broadcast_one_to_all

        return [np.asarray(array) for array in broadcast_one_to_all(list(arrays))]


WHOLE = Share()
"""The share of a process that trains alone."""
