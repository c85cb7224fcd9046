"""Photos that programs read differently are read as browsers read them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from builder.errors import PhotosError
from builder.model.images.photos import decode_photo
from builder.training.checking import read_problem
from tests.odd_photos import (
    GREEN,
    XMP,
    animation_beside_its_default_image,
    chunk,
    encoded,
    png_with_exif_behind_its_pixels,
    turned,
)

WIDE = Image.effect_noise((40, 24), 60).convert("RGB")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied(orientation: int) -> None:
    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    turns: dict[int, Callable[[np.ndarray], np.ndarray]] = {
        1: lambda image: image,
        2: lambda image: image[:, ::-1],
        3: lambda image: image[::-1, ::-1],
        4: lambda image: image[::-1],
        5: lambda image: image.swapaxes(0, 1),
        6: lambda image: image.swapaxes(0, 1)[:, ::-1],
        7: lambda image: image.swapaxes(0, 1)[::-1, ::-1],
        8: lambda image: image.swapaxes(0, 1)[::-1],
    }
    file = encoded(Image.fromarray(picture), "PNG", exif=turned(orientation))
    np.testing.assert_array_equal(decode_photo(file), turns[orientation](picture))


@pytest.mark.parametrize(
    ("file", "size"),
    [
        (encoded(WIDE, "JPEG", exif=turned()), (40, 24)),
        (encoded(WIDE, "PNG", exif=turned()), (40, 24)),
        (encoded(WIDE, "WEBP", exif=turned()), (24, 40)),
        (encoded(WIDE, "WEBP", xmp=XMP), (24, 40)),
        (encoded(WIDE, "JPEG", xmp=XMP), (24, 40)),
        (png_with_exif_behind_its_pixels(WIDE), (24, 40)),
        (encoded(WIDE, "JPEG", exif=turned(99)), (24, 40)),
        (encoded(WIDE, "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff"), (24, 40)),
    ],
    ids=["JPEG", "PNG", "WebP", "XMP in WebP", "XMP", "behind pixels", "99", "damaged"],
)
def test_only_what_browsers_turn_is_turned(file: bytes, size: tuple[int, int]) -> None:
    assert decode_photo(file).shape[:2] == size


def test_an_animation_shows_its_first_frame_and_not_its_default_image() -> None:
    assert decode_photo(animation_beside_its_default_image())[3, 3].tolist() == list(GREEN)
    part = decode_photo(animation_beside_its_default_image(frame=(20, 9, 7, 5)))
    assert part.shape == (20, 40, 3)
    np.testing.assert_array_equal(part[5:14, 7:27], np.broadcast_to(GREEN, (9, 20, 3)))
    beside = np.ones(part.shape[:2], bool)
    beside[5:14, 7:27] = False
    assert np.all(part[beside] == 255)


def test_a_frame_larger_than_its_animation_is_left_out() -> None:
    large = animation_beside_its_default_image(frame=(41, 20, 0, 0))
    assert decode_photo(large)[3, 3].tolist() == [255, 0, 0]


JPEGS = {
    "baseline": encoded(WIDE, "JPEG"),
    "progressive": encoded(WIDE, "JPEG", progressive=True),
    "restarts": encoded(WIDE, "JPEG", restart_marker_blocks=1),
}


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_that_lacks_only_its_end_is_read(kind: str) -> None:
    whole = JPEGS[kind]
    for torn in (whole[:-2], whole[:-1], whole[:-2] + bytes(40)):
        np.testing.assert_array_equal(decode_photo(torn), decode_photo(whole))


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_that_lacks_pixels_is_refused(kind: str) -> None:
    whole = JPEGS[kind]
    # A progressive file may end after any scan: then it is whole, and less sharp.
    lengths = range(20, len(whole) - 20, len(whole) // 23) if kind != "progressive" else [300]
    for length in (*lengths, len(whole) - 8):
        with pytest.raises(PhotosError, match=r"is damaged|is not an image"):
            decode_photo(whole[:length])


def test_where_its_rows_start_anew_a_torn_jpeg_is_refused() -> None:
    whole = JPEGS["restarts"]
    for number in range(4):
        marker = whole.index(bytes((0xFF, 0xD0 + number)))
        for torn in (whole[:marker], whole[: marker + 2]):
            with pytest.raises(PhotosError, match="is damaged"):
                decode_photo(torn)


def test_training_takes_what_the_app_takes(tmp_path: Path) -> None:
    (tmp_path / "end.jpg").write_bytes(JPEGS["baseline"][:-2])
    (tmp_path / "half.jpg").write_bytes(JPEGS["baseline"][:500])
    assert read_problem(tmp_path / "end.jpg") is None
    assert "runcated" in (read_problem(tmp_path / "half.jpg") or "")


def test_an_animation_without_frames_is_a_picture() -> None:
    content = encoded(WIDE, "PNG")
    place = content.index(b"IDAT") - 4
    animated = content[:place] + chunk(b"acTL", bytes(8)) + content[place:]
    np.testing.assert_array_equal(decode_photo(animated), decode_photo(content))
