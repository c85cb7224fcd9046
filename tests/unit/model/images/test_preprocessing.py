import numpy as np
import pytest

from builder.model.images.preprocessing import SCALINGS, affine, scale, scaling_name, with_scaling
from builder.model.metadata import Preprocessing

PHOTO = np.random.default_rng(2).uniform(0, 255, (2, 4, 5, 3)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("scaling", [*SCALINGS, "10,20,30/4,5,6"])
def test_the_affine_map_does_what_the_steps_do(scaling: str, channels: int) -> None:
    gray = Preprocessing(4, 5, grayscale=channels == 1, channels=channels)
    preprocessing = with_scaling(gray, scaling)
    matrix, offset = affine(preprocessing)
    expected = scale(PHOTO, preprocessing)
    assert expected.shape == (2, 4, 5, channels)
    np.testing.assert_allclose(PHOTO @ matrix + offset, expected, atol=1e-3)


@pytest.mark.parametrize("scaling", [*SCALINGS, "10,20,30/4,5,6"])
def test_a_scaling_is_named_as_the_setting_has_it(scaling: str) -> None:
    assert scaling_name(with_scaling(Preprocessing(4, 5, crop_fraction=1.0), scaling)) in (
        scaling,
        "10,20,30/4,5,6",
    )


def test_a_scaling_without_a_name_is_told_in_values_of_0_to_255() -> None:
    odd = Preprocessing(4, 5, rescale_factor=1 / 255, image_mean=(0.5,) * 3, image_std=(0.25,) * 3)
    assert scaling_name(odd) == "127.5/63.75"
