"""Where a photo lies in the network's input: the arithmetic of resizing, cropping and padding.

The browser computes the same in `site_templates/app/classifier/geometry.js`: in whole numbers, or
in double precision where a canvas is imitated, so that the two cannot differ.
"""

import math
from dataclasses import dataclass, replace

from builder.model.metadata import Preprocessing

USUAL_CROP_FRACTION = 0.875
"""224 of 256 pixels, as ImageNet's networks are evaluated (Krizhevsky et al. 2012)."""


@dataclass(frozen=True)
class Axis:
    """One axis of a photo on its way to the network's input, pixels."""

    resized: int
    """Length of the whole resized photo."""
    first: int
    """First pixel of the resized photo that is kept."""
    count: int
    """How many are kept."""
    before: int
    """Where the first kept pixel lies in the input: how many black ones come before it."""
    size: int
    """Length of the input."""


def with_geometry(
    preprocessing: Preprocessing, fit: str | None, crop_fraction: float | None
) -> Preprocessing:
    """Return `preprocessing` with what was asked for; None leaves it as it is.

    Where a new fit comes without a fraction, "crop" uses the usual part, and the others use the
    whole photo.
    """
    wanted = fit or preprocessing.fit
    if crop_fraction is None:
        crop_fraction = preprocessing.crop_fraction
        if wanted != preprocessing.fit:
            crop_fraction = USUAL_CROP_FRACTION if wanted == "crop" else 1.0
    return replace(preprocessing, fit=wanted, crop_fraction=crop_fraction)


def photo_axes(height: int, width: int, preprocessing: Preprocessing) -> tuple[Axis, Axis]:
    """Return where the rows and the columns of a photo of `height` by `width` pixels go."""
    resized_height, resized_width = _resized(height, width, preprocessing)
    return (
        _middle(resized_height, preprocessing.input_height),
        _middle(resized_width, preprocessing.input_width),
    )


def _middle(resized: int, size: int) -> Axis:
    if resized < size:
        return Axis(resized, 0, resized, (size - resized) // 2, size)
    return Axis(resized, (resized - size) // 2, size, 0, size)


def _resized(height: int, width: int, preprocessing: Preprocessing) -> tuple[int, int]:
    """Return height and width of the resized photo, at least 1.

    Where its shape is kept, one side is the wanted size exactly, and the other in proportion,
    rounded half up; a canvas has it rounded up.
    """
    wanted_height, wanted_width = preprocessing.resize_height, preprocessing.resize_width
    if preprocessing.fit == "stretch":
        return wanted_height, wanted_width
    is_upright = width * wanted_height <= height * wanted_width
    if preprocessing.fit == "pad":
        is_upright = not is_upright
    if preprocessing.resampling == "canvas":
        scale = wanted_width / width if is_upright else wanted_height / height
        return math.ceil(height * scale), math.ceil(width * scale)
    if is_upright:
        return max(1, _rounded(height * wanted_width, width)), wanted_width
    return wanted_height, max(1, _rounded(width * wanted_height, height))


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
