"""Rounds a layer's weights so that its output on calibration images changes least.

Nearest rounding treats each weight for itself. What counts is the layer's output: the others can
make up for an error in one weight, as far as their inputs are correlated. This is the greedy closed
form of Optimal Brain Quantization (Frantar and Alistarh 2022, arXiv:2208.11580) with the fixed
order and the Cholesky factor of GPTQ (Frantar et al. 2023, arXiv:2210.17323): one weight after the
other is rounded, and each time the rest takes over the error in the least squares sense.

The bias takes part as the weight of a constant input. It comes last and is not rounded, so that
what remains of a shift of the mean output goes into it: the bias correction of Nagel et al. (2019,
arXiv:1906.04721, section 4.2).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMIT = 127
"""Largest integer, either sign: symmetric, so that zero stays zero."""

_DAMPING = 0.01
"""Added to the diagonal, as a part of its mean: what GPTQ recommends, and keeps inputs that never
occurred on the calibration images from being given any weight."""


@dataclass(frozen=True)
class Rounded:
    """A layer's weights as integers."""

    values: NDArray[np.int8]
    """[inputs, channels]."""
    bias: NDArray[np.float64]
    """[channels], corrected."""


def round_jointly(
    weights: NDArray[Any], bias: NDArray[Any], scales: NDArray[Any], moments: NDArray[Any]
) -> Rounded:
    """Round `weights` [inputs, channels] to multiples of `scales` [channels].

    `moments` [inputs + 1, inputs + 1] are the second moments of the inputs and of a constant 1, the
    last, on calibration images.
    """
    inputs, channels = weights.shape
    energy = np.diag(moments)[:inputs]
    damped = moments + np.diag(np.append(np.full(inputs, _DAMPING * energy.mean() + 1e-12), 0.0))
    # Strong inputs first, while there is much left to take over their errors; the bias last.
    order = np.append(np.argsort(-energy, kind="stable"), inputs)
    remaining = np.vstack([weights, bias]).astype(np.float64)[order]
    inverse = np.linalg.inv(damped[np.ix_(order, order)])
    factor = np.linalg.cholesky((inverse + inverse.T) / 2).T
    values = np.zeros((inputs, channels), np.int8)
    for index in range(inputs):
        integers = to_integers(remaining[index], scales)
        values[order[index]] = integers
        error = (remaining[index] - integers * scales) / factor[index, index]
        remaining[index + 1 :] -= np.outer(factor[index, index + 1 :], error)
    return Rounded(values, remaining[inputs])


def round_each(
    weights: NDArray[Any], bias: NDArray[Any], scales: NDArray[Any], means: NDArray[Any]
) -> Rounded:
    """Round `weights` [inputs, channels] to the nearest multiples of `scales` [channels].

    The `bias` [channels] is corrected by what that shifts at the inputs' `means` [inputs]. For
    layers with so many inputs that their moments would not fit into memory.
    """
    values = to_integers(weights, scales)
    return Rounded(values, bias + means @ (weights - values * scales))


def to_integers(weights: NDArray[Any], scales: NDArray[Any]) -> NDArray[np.int8]:
    """Return the nearest multiples of `scales` [channels] to `weights` […, channels], -127…127."""
    integers = np.clip(np.rint(weights / scales), -LIMIT, LIMIT)
    return np.asarray(integers, np.int8)
