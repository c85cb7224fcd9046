"""Which range of values a network wants, by the arithmetic at its input."""

from collections.abc import Sequence

from builder.model.arithmetic.affine import Affine

RANGES = {"none": (0.0, 255.0), "0-1": (0.0, 1.0), "mobilenet": (-1.0, 1.0)}
"""The ranges that photos are scaled to, by the scaling that does it: unchanged, v / 255, and
v / 127.5 - 1."""

_SMALL = (0.3, 76.0)
"""Extent of the values that layers learn from, 1 to 5 for most. The bounds are this wide, yet only
one of 0…255 and 0…1 can lead there."""
_BYTES = (200.0, 300.0)
"""Extent of 0…255, moved perhaps: what networks of Caffe learn from."""
_OFF_CENTRE = 0.75
"""How far their middle may lie from 0, as a part of their extent: 0.5 where they begin with 0."""


def wanted_range(maps: Sequence[Affine]) -> str | None:
    """Return the scaling, by name, after which a network's own arithmetic gives sensible values.

    None where none of them does, or where there is no arithmetic.
    """
    telling = [one for one in maps if not one.is_identity]
    if not telling:
        return None
    rated = {name: _ratings(telling, *ends) for name, ends in RANGES.items()}
    sensible = {name: ratings for name, ratings in rated.items() if ratings is not None}
    return min(sensible, key=lambda name: sensible[name], default=None)


def _ratings(maps: Sequence[Affine], low: float, high: float) -> tuple[bool, float] | None:
    """Return how unusual the values are that a range becomes, less being better; None: too much
    so."""
    ratings = [_rating(*one.of(low, high)) for one in maps]
    if not all(ratings):
        return None
    return max(rating for rating in ratings if rating is not None)


def _rating(least: float, most: float) -> tuple[bool, float] | None:
    extent = most - least
    is_bytes = _BYTES[0] <= extent <= _BYTES[1]
    off_centre = abs(most + least) / 2 / extent
    if not (is_bytes or _SMALL[0] <= extent <= _SMALL[1]) or off_centre > _OFF_CENTRE:
        return None
    return is_bytes, round(off_centre, 3)
