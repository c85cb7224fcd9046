"""The images that a conversion is measured on, and those that weights are rounded on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.images.natural_pictures import (
    CALIBRATION_COUNT,
    Picture,
    as_png,
    calibration_pictures,
    crops,
    natural_pictures,
    shrunk,
)
from builder.model.images.photos import PHOTO_SUFFIXES, decode_photo, prepare
from builder.model.metadata import Origin, Preprocessing

MOST = 1000
"""Photos that are looked at: 600 MB at 224 pixels."""

ENOUGH = 200
"""Number of pictures that distinguishes 98 % of agreement from 95 %."""

_MOST_CALIBRATION = 128
"""Photos that a quantization looks at: more hardly change what it finds."""

_FEWEST = 2
"""One to measure on, one to calibrate on."""


@dataclass(frozen=True)
class SampleImages:
    """Two sets that share no image: figures measured on the images that weights were fitted to are
    too good."""

    measured: NDArray[Any]
    """float32 [N, H, W, 3] in 0…255: what parity is measured on."""
    calibration: NDArray[Any]
    """Likewise: what the quantization looks at."""
    origin: Origin
    """"natural" (the package's own pictures), "photos" (the person's, as they are), or "crops"
    (these are few: crops of them in different light as well)."""


def sample_images(
    preprocessing: Preprocessing, folder: Path | None, calibrates: bool
) -> SampleImages:
    """Return the package's own pictures, or the photos in a folder.

    Of photos every second one goes to calibration, but only where the quantization `calibrates`.
    Raises `PhotosError` where the folder holds too few, or one that cannot be decoded.
    """
    if folder is None:
        pictures = calibration_pictures() if calibrates else ()
        return SampleImages(
            _prepared(natural_pictures(), preprocessing),
            _prepared(pictures, preprocessing),
            "natural",
        )
    files = list_photos(folder)
    measured = files[::2] if calibrates else files
    others = files[1::2] if calibrates else []
    step = max(1, -(-len(others) // _MOST_CALIBRATION))
    return SampleImages(
        _prepared(_with_crops(measured, ENOUGH), preprocessing),
        _prepared(_with_crops(others[::step], CALIBRATION_COUNT), preprocessing),
        "photos" if len(measured) >= ENOUGH else "crops",
    )


def described(images: SampleImages, folder: Path | None) -> str:
    """Return what the images are, for the middle of a sentence."""
    kinds = {
        "natural": "natural pictures",
        "photos": f"photos in {folder}",
        "crops": f"crops of photos in {folder}",
    }
    return kinds[images.origin]


def picture_files(folder: Path | None) -> list[bytes]:
    """Return files of photos for a browser: those in a folder, or the package's own pictures."""
    if folder is None:
        return [as_png(picture) for picture in natural_pictures()]
    files = list_photos(folder)
    files = files[:: -(-len(files) // ENOUGH)]
    added = islice(_with_crops(files, ENOUGH), len(files), None)
    return [*(file.read_bytes() for file in files), *map(as_png, added)]


def _with_crops(files: Sequence[Path], count: int) -> Iterator[Picture]:
    """Yield photos; if there are fewer than `count`, but some, also crops to make up for it."""
    few = []
    for file in files:
        photo = decode_photo(file)
        if len(files) < count:
            few.append(shrunk(photo))
        yield photo
    if few:
        yield from crops(few, count - len(few))


def _prepared(pictures: Iterable[Picture], preprocessing: Preprocessing) -> NDArray[Any]:
    """Return pictures [h, w, 3] of any sizes as the network sees them: float32 [N, H, W, 3]."""
    prepared = [prepare(picture, preprocessing) for picture in pictures]
    size = (preprocessing.input_height, preprocessing.input_width)
    return np.stack(prepared) if prepared else np.empty((0, *size, 3), np.float32)


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
