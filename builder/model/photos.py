"""Photos, decoded and prepared as the app does it: the reference that the browser must match."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.metadata import Preprocessing
from builder.model.setup import tensorflow

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
"""File names that are taken for photos, in lower case."""

MAX_PIXELS = 150_000_000
"""Largest photo that is decoded; a file of some kilobytes may claim to be larger (a bomb)."""


def decode_photo(photo: Path | bytes) -> NDArray[np.uint8]:
    """Decode a photo to RGB, uint8 [height, width, 3].

    The first frame of an animation, turned as its EXIF orientation says, transparency over white.
    Raises `PhotosError` where the file cannot be read, is no image, is damaged, or is too large.
    """
    image = _pillow()
    from PIL import ImageOps

    name = "The photo" if isinstance(photo, bytes) else str(photo)
    try:
        content = photo if isinstance(photo, bytes) else photo.read_bytes()
    except OSError as error:
        raise PhotosError(f"{name} cannot be read: {error.strerror}.") from error
    try:
        with image.open(io.BytesIO(content)) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise PhotosError(
                    f"{name} has {width} by {height} pixels, more than {MAX_PIXELS // 1_000_000} "
                    "million: make it smaller."
                )
            opened.load()
            return np.asarray(_to_rgb(ImageOps.exif_transpose(opened)), np.uint8)
    except PhotosError:
        raise
    except image.DecompressionBombError as error:
        raise PhotosError(f"{name} claims to be too large to decode: {error}") from error
    except image.UnidentifiedImageError as error:
        raise PhotosError(
            f"{name} is not an image that can be read: use JPEG, PNG, WebP, GIF or BMP."
        ) from error
    except Exception as error:
        # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and others.
        raise PhotosError(f"{name} is damaged and cannot be decoded ({error}).") from error


def prepare(pixels: NDArray[Any], preprocessing: Preprocessing) -> NDArray[np.float32]:
    """Resize and crop decoded pixels [h, w, 3] to the network's input [H, W, 3].

    Values stay in 0…255, as float32 that is neither rounded nor clipped: scaling and grayscale are
    the network's part. The photo is resized until it just covers the resize size (bilinear, with
    antialiasing: `tf.image.resize`), then its central part is taken.
    """
    tf = tensorflow()
    height, width = covering_size(pixels.shape[0], pixels.shape[1], preprocessing)
    with tf.device("/CPU:0"):
        resized = tf.image.resize(pixels, (height, width), method="bilinear", antialias=True)
    top = (height - preprocessing.input_height) // 2
    left = (width - preprocessing.input_width) // 2
    cropped = resized.numpy()[
        top : top + preprocessing.input_height, left : left + preprocessing.input_width
    ]
    return np.ascontiguousarray(cropped, np.float32)


def covering_size(height: int, width: int, preprocessing: Preprocessing) -> tuple[int, int]:
    """Return the height and width to which a photo is resized before the crop.

    One side is the resize size exactly, the other is in proportion, rounded half up; in integers,
    so that the browser's arithmetic cannot differ.
    """
    target_height, target_width = preprocessing.resize_height, preprocessing.resize_width
    if width * target_height <= height * target_width:
        proportional = (2 * height * target_width + width) // (2 * width)
        return max(target_height, proportional), target_width
    proportional = (2 * width * target_height + height) // (2 * height)
    return target_height, max(target_width, proportional)


@cache
def _pillow() -> Any:
    from PIL import Image

    # Pillow warns at half of this and refuses at twice; 12,000 by 9,000 pixels are a real photo.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    return Image


def _to_rgb(opened: Any) -> Any:
    """Convert any of Pillow's modes to RGB, transparent pixels over white."""
    image = _pillow()
    if opened.mode.startswith("I"):
        # 16 bits a pixel: keep the upper 8, as browsers do; Pillow would clip at 255.
        return image.fromarray((np.asarray(opened) >> 8).astype(np.uint8)).convert("RGB")
    if opened.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in opened.info:
        rgba = opened.convert("RGBA")
        white = image.new("RGBA", rgba.size, "white")
        return image.alpha_composite(white, rgba).convert("RGB")
    return opened.convert("RGB")
