"""The images that a conversion is measured on, and those that weights are rounded on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.metadata import Preprocessing
from builder.model.photos import PHOTO_SUFFIXES, decode_photo, prepare
from builder.model.reference_images import calibration_images, reference_images

MOST = 1000
"""Photos that are looked at: 600 MB at 224 pixels."""

_FEWEST = 2
"""One to measure on, one to calibrate on."""


@dataclass(frozen=True)
class SampleImages:
    """Two sets that share no image: measured on what weights were fitted to, figures flatter."""

    measured: NDArray[Any]
    """float32 [N, H, W, 3] in 0…255: what parity is measured on."""
    calibration: NDArray[Any]
    """Of the same shape: what the quantization "mixed" rounds weights on."""
    origin: str
    """"generated" or "photos"."""


def sample_images(
    preprocessing: Preprocessing, folder: Path | None, calibrates: bool
) -> SampleImages:
    """Return the package's generated images, or the photos in a folder.

    Of photos every second one goes to calibration, but only where the quantization `calibrates`.
    Raises `PhotosError` where the folder holds too few, or one that cannot be decoded.
    """
    if folder is None:
        size = (preprocessing.input_height, preprocessing.input_width)
        measured = reference_images(*size)
        calibration = calibration_images(*size) if calibrates else measured[:0]
        return SampleImages(measured, calibration, "generated")
    photos = np.stack([prepare(decode_photo(file), preprocessing) for file in list_photos(folder)])
    if not calibrates:
        return SampleImages(photos, photos[:0], "photos")
    return SampleImages(photos[::2], photos[1::2], "photos")


def list_photos(folder: Path) -> list[Path]:
    """Return the photos in a folder and those below it, sorted; of very many, evenly chosen ones.

    Raises `PhotosError` where there are too few.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in PHOTO_SUFFIXES and not path.name.startswith(".")
    )
    if len(files) < _FEWEST:
        raise PhotosError(
            f"{folder} holds {len(files)} photos, and parity needs {_FEWEST} or more (better 100): "
            "JPEG, PNG, WebP, GIF or BMP. Name another folder with --parity-images."
        )
    step = -(-len(files) // MOST)
    return files[::step]
