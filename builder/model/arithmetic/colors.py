"""Matrices that mix channels without having learnt anything: shades of gray, and another order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GRAYS = ((0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722), (1 / 3, 1 / 3, 1 / 3))
"""Weights of R, G and B in the luminance (ITU-R BT.601 and BT.709), and in the mean."""
_TOLERANCE = 2e-3


def is_plain_mix(kernel: NDArray[Any]) -> bool:
    """Return whether a kernel [channels, outputs] scales, reorders or grays and does no more."""
    if kernel.ndim != 2 or not kernel.size or kernel.shape[0] not in (1, 3):
        return False
    return all(_is_gray(column) or np.count_nonzero(column) == 1 for column in kernel.T)


def _is_gray(column: NDArray[Any]) -> bool:
    total = column.sum()
    return len(column) == 3 and any(
        np.allclose(column, np.multiply(gray, total), atol=_TOLERANCE * abs(total))
        for weights in _GRAYS
        for gray in (weights, weights[::-1])
    )
