"""The network's scaling of channel values as one affine map of RGB, and as plain NumPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.metadata import Preprocessing

LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of R, G and B in the luminance: ITU-R BT.601, section 2.5.1."""


def affine(preprocessing: Preprocessing) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the matrix [3, 3] and offset [3] with `network input = rgb @ matrix + offset`.

    Grayscale, rescale factor, mean, standard deviation and channel order are all in it.
    """
    std = np.asarray(preprocessing.image_std, np.float64)
    matrix = np.eye(3)
    if preprocessing.grayscale:
        matrix = np.repeat(np.asarray(LUMINANCE, np.float64)[:, np.newaxis], 3, axis=1)
    matrix = matrix * (preprocessing.rescale_factor / std)
    offset = -np.asarray(preprocessing.image_mean, np.float64) / std
    if preprocessing.channel_order == "bgr":
        matrix, offset = matrix[:, ::-1], offset[::-1]
    return matrix, offset


def scale(images: Any, preprocessing: Preprocessing) -> NDArray[Any]:
    """Return images [N, H, W, 3] in 0…255 as the Keras model wants them, step by step.

    The reference that the graph's own scaling is measured against, so it shares no code with it.
    """
    rgb = np.asarray(images, np.float32)
    if preprocessing.grayscale:
        red, green, blue = np.moveaxis(rgb, -1, 0)
        gray = LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue
        rgb = np.stack([gray, gray, gray], axis=-1)
    mean = np.asarray(preprocessing.image_mean, np.float32)
    std = np.asarray(preprocessing.image_std, np.float32)
    scaled = (rgb * np.float32(preprocessing.rescale_factor) - mean) / std
    return scaled[..., ::-1] if preprocessing.channel_order == "bgr" else scaled
