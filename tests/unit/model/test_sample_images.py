"""What a conversion is measured on, and what weights are rounded on, are never the same images."""

from pathlib import Path

import numpy as np
import pytest

from builder.errors import PhotosError
from builder.model.metadata import Preprocessing
from builder.model.sample_images import list_photos, sample_images
from tests.photo_sets import write_shapes

SIZES = Preprocessing(input_height=32, input_width=48)


def shared_images(one: np.ndarray, other: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in one} & {image.tobytes() for image in other}


def test_generated_images_are_apart() -> None:
    images = sample_images(SIZES, None, calibrates=True)
    assert images.measured.shape[1:] == images.calibration.shape[1:] == (32, 48, 3)
    assert len(images.calibration) > len(images.measured) > 0
    assert not shared_images(images.measured, images.calibration)
    assert len(sample_images(SIZES, None, calibrates=False).calibration) == 0


def test_every_second_photo_is_for_calibration_where_there_is_one(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path, 3)
    (photos / ".hidden.png").write_bytes(b"")
    (photos / "notes.txt").write_text("")
    images = sample_images(SIZES, photos, calibrates=True)
    assert (len(images.measured), len(images.calibration)) == (5, 4)
    assert images.measured.dtype == np.float32
    assert not shared_images(images.measured, images.calibration)
    assert len(sample_images(SIZES, photos, calibrates=False).measured) == 9


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
