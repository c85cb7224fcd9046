"""Crops of photos in different light: test images for a classifier where no photos were given.

The photos are those that scikit-image ships and that are free by their notices there (CC0, public
domain, no known copyright restrictions): people, animals, things, textures, and what telescopes and
microscopes see. A network has learnt nothing that would distinguish drawn images.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError

Picture = NDArray[np.uint8]
"""RGB, [height, width, 3]."""

_PHOTOS = (
    *("astronaut.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "rocket.jpg"),
    *("brick.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "retina.jpg"),
)
"""Their notices are in the docstrings of `skimage.data`."""

COUNT = 204
"""Pictures that parity is measured on: 17 of each photo."""

CALIBRATION_COUNT = 72
"""Others, 6 of each photo, that weights are rounded on."""

_LONGEST = 320
"""Longest side of a picture, pixels: more than most networks look at."""


@cache
def natural_pictures() -> tuple[Picture, ...]:
    """Return `COUNT` pictures, the same on every machine; some 40 MB."""
    return tuple(_varied(_photos(), range(COUNT)))


@cache
def calibration_pictures() -> tuple[Picture, ...]:
    """Return `CALIBRATION_COUNT` pictures, none of which is among `natural_pictures`."""
    return tuple(_varied(_photos(), range(COUNT, COUNT + CALIBRATION_COUNT)))


def crops(photos: Sequence[Picture], count: int) -> Iterator[Picture]:
    """Yield `count` crops in different light, of one photo after the other."""
    return _varied(photos, range(count))


def shrunk(photo: Picture) -> Picture:
    """Return a photo no larger than crops of it need: hundreds are held in memory at once."""
    from PIL import Image

    image = Image.fromarray(photo)
    image.thumbnail((2 * _LONGEST, 2 * _LONGEST), Image.Resampling.BILINEAR, reducing_gap=None)
    return np.asarray(image, np.uint8)


def as_png(picture: Picture) -> bytes:
    """Return a picture as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _varied(photos: Sequence[Picture], seeds: range) -> Iterator[Picture]:
    """Yield a crop in other light for each seed, of one photo after the other."""
    for seed in seeds:
        rng = np.random.Generator(np.random.PCG64(seed))
        yield _relit(_cropped(photos[seed % len(photos)], rng), rng)


def _cropped(photo: Picture, rng: np.random.Generator) -> Picture:
    """Return a part of the photo, 40 to 100 % of each side, mirrored or not."""
    from PIL import Image

    height, width = photo.shape[:2]
    rows, columns = (max(1, round(side * rng.uniform(0.4, 1.0))) for side in (height, width))
    top, left = rng.integers(height - rows + 1), rng.integers(width - columns + 1)
    part = photo[top : top + rows, left : left + columns]
    if rng.integers(2):
        part = part[:, ::-1]
    image = Image.fromarray(np.ascontiguousarray(part))
    image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BILINEAR, reducing_gap=None)
    return np.asarray(image, np.uint8)


def _relit(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return a picture darker or brighter, harder or softer, warmer or colder."""
    values = np.arange(256) / 255
    gamma, contrast = rng.uniform(0.7, 1.4), rng.uniform(0.7, 1.2)
    tables = [
        np.clip(np.rint(255 * (0.5 + contrast * (gain * values**gamma - 0.5))), 0, 255)
        for gain in rng.uniform(0.9, 1.1, 3)
    ]
    return np.stack(
        [table.astype(np.uint8)[picture[..., color]] for color, table in enumerate(tables)], axis=-1
    )


@cache
def _photos() -> tuple[Picture, ...]:
    from PIL import Image

    folder = _folder()
    try:
        return tuple(
            np.asarray(Image.open(folder / name).convert("RGB"), np.uint8) for name in _PHOTOS
        )
    except OSError as error:
        raise ModelError(
            f"scikit-image lacks one of the photos that a model is tested on ({error}). Install it"
            " again, or name photos of your own with --parity-images."
        ) from error


def _folder() -> Path:
    """Return where scikit-image keeps its photos; it is not imported, which takes a second."""
    found: Any = find_spec("skimage")
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            "scikit-image, whose photos a model is tested on, is not installed. Install it, or name"
            " photos of your own with --parity-images."
        )
    return Path(found.submodule_search_locations[0], "data")
