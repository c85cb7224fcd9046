"""Temperature scaling: one number that makes probabilities mean what they say.

Guo et al. 2017, arXiv:1706.04599, section 4.2; fitted for the first answer, which is what the app
shows (top-label calibration: Gupta and Ramdas 2022, arXiv:2107.08353).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOWEST, _HIGHEST = 0.2, 10.0
_STEPS = 400
_SPREAD = 1.0
"""Standard deviation of the temperature's logarithm that is expected before any photo is seen."""


def apply_temperature(probabilities: NDArray[Any], temperature: float) -> NDArray[Any]:
    """Return softmax(logits / temperature) [N, C], given softmax(logits); as they are, with 1."""
    if temperature == 1:
        return probabilities  # of which not all add up to 1
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30)) / temperature
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def fit_temperature(probabilities: NDArray[Any], truth: NDArray[Any]) -> float:
    """Return the temperature, 0.2 … 10, that makes the first answer's probability right.

    `probabilities` [N, C] of photos of the classes `truth` [N]. It minimises the log loss of "the
    first answer is right", plus the log density of a normal distribution around 1: few photos, or
    photos that are all answered rightly, do not push it to a bound.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
    top = logits.max(axis=1)
    right = logits.argmax(axis=1) == truth
    others = np.sort(logits - top[:, np.newaxis], axis=1)[:, :-1]

    def loss(log_temperature: float) -> float:
        rest = np.exp(others / np.exp(log_temperature)).sum(axis=1)
        # -log p where it was right, -log(1 - p) where it was not, with p = 1 / (1 + rest).
        losses = np.log1p(rest) - np.where(right, 0.0, np.log(np.maximum(rest, 1e-30)))
        return float(losses.sum() + log_temperature**2 / (2 * _SPREAD**2))

    candidates = np.linspace(np.log(_LOWEST), np.log(_HIGHEST), _STEPS)
    best = min(candidates, key=loss)
    step = candidates[1] - candidates[0]
    refined = np.linspace(best - step, best + step, 41)
    return round(float(np.clip(np.exp(min(refined, key=loss)), _LOWEST, _HIGHEST)), 4)
