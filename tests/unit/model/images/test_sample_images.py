"""What a conversion is measured on, and what weights are rounded on, are never the same images."""

from pathlib import Path

import numpy as np
import pytest

from builder.errors import PhotosError
from builder.model.images.natural_pictures import COUNT, natural_pictures
from builder.model.images.photos import decode_photo, prepare
from builder.model.images.sample_images import (
    ENOUGH,
    described,
    list_photos,
    picture_files,
    sample_images,
)
from builder.model.metadata import Preprocessing
from tests.photo_sets import write_shapes

SIZES = Preprocessing(input_height=32, input_width=48)


def shared_images(one: np.ndarray, other: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in one} & {image.tobytes() for image in other}


def test_the_packages_own_pictures_are_enough_and_apart() -> None:
    images = sample_images(SIZES, None, calibrates=True)
    assert images.origin == "natural"
    assert images.measured.shape[1:] == images.calibration.shape[1:] == (32, 48, 3)
    assert images.measured.dtype == images.calibration.dtype == np.float32
    assert len(images.measured) >= ENOUGH
    assert not shared_images(images.measured, images.calibration)
    assert len(sample_images(SIZES, None, calibrates=False).calibration) == 0


def test_every_second_photo_is_for_calibration_where_there_is_one(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path, 3)
    (photos / ".hidden.png").write_bytes(b"")
    (photos / "notes.txt").write_text("")
    images = sample_images(SIZES, photos, calibrates=True)
    own = [prepare(decode_photo(path), SIZES) for path in list_photos(photos)]
    np.testing.assert_array_equal(images.measured[:5], own[::2])
    np.testing.assert_array_equal(images.calibration[:4], own[1::2])
    assert not shared_images(images.measured, images.calibration)
    np.testing.assert_array_equal(sample_images(SIZES, photos, calibrates=False).measured[:9], own)


def test_few_photos_are_varied_and_many_are_taken_as_they_are(tmp_path: Path) -> None:
    few = sample_images(SIZES, write_shapes(tmp_path / "few", 2), calibrates=True)
    assert (few.origin, len(few.measured), len(few.calibration)) == ("crops", ENOUGH, 72)
    assert len({image.tobytes() for image in few.measured}) == ENOUGH
    enough = write_shapes(tmp_path / "enough", 70)
    images = sample_images(SIZES, enough, calibrates=False)
    assert (images.origin, len(images.measured)) == ("photos", 210)
    assert described(images, enough) == f"photos in {enough}"
    assert described(few, enough) == f"crops of photos in {enough}"


@pytest.mark.slow
def test_a_browser_gets_the_same_pictures_as_files(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path, 2)
    files = picture_files(photos)
    assert files[:6] == [path.read_bytes() for path in list_photos(photos)]
    measured = sample_images(SIZES, photos, calibrates=False).measured
    assert len(files) == len(measured) == ENOUGH
    for index in (0, 6, 199):
        ours = prepare(decode_photo(files[index]), SIZES)
        np.testing.assert_array_equal(ours, measured[index])
    own = picture_files(None)
    assert len(own) == COUNT
    np.testing.assert_array_equal(decode_photo(own[7]), natural_pictures()[7])


def test_of_very_many_photos_some_are_taken_from_everywhere(tmp_path: Path) -> None:
    for number in range(2500):
        (tmp_path / f"{number:04}.jpg").touch()
    names = [path.stem for path in list_photos(tmp_path)]
    assert len(names) == 834
    assert (names[0], names[-1]) == ("0000", "2499")


def test_too_few_photos_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").touch()
    with pytest.raises(PhotosError, match="holds 1 photos, and parity needs 2"):
        list_photos(tmp_path)


def test_a_damaged_photo_is_named(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path, 1)
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(PhotosError, match=r"broken\.jpg"):
        sample_images(SIZES, photos, calibrates=False)
