"""The quantizations that TensorFlow.js itself knows: each weight for itself, nothing measured."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.quantize.forms import Stored, TensorScaled

_STEPS = 255
"""Steps from the smallest byte to the largest."""

_DROPPED = 1 << 9
"""Steps of float32 (24 significant bits) in one of 15 significant bits."""


def as_float16(
    weights: Mapping[str, NDArray[Any]],
    exempt: Collection[str] = (),
    delicate: Collection[str] = (),
) -> dict[str, Stored]:
    """Store every float32 weight in half precision, but those that half precision cannot hold.

    `exempt` are stored as they are, `delicate` in float32 with 15 significant bits.
    """
    return {
        name: array
        if name in exempt
        else shortened(array)
        if name in delicate
        else in_half_precision(array)
        for name, array in weights.items()
    }


def as_uint8(
    weights: Mapping[str, NDArray[Any]], exempt: Collection[str] = ()
) -> dict[str, Stored]:
    """Store every float32 weight of more than one value in bytes, one scale a tensor.

    What TensorFlow.js's converter does with `--quantize_uint8`. Networks with depthwise
    convolutions rarely survive it (Nagel et al. 2019, arXiv:1906.04721, table 1).
    """
    return {
        name: array if name in exempt or array.size < 2 else _in_bytes(array)
        for name, array in weights.items()
    }


def in_half_precision(array: NDArray[Any]) -> NDArray[Any]:
    """Return a float32 array in half precision; any other, or one that does not fit, as it is."""
    limit = float(np.finfo(np.float16).max)
    fits = array.dtype == np.float32 and bool(np.all(np.abs(array) <= limit))
    return array.astype(np.float16) if fits else array


def shortened(array: NDArray[Any]) -> NDArray[Any]:
    """Return a float32 array rounded to 15 significant bits; any other as it is.

    Half precision has 11. What follows the 15 is zero, and so compresses away on the wire.
    """
    if array.dtype != np.float32:
        return array
    bits = np.ascontiguousarray(array).view(np.uint32)
    rounded = (bits + np.uint32(_DROPPED // 2)) & ~np.uint32(_DROPPED - 1)
    return np.where(np.isfinite(array), rounded.view(np.float32), array)


def _in_bytes(array: NDArray[Any]) -> Stored:
    """Round to a grid that has zero on it: padding and pruned weights stay exact."""
    if array.dtype != np.float32:
        return array
    low, high = min(float(array.min()), 0.0), max(float(array.max()), 0.0)
    scale = (high - low) / _STEPS
    if scale == 0 or not np.isfinite(scale):
        return array
    zero = round(-low / scale)
    values = np.clip(np.rint(array / scale) + zero, 0, _STEPS).astype(np.uint8)
    return TensorScaled(values, scale, -zero * scale)
