"""Temperature scaling: one number that makes probabilities mean what they say.

Guo et al. 2017, arXiv:1706.04599, section 4.2.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOWEST, _HIGHEST = 0.2, 10.0
_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


def apply_temperature(probabilities: NDArray[Any], temperature: float) -> NDArray[Any]:
    """Return softmax(logits / temperature) [N, C], given softmax(logits)."""
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30)) / temperature
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def fit_temperature(probabilities: NDArray[Any], truth: NDArray[Any]) -> float:
    """Return the temperature, 0.2 … 10, with the lowest log loss on `truth` [N].

    The loss has one minimum in the logarithm of the temperature; golden-section search finds it.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        top = scaled.max(axis=1, keepdims=True)
        norm = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        own = np.take_along_axis(scaled, truth[:, np.newaxis], axis=1)[:, 0]
        return float((norm - own).mean())

    low, high = np.log(_LOWEST), np.log(_HIGHEST)
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    loss_left, loss_right = loss(left), loss(right)
    while high - low > 1e-4:
        if loss_left < loss_right:
            high, right, loss_right = right, left, loss_left
            left = high - _GOLDEN * (high - low)
            loss_left = loss(left)
        else:
            low, left, loss_left = left, right, loss_right
            right = low + _GOLDEN * (high - low)
            loss_right = loss(right)
    return round(float(np.exp((low + high) / 2)), 4)
