"""Variations of training photos: random crops, mirror images, light."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.images.preprocessing import affine
from builder.model.metadata import Preprocessing


@dataclass(frozen=True)
class Augmentation:
    """How far a view may stray from the photo."""

    smallest_area: float
    """Part of the photo's area that the smallest crop keeps."""
    aspect: float
    """Largest ratio of the crop's sides."""
    light: float
    """Brightness, contrast and each channel change by up to this part."""
    mirror: bool = True


AUGMENTATIONS = {
    "none": Augmentation(1.0, 1.0, 0.0, mirror=False),
    "light": Augmentation(0.7, 1.1, 0.1),
    "medium": Augmentation(0.5, 4 / 3, 0.2),
    "strong": Augmentation(0.2, 4 / 3, 0.4),
}


def draw_boxes(count: int, augmentation: Augmentation, rng: np.random.Generator) -> NDArray[Any]:
    """Return `count` crops [count, 4] as y1, x1, y2, x2 in parts of the photo's sides.

    Area and aspect are drawn as for Inception (Szegedy et al. 2014, arXiv:1409.4842). A mirrored
    crop has x1 > x2, which `tf.image.crop_and_resize` reads as such.
    """
    area = rng.uniform(augmentation.smallest_area, 1.0, count)
    ratio = np.exp(rng.uniform(-1.0, 1.0, count) * np.log(augmentation.aspect) / 2)
    height = np.minimum(1.0, np.sqrt(area) * ratio)
    width = np.minimum(1.0, np.sqrt(area) / ratio)
    top = rng.uniform(0.0, 1.0, count) * (1.0 - height)
    left = rng.uniform(0.0, 1.0, count) * (1.0 - width)
    boxes = np.stack([top, left, top + height, left + width], axis=-1)
    return mirror_half(boxes.astype(np.float32), augmentation, rng)


def mirror_half(
    boxes: NDArray[Any], augmentation: Augmentation, rng: np.random.Generator
) -> NDArray[Any]:
    """Return the crops [n, 4], half of them as mirror images where the augmentation has these."""
    mirrored = (rng.uniform(size=(len(boxes), 1)) < 0.5) & augmentation.mirror
    return np.where(mirrored, boxes[:, [0, 3, 2, 1]], boxes)


def crop(photos: Any, boxes: Any, side: int) -> Any:
    """Return the `boxes` [B, 4] of photos uint8 [B, S, S, 3] as float32 [B, side, side, 3]."""
    import tensorflow as tf

    size = tf.cast(tf.shape(photos)[1], tf.float32)
    # crop_and_resize samples from corner pixel to corner pixel; shift the box so that the samples
    # lie at the centres of the crop's cells, as in every other resize of this project.
    y1, x1, y2, x2 = tf.unstack(boxes * size, axis=-1)
    dy, dx = (y2 - y1) / (2 * side), (x2 - x1) / (2 * side)
    centres = tf.stack([y1 + dy, x1 + dx, y2 - dy, x2 - dx], axis=-1) - 0.5
    count = tf.shape(photos)[0]
    return tf.image.crop_and_resize(
        tf.cast(photos, tf.float32), centres / (size - 1), tf.range(count), (side, side)
    )


def draw_light(count: int, augmentation: Augmentation, rng: np.random.Generator) -> NDArray[Any]:
    """Return factors [count, 4] of contrast and of each channel, of `count` views."""
    light = augmentation.light
    contrast, gain = 1.0 + rng.uniform(-light, light, (2, count, 1))
    tint = 1.0 + rng.uniform(-light / 2, light / 2, (count, 3))
    return np.asarray(np.concatenate([contrast, gain * tint], axis=1), np.float32)


def relight(photos: Any, factors: Any) -> Any:
    """Vary contrast, brightness and tint of photos float32 [B, H, W, 3] in 0…255.

    `factors` [B, 4] as `draw_light` makes them.
    """
    import tensorflow as tf

    mean = tf.reduce_mean(photos, axis=(1, 2, 3), keepdims=True)
    contrast, channels = factors[:, tf.newaxis, tf.newaxis, :1], factors[:, tf.newaxis, tf.newaxis]
    lit = ((photos - mean) * contrast + mean) * channels[..., 1:]
    return tf.clip_by_value(lit, 0.0, 255.0)


def scaler(preprocessing: Preprocessing) -> Callable[[Any], Any]:
    """Return a function from RGB 0…255 [B, H, W, 3] to what the network wants."""
    import tensorflow as tf

    matrix, offset = (part.astype(np.float32) for part in affine(preprocessing))
    diagonal = np.diagonal(matrix)
    if np.array_equal(np.diag(diagonal), matrix):
        return lambda photos: tf.cast(photos, tf.float32) * diagonal + offset
    return lambda photos: tf.tensordot(tf.cast(photos, tf.float32), matrix, 1) + offset


def central(photos: Any, preprocessing: Preprocessing, side: int) -> Any:
    """Return what the app would show the network: resized, the central crop, float32."""
    import tensorflow as tf

    covering = int(side / preprocessing.crop_fraction + 0.5)
    resized = tf.cast(photos, tf.float32)
    if photos.shape[1] != covering:
        resized = tf.image.resize(photos, (covering, covering), method="bilinear", antialias=True)
    start = (covering - side) // 2
    return resized[:, start : start + side, start : start + side]
