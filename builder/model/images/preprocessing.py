"""The network's scaling of channel values as one affine map of RGB, and as plain NumPy."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config.scaling import parse_numbers
from builder.model.metadata import Preprocessing

LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of R, G and B in the luminance: ITU-R BT.601, section 2.5.1."""

SCALINGS = {
    "none": Preprocessing(0, 0),
    "mobilenet": Preprocessing(0, 0, rescale_factor=1 / 127.5, image_mean=(1.0, 1.0, 1.0)),
    "imagenet": Preprocessing(
        *(0, 0),
        rescale_factor=1 / 255,
        image_mean=(0.485, 0.456, 0.406),
        image_std=(0.229, 0.224, 0.225),
    ),
    "caffe": Preprocessing(0, 0, image_mean=(123.68, 116.779, 103.939), channel_order="bgr"),
    "0-1": Preprocessing(0, 0, rescale_factor=1 / 255),
}
"""The scalings that have a name. The first four are all that Keras knows: none, and its modes "tf",
"torch" and "caffe" (`keras.applications.imagenet_utils.preprocess_input`)."""


def with_scaling(preprocessing: Preprocessing, scaling: str) -> Preprocessing:
    """Return `preprocessing` with the scaling of a setting: a name, or mean/deviation."""
    if scaling in SCALINGS:
        wanted = SCALINGS[scaling]
    else:
        mean, std = parse_numbers(scaling)
        wanted = Preprocessing(0, 0, image_mean=mean, image_std=std)
    return replace(
        preprocessing,
        rescale_factor=wanted.rescale_factor,
        image_mean=wanted.image_mean,
        image_std=wanted.image_std,
        channel_order=wanted.channel_order,
    )


def scaling_name(preprocessing: Preprocessing) -> str:
    """Return the scaling as the setting would have it: a name, or mean/deviation of 0…255."""
    for name in SCALINGS:
        if with_scaling(preprocessing, name) == preprocessing:
            return name
    factor = preprocessing.rescale_factor
    sides = (
        [f"{value / factor:.4g}" for value in values]
        for values in (preprocessing.image_mean, preprocessing.image_std)
    )
    return "/".join(side[0] if len(set(side)) == 1 else ",".join(side) for side in sides)


def affine(preprocessing: Preprocessing) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the matrix [3, C] and offset [C] with `network input = rgb @ matrix + offset`.

    Grayscale, rescale factor, mean, standard deviation and channel order are all in it. C, the
    number of the network's channels, is 3 or, for the luminance alone, 1.
    """
    std = np.asarray(preprocessing.image_std, np.float64)
    matrix = np.eye(3)
    if preprocessing.grayscale:
        matrix = np.repeat(np.asarray(LUMINANCE, np.float64)[:, np.newaxis], 3, axis=1)
    matrix = matrix * (preprocessing.rescale_factor / std)
    offset = -np.asarray(preprocessing.image_mean, np.float64) / std
    if preprocessing.channel_order == "bgr":
        matrix, offset = matrix[:, ::-1], offset[::-1]
    return matrix[:, : preprocessing.channels], offset[: preprocessing.channels]


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
    ordered = scaled[..., ::-1] if preprocessing.channel_order == "bgr" else scaled
    return ordered[..., : preprocessing.channels]
