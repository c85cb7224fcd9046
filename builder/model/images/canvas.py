"""Resizes photos as Chromium's canvas does, which Teachable Machine's models are trained with:
bilinear without antialiasing, after halving the photo as often as it stays large enough.

Halves are means of two pixels, or of three weighted 1, 2, 1 where the length is odd (Skia,
src/core/SkMipmapBuilder.cpp); the last of them is bilinear to the length rounded up (Chromium,
cc/tiles/mipmap_util.cc). Measured against the browser in docs/models.md. Each axis is one matrix.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.images.geometry import Axis

Matrix = NDArray[np.float64]


def canvas_resized(pixels: NDArray[Any], rows: Axis, columns: Axis) -> NDArray[np.float32]:
    """Return the kept part of the resized photo, [rows.count, columns.count, 3] of [h, w, 3]."""
    height, width = pixels.shape[:2]
    halvings = halvings_of((height, rows.resized), (width, columns.resized))
    down = canvas_matrix(height, rows, halvings).astype(np.float32)
    across = canvas_matrix(width, columns, halvings).astype(np.float32)
    reduced = down @ pixels.reshape(height, width * 3).astype(np.float32)
    reduced = reduced.reshape(rows.count, width, 3)
    return np.ascontiguousarray(np.einsum("jw,iwc->ijc", across, reduced, optimize=True))


def halvings_of(*lengths: tuple[int, int]) -> int:
    """Return how often a photo is halved, by the lengths of its axes before and after."""
    count = 0
    while all(max(1, -(-before >> count + 1)) >= after for before, after in lengths):
        count += 1
    return count


def canvas_matrix(length: int, axis: Axis, halvings: int) -> Matrix:
    """Return the weights [axis.count, length] of one axis of a photo."""
    lengths = [length]
    while len(lengths) < halvings:
        lengths.append(max(1, lengths[-1] // 2))
    source = -(-length >> halvings) if halvings else length
    weights = _bilinear(source, axis.resized, axis.first, axis.count)
    if halvings:
        weights = weights @ _bilinear(lengths[-1], source, 0, source)
    for before in reversed(lengths[:-1]):
        weights = _of_halved(weights, before)
    return weights


def _of_halved(weights: Matrix, length: int) -> Matrix:
    """Return weights of what was halved as weights of the `length` pixels before."""
    if length == 1:
        return weights
    found = np.zeros((len(weights), length))
    for place, part in enumerate((0.5, 0.5) if length % 2 == 0 else (0.25, 0.5, 0.25)):
        found[:, place : place + length - length % 2 : 2] += part * weights
    return found


def _bilinear(length: int, resized: int, first: int, count: int) -> Matrix:
    centres = (np.arange(first, first + count) + 0.5) * length / resized - 0.5
    lower = np.floor(centres).astype(int)
    # Skia keeps four bits of a fraction.
    part = np.floor((centres - lower) * 16) / 16
    matrix = np.zeros((count, length))
    outputs = np.arange(count)
    np.add.at(matrix, (outputs, np.clip(lower, 0, length - 1)), 1 - part)
    np.add.at(matrix, (outputs, np.clip(lower + 1, 0, length - 1)), part)
    return matrix
