import io
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from builder.errors import PhotosError
from builder.model.images.geometry import Axis, photo_axes
from builder.model.images.photos import MAX_PIXELS, decode_photo, prepare
from builder.model.metadata import Preprocessing


def _encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _quarters() -> Image.Image:
    """Return 4 by 2 pixels: red, green, blue and white in the quarters."""
    image = Image.new("RGB", (4, 2), "white")
    image.putpixel((0, 0), (255, 0, 0))
    image.putpixel((3, 0), (0, 255, 0))
    image.putpixel((0, 1), (0, 0, 255))
    return image


def test_bytes_and_paths_give_the_same_pixels(tmp_path: Path) -> None:
    content = _encoded(_quarters())
    (tmp_path / "photo.png").write_bytes(content)
    pixels = decode_photo(content)
    assert pixels.shape == (2, 4, 3)
    assert pixels.dtype == np.uint8
    assert pixels[0, 0].tolist() == [255, 0, 0]
    np.testing.assert_array_equal(pixels, decode_photo(tmp_path / "photo.png"))


def test_exif_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned: the stored left column is the top row.
    pixels = decode_photo(_encoded(_quarters(), exif=exif))
    assert pixels.shape == (4, 2, 3)
    assert pixels[0, 1].tolist() == [255, 0, 0]
    assert pixels[0, 0].tolist() == [0, 0, 255]
    assert pixels[3, 1].tolist() == [0, 255, 0]


def test_transparency_shows_white() -> None:
    half = Image.new("RGBA", (1, 1), (200, 0, 0, 128))
    assert decode_photo(_encoded(half))[0, 0].tolist() == [227, 127, 127]
    palette = Image.new("P", (1, 1))
    palette.putpalette([10, 20, 30])
    assert decode_photo(_encoded(palette, transparency=0))[0, 0].tolist() == [255, 255, 255]
    gray = Image.new("LA", (1, 1), (0, 0))
    assert decode_photo(_encoded(gray))[0, 0].tolist() == [255, 255, 255]


def test_other_modes_become_rgb() -> None:
    assert decode_photo(_encoded(Image.new("L", (1, 1), 77)))[0, 0].tolist() == [77] * 3
    assert decode_photo(_encoded(Image.new("1", (1, 1), 1)))[0, 0].tolist() == [255] * 3
    deep = Image.fromarray(np.full((1, 1), 0x8180, np.uint16))
    assert decode_photo(_encoded(deep))[0, 0].tolist() == [0x81] * 3
    cmyk = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    assert decode_photo(_encoded(cmyk, "JPEG"))[0, 0].tolist() == [255] * 3


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (2, 2), color) for color in ("red", "blue")]
    content = _encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_photo(content)[0, 0].tolist() == [255, 0, 0]


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    body = chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not an image that can be read"),
        (b"<!doctype html><title>404</title>", "is not an image that can be read"),
        (_encoded(Image.effect_noise((64, 64), 50), "JPEG")[:900], "is damaged"),
        (_png_claiming(60_000, 60_000), "claims to be too large"),
    ],
)
def test_what_is_no_photo_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(PhotosError, match=reason) as caught:
        decode_photo(path)
    assert str(path) in caught.value.message


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_photo_beyond_the_limit_is_told_before_it_is_decoded() -> None:
    with pytest.raises(PhotosError, match="20000 by 10000 pixels, more than 150 million"):
        decode_photo(_png_claiming(20_000, 10_000))
    assert MAX_PIXELS > 12_000 * 9_000


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PhotosError, match=r"none\.jpg cannot be read: No such file"):
        decode_photo(tmp_path / "none.jpg")


CHROMIUM_156_CANVAS = [
    [127, 115, 137, 135, 122, 132, 125, 130],
    [119, 112, 124, 121, 123, 143, 138, 132],
    [121, 112, 126, 122, 139, 111, 139, 122],
    [122, 131, 124, 123, 136, 114, 127, 120],
    [127, 127, 112, 112, 145, 127, 131, 134],
    [133, 130, 116, 123, 141, 124, 120, 129],
    [120, 116, 120, 121, 123, 128, 139, 140],
    [124, 113, 125, 132, 126, 131, 118, 124],
]
"""The green of noise of 100 by 75 pixels after Teachable Machine's `drawImage` to 8 by 8."""


def resized(height: int, width: int, preprocessing: Preprocessing) -> tuple[int, int]:
    rows, columns = photo_axes(height, width, preprocessing)
    return rows.resized, columns.resized


@pytest.mark.parametrize(
    ("photo", "size"),
    [
        ((256, 256), (256, 256)),
        ((1, 1), (256, 256)),
        ((100, 200), (256, 512)),
        ((333, 500), (256, 384)),
        ((500, 333), (384, 256)),
        ((9000, 12000), (256, 341)),
        # 201 · 256 / 512 = 100.5, rounded up, and no less than what must be covered.
        ((512, 201), (652, 256)),
        ((1, 10_000), (256, 2_560_000)),
    ],
)
def test_the_resized_photo_just_covers(photo: tuple[int, int], size: tuple[int, int]) -> None:
    assert resized(*photo, Preprocessing(224, 224)) == size


def test_half_pixels_round_up() -> None:
    scaling = Preprocessing(4, 4, crop_fraction=1.0)
    assert resized(9, 8, scaling) == (5, 4)
    assert resized(8, 9, scaling) == (4, 5)
    assert resized(8, 11, scaling) == (4, 6)


@pytest.mark.parametrize(
    ("fit", "photo", "rows", "columns"),
    [
        ("stretch", (30, 50), Axis(16, 0, 16, 0, 16), Axis(24, 0, 24, 0, 24)),
        ("pad", (30, 50), Axis(14, 0, 14, 1, 16), Axis(24, 0, 24, 0, 24)),
        ("pad", (30, 20), Axis(16, 0, 16, 0, 16), Axis(11, 0, 11, 6, 24)),
        ("pad", (1, 400), Axis(1, 0, 1, 7, 16), Axis(24, 0, 24, 0, 24)),
        ("crop", (30, 50), Axis(16, 0, 16, 0, 16), Axis(27, 1, 24, 0, 24)),
    ],
)
def test_a_photo_of_any_shape_is_fitted(
    fit: str, photo: tuple[int, int], rows: Axis, columns: Axis
) -> None:
    assert photo_axes(*photo, Preprocessing(16, 24, crop_fraction=1.0, fit=fit)) == (rows, columns)


def test_beside_a_padded_photo_all_is_black() -> None:
    white = np.full((10, 20, 3), 255, np.uint8)
    padded = prepare(white, Preprocessing(8, 8, crop_fraction=1.0, fit="pad"))
    np.testing.assert_allclose(padded[2:6], 255, atol=1e-3)
    np.testing.assert_array_equal(padded[[0, 1, 6, 7]], 0)


def test_a_stretched_photo_is_seen_whole() -> None:
    ramp = np.arange(40, dtype=np.uint8)[:, None, None] * np.ones((1, 8, 3), np.uint8)
    stretched = prepare(ramp, Preprocessing(8, 8, crop_fraction=1.0, fit="stretch"))
    np.testing.assert_allclose(stretched[1:-1, 0, 0], np.arange(7, 35, 5), atol=0.05)


def test_a_canvas_halves_and_then_takes_the_nearest_two_pixels() -> None:
    photo = np.random.default_rng(5).integers(0, 256, (75, 100, 3), np.uint8)
    canvas = Preprocessing(8, 8, crop_fraction=1.0, resampling="canvas")
    green = np.floor(prepare(photo, canvas)[..., 1])
    # It cuts fractions off after each step.
    assert np.abs(green - CHROMIUM_156_CANVAS).max() <= 4
    antialiased = prepare(photo, replace(canvas, resampling="antialias"))[..., 1]
    assert np.abs(antialiased - CHROMIUM_156_CANVAS).max() > 15


def test_inputs_need_not_be_square() -> None:
    scaling = Preprocessing(64, 128, crop_fraction=0.875)
    assert (scaling.resize_height, scaling.resize_width) == (73, 146)
    pixels = np.random.default_rng(0).integers(0, 256, (90, 100, 3), np.uint8)
    assert prepare(pixels, scaling).shape == (64, 128, 3)


def test_values_are_neither_scaled_nor_rounded() -> None:
    scaling = Preprocessing(8, 8, rescale_factor=1 / 255, grayscale=True)
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    prepared = prepare(pixels, scaling)
    assert prepared.dtype == np.float32
    assert prepared.max() > 1.5
    assert not np.array_equal(prepared, np.rint(prepared))
    assert np.std(prepared - prepared.mean(-1, keepdims=True)) > 1


def test_the_crop_is_central_and_its_odd_pixel_goes_to_the_end() -> None:
    scaling = Preprocessing(4, 4, crop_fraction=4 / 7)
    ramp = np.broadcast_to(np.arange(7, dtype=np.uint8)[:, None, None], (7, 7, 3))
    np.testing.assert_allclose(prepare(ramp, scaling)[:, 0, 0], [1, 2, 3, 4], atol=1e-5)
