"""Photos, decoded and prepared as the app does it: the reference that the browser must match."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.git_lfs import is_pointer, pointer_message
from builder.model.images.apng import Frame, first_frame
from builder.model.images.canvas import canvas_resized
from builder.model.images.geometry import Axis, photo_axes
from builder.model.images.orientation import exif_of, upright
from builder.model.images.torn_jpeg import with_end
from builder.model.metadata import Preprocessing
from builder.model.setup import tensorflow

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
"""File names that are taken for photos, in lower case."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
"""Formats that are decoded, by Pillow's names: those that browsers show and Pillow decodes itself.
Of its others, EPS starts Ghostscript."""

MAX_PIXELS = 150_000_000
"""Largest photo that is decoded; a file of some kilobytes may claim to be larger (a bomb)."""


def decode_photo(photo: Path | bytes) -> NDArray[np.uint8]:
    """Decode a photo to RGB, uint8 [height, width, 3], as browsers do.

    Of an animation the first frame, upright, transparency over white. Raises `PhotosError` where
    the file cannot be read, is no image, is damaged, or is too large.
    """
    image = _pillow()
    name = "The photo" if isinstance(photo, bytes) else str(photo)
    try:
        content = photo if isinstance(photo, bytes) else photo.read_bytes()
    except OSError as error:
        raise PhotosError(f"{name} cannot be read: {error.strerror}.") from error
    try:
        return _decoded(content, name)
    except PhotosError:
        raise
    except image.DecompressionBombError as error:
        raise PhotosError(f"{name} claims to be too large to decode: {error}") from error
    except image.UnidentifiedImageError as error:
        if is_pointer(content):
            raise PhotosError(pointer_message(name)) from error
        raise PhotosError(
            f"{name} is not an image that can be read: use JPEG, PNG, WebP, GIF or BMP."
        ) from error
    except Exception as error:
        # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and others.
        mended = _mended(content, name)
        if mended is not None:
            return mended
        raise PhotosError(f"{name} is damaged and cannot be decoded ({error}).") from error


def _decoded(content: bytes, name: str) -> NDArray[np.uint8]:
    with _without_warnings(), open_picture(io.BytesIO(content)) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            raise PhotosError(
                f"{name} has {width} by {height} pixels, more than {MAX_PIXELS // 1_000_000} "
                "million: make it smaller."
            )
        exif = exif_of(opened)
        opened.load()
        frame = first_frame(content)
        shown = opened if frame is None else _on_its_ground(frame, opened.size)
        return np.asarray(upright(_to_rgb(shown), exif), np.uint8)


def _on_its_ground(frame: Frame, size: tuple[int, int]) -> Any:
    ground = _pillow().new("RGBA", size)
    with open_picture(io.BytesIO(frame.png)) as opened:
        ground.paste(opened.convert("RGBA"), (frame.left, frame.top))
    return ground


def _mended(content: bytes, name: str) -> NDArray[np.uint8] | None:
    try:
        return with_end(content, lambda whole: _decoded(whole, name))
    except Exception:  # noqa: BLE001 (as in decode_photo: the error was raised already)
        return None


def open_picture(file: Path | BinaryIO) -> Any:
    """Open an untrusted picture with Pillow, which decodes it later; return its image.

    Raises what Pillow raises: `UnidentifiedImageError` for any format but those that browsers show,
    whatever the file is called.
    """
    image = _pillow()
    image.init()
    # Pillow before 11.3 has no AVIF.
    return image.open(file, formats=[name for name in _FORMATS if name in image.OPEN])


def prepare(pixels: NDArray[Any], preprocessing: Preprocessing) -> NDArray[np.float32]:
    """Resize, crop and pad decoded pixels [h, w, 3] to the network's input [H, W, 3].

    Values stay in 0…255, as float32 that is neither rounded nor clipped: scaling and grayscale are
    the network's part. `builder.model.images.geometry` says where the photo goes.
    """
    rows, columns = photo_axes(pixels.shape[0], pixels.shape[1], preprocessing)
    if preprocessing.resampling == "canvas":
        kept = canvas_resized(pixels, rows, columns)
    else:
        kept = _antialiased(pixels, rows, columns)
    if kept.shape[:2] == (rows.size, columns.size):
        return kept
    padded = np.zeros((rows.size, columns.size, 3), np.float32)
    padded[
        rows.before : rows.before + rows.count, columns.before : columns.before + columns.count
    ] = kept
    return padded


def _antialiased(pixels: NDArray[Any], rows: Axis, columns: Axis) -> NDArray[np.float32]:
    tf = tensorflow()
    size = (rows.resized, columns.resized)
    with tf.device("/CPU:0"):
        resized = tf.image.resize(pixels, size, method="bilinear", antialias=True).numpy()
    kept = resized[rows.first :, columns.first :][: rows.count, : columns.count]
    return np.ascontiguousarray(kept, np.float32)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Suppress warnings of Pillow about what it tolerates, such as a damaged EXIF block."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield


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
