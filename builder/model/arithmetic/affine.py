"""What a network makes of channel values, as one number to multiply by and one to add.

Found by trial: the operators on the way are affine or move pixels about, so that pictures of a
single value, at three levels, determine both numbers, whatever the operators are called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = ((0.0, 127.0, 254.0), (0.0, 0.5, 1.0))
"""Levels of the uniform pictures that are tried. Whole numbers, which a cast to bytes leaves alone,
come first."""

_TOLERANCE = 1e-3
_NEXT_TO_NOTHING = 1e-2


@dataclass(frozen=True)
class Affine:
    """What a value v becomes: `v * scale + offset`, in most channels and places."""

    scale: float
    """Not 0; negative where light becomes dark."""
    offset: float

    @property
    def is_identity(self) -> bool:
        """Whether values stay as they are, apart from the effect of an untrained batch norm."""
        return abs(self.scale - 1) < _NEXT_TO_NOTHING and abs(self.offset) < _NEXT_TO_NOTHING

    def of(self, low: float, high: float) -> tuple[float, float]:
        """Return the least and the greatest result for values from `low` to `high`."""
        ends = (low * self.scale + self.offset, high * self.scale + self.offset)
        return min(ends), max(ends)


@dataclass(frozen=True)
class InputArithmetic:
    """The affine operations between a network's input and what it learnt."""

    maps: tuple[Affine, ...]
    """Of each place where they end; more than one where the input goes several ways."""
    names: tuple[str, ...] = ()
    """Of the layers or operators that change values, in the order of computation."""
    merged_into: str | None = None
    """The convolution whose weights are so small that a division by 255 must be part of them."""

    @property
    def is_none(self) -> bool:
        """Whether the network uses values unchanged."""
        return all(one.is_identity for one in self.maps)


def measured(answers: Callable[[float], Sequence[Any]]) -> tuple[Affine, ...]:
    """Return what a uniform picture becomes at each place in `answers`.

    `answers` takes a level and returns an array for each place. Places that do not depend on the
    level, or not in an affine way, are left out.
    """
    found: dict[int, Affine] = {}
    for levels in LEVELS:
        tried = [answers(level) for level in levels]
        for place, arrays in enumerate(zip(*tried, strict=True)):
            if place in found:
                continue
            affine = _affine([np.asarray(array, np.float64) for array in arrays], levels)
            if affine is not None:
                found[place] = affine
    return tuple(found[place] for place in sorted(found))


def _affine(arrays: list[NDArray[Any]], levels: tuple[float, ...]) -> Affine | None:
    low, middle, high = (array.reshape(-1) for array in arrays)
    with np.errstate(invalid="ignore"):
        spread = np.abs(high - low)
        most = spread.max(initial=0.0)
        changing = spread > most * _TOLERANCE
        if not most > 0 or not np.isfinite(most):
            return None
        bent = np.abs((low + high) / 2 - middle)[changing]
    if not np.all(bent <= spread[changing] * _TOLERANCE):
        return None
    rising = (high > low)[changing]
    # Where some become lighter and others darker, those that are more stand for all.
    most_alike = rising if 2 * rising.sum() >= rising.size else ~rising
    lowest, highest = low[changing][most_alike], high[changing][most_alike]
    scale = np.median(highest - lowest) / (levels[-1] - levels[0])
    return Affine(float(scale), float(np.median(lowest)))
