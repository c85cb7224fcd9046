"""Pictures that every conversion is tried on: enough of them, and always the same."""

import io

import numpy as np
from PIL import Image

from builder.model.images.natural_pictures import (
    COUNT,
    as_png,
    calibration_pictures,
    crops,
    natural_pictures,
    shrunk,
)


def test_there_are_enough_and_none_is_looked_at_twice() -> None:
    pictures, others = natural_pictures(), calibration_pictures()
    assert len(pictures) == COUNT >= 200
    assert len(others) >= 64
    for picture in (*pictures, *others):
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        assert 100 < max(picture.shape) <= 320
    assert len({picture.tobytes() for picture in (*pictures, *others)}) == COUNT + len(others)
    natural_pictures.cache_clear()
    for one, again in zip(pictures, natural_pictures(), strict=True):
        np.testing.assert_array_equal(one, again)


def test_crops_differ_and_are_of_one_photo_after_the_other() -> None:
    photo = np.full((60, 80, 3), 200, np.uint8)
    photo[..., 0] = np.arange(80)
    many = list(crops([photo, photo // 4], 20))
    assert len({one.tobytes() for one in many}) == len(many) == 20
    brightness = [one.mean() for one in many]
    assert min(brightness[::2]) > max(brightness[1::2])
    assert all(one.shape == (1, 1, 3) for one in crops([photo[:1, :1]], 4))


def test_large_photos_are_shrunk_and_small_ones_are_not() -> None:
    photo = np.zeros((3000, 1500, 3), np.uint8)
    assert shrunk(photo).shape == (640, 320, 3)
    np.testing.assert_array_equal(shrunk(photo[:50, :60]), photo[:50, :60])


def test_a_picture_as_a_file_keeps_its_pixels() -> None:
    picture = natural_pictures()[3]
    with Image.open(io.BytesIO(as_png(picture))) as read:
        np.testing.assert_array_equal(np.asarray(read), picture)
