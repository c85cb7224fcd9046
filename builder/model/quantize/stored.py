"""Weights as they lie in the shards: values, what they stand for, and their manifest entries."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TensorScaled:
    """Bytes with one scale for the whole tensor, as TensorFlow.js's own uint8: v · scale + min."""

    values: NDArray[np.uint8]
    """Of the weight's shape."""
    scale: float
    """Difference of the weights of two neighbouring bytes."""
    minimum: float
    """The weight that the byte 0 stands for."""


@dataclass(frozen=True)
class ChannelScaled:
    """Integers with one scale for each output channel (the last axis), read by our own code."""

    values: NDArray[np.int8]
    """Of the weight's shape."""
    scales: NDArray[np.float16]
    """One for each channel, finite."""

    @property
    def weights(self) -> NDArray[np.float32]:
        """The weights that they stand for: exactly what the browser computes."""
        return self.values.astype(np.float32) * self.scales.astype(np.float32)


Stored = NDArray[Any] | TensorScaled | ChannelScaled
"""A plain array is stored as it is; one of float16 is widened to float32 where it is read."""
