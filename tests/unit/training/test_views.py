from dataclasses import replace

import numpy as np
import pytest

from builder.model.images.photos import prepare
from builder.model.metadata import Preprocessing
from builder.training.stream import square
from builder.training.views import AUGMENTATIONS, central, crop, draw_boxes, scaler


def test_boxes_stay_inside_and_keep_the_area() -> None:
    boxes = draw_boxes(500, AUGMENTATIONS["strong"], np.random.default_rng(0))
    y1, x1, y2, x2 = boxes.T
    assert boxes.min() >= 0
    assert boxes.max() <= 1 + 1e-6
    assert 0.3 < (x1 > x2).mean() < 0.7
    area = (y2 - y1) * np.abs(x2 - x1)
    assert area.min() > 0.19


def test_no_augmentation_is_the_whole_photo() -> None:
    boxes = draw_boxes(5, AUGMENTATIONS["none"], np.random.default_rng(0))
    np.testing.assert_array_equal(boxes, [[0, 0, 1, 1]] * 5)


def test_a_crop_of_everything_is_the_photo() -> None:
    photos = np.random.default_rng(0).integers(0, 256, (2, 12, 12, 3)).astype(np.uint8)
    whole = np.array([[0, 0, 1, 1], [0, 1, 1, 0]], np.float32)
    same, mirrored = crop(photos, whole, 12).numpy()
    np.testing.assert_allclose(same, photos[0], atol=0.01)
    np.testing.assert_allclose(mirrored, photos[1][:, ::-1], atol=0.01)


def test_a_crop_takes_the_cells_that_it_names() -> None:
    photos = np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1).repeat(3, axis=3)
    quarter = crop(photos, np.array([[0.5, 0.0, 1.0, 0.5]], np.float32), 4).numpy()
    np.testing.assert_allclose(quarter[0], photos[0, 4:, :4], atol=0.01)


@pytest.mark.parametrize("grayscale", [False, True])
@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_photos_are_scaled_as_the_reference_scales_them(grayscale: bool, order: str) -> None:
    from builder.model.images.preprocessing import scale

    preprocessing = Preprocessing(
        4, 4, rescale_factor=1 / 255, image_mean=(0.4, 0.5, 0.6), image_std=(0.2, 0.3, 0.4),
        channel_order=order, grayscale=grayscale,
    )  # fmt: skip
    photos = np.random.default_rng(0).uniform(0, 255, (2, 4, 4, 3)).astype(np.float32)
    np.testing.assert_allclose(
        scaler(preprocessing)(photos).numpy(), scale(photos, preprocessing), atol=1e-5
    )


def test_validation_photos_are_cropped_as_the_app_crops_them() -> None:
    preprocessing = Preprocessing(8, 8, crop_fraction=0.5)
    photos = np.random.default_rng(0).integers(0, 256, (1, 16, 16, 3)).astype(np.uint8)
    np.testing.assert_array_equal(central(photos, preprocessing, 8).numpy(), photos[:, 4:12, 4:12])
    whole = replace(preprocessing, crop_fraction=1.0)
    assert central(photos, whole, 8).shape == (1, 8, 8, 3)


@pytest.mark.parametrize("size", [(30, 41), (41, 30), (9, 5), (16, 16), (300, 7)])
@pytest.mark.parametrize("fit", ["crop", "stretch", "pad"])
def test_photos_are_brought_to_size_as_the_app_brings_them(fit: str, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    expected = prepare(pixels, Preprocessing(16, 16, crop_fraction=1.0, fit=fit))
    np.testing.assert_array_equal(square(pixels, 16, fit).numpy(), np.rint(expected))
