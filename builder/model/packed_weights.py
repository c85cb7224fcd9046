"""Weights in a quarter of their size: int8 with a scale for each output channel.

One scale for a whole tensor ruins MobileNet, whose channels differ by orders of magnitude; one a
channel does not (Krishnamoorthi 2018, arXiv:1806.08342, section 3).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SCALE = "|scale"
"""Ends the name of a kernel's scales; no Keras path has this character."""
_STEPS = 127


def channel_axis(path: str, rank: int) -> int:
    """Return the axis of a kernel's output channels: a depthwise kernel is [h, w, C, 1]."""
    return rank - 2 if "conv_dw" in path else rank - 1


def quantize(kernel: NDArray[Any], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return whole numbers -127…127 of a kernel's shape and, for each channel, their unit.

    The units have the kernel's rank, and length 1 along every axis but `axis`, the channels'.

    Symmetric, so that a weight of zero stays zero.
    """
    others = tuple(index for index in range(kernel.ndim) if index != axis)
    scale = np.abs(kernel).max(axis=others, keepdims=True) / _STEPS
    scale = np.where(scale > 0, scale, 1.0).astype(np.float32)
    return np.rint(kernel / scale).astype(np.int8), scale


def write_weights(path: Path, weights: Mapping[str, NDArray[Any]]) -> None:
    """Write weights by their path: kernels quantized, the few other numbers as float32."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, values in sorted(weights.items()):
        if name.endswith("kernel"):
            arrays[name], arrays[name + _SCALE] = quantize(values, channel_axis(name, values.ndim))
        else:
            arrays[name] = np.asarray(values, np.float32)
    # Uncompressed: trained weights hardly compress, and NumPy gives the same bytes each time.
    np.savez(path, **arrays)


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a file that `write_weights` wrote, as float32."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return {
        name: (values * arrays[name + _SCALE] if name + _SCALE in arrays else values).astype(
            np.float32
        )
        for name, values in arrays.items()
        if not name.endswith(_SCALE)
    }
