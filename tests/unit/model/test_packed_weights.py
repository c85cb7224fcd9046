from pathlib import Path

import numpy as np

from builder.model.packed_weights import channel_axis, quantize, read_weights, write_weights
from builder.training.demo_pack import plain_name


def test_each_channel_has_its_own_scale() -> None:
    rng = np.random.default_rng(0)
    kernel = rng.normal(0, 1, (1, 1, 8, 4)) * [1e-3, 1, 100, 0]
    steps, scale = quantize(kernel, 3)
    assert steps.dtype == np.int8
    error = np.abs(steps * scale - kernel).max(axis=(0, 1, 2))
    assert (error <= np.abs(kernel).max(axis=(0, 1, 2)) / 254 + 1e-7).all()
    assert (steps[..., 3] == 0).all()


def test_a_depthwise_kernel_has_its_channels_before_the_multiplier() -> None:
    assert channel_axis("conv_dw_3/kernel", 4) == 2
    assert channel_axis("conv_pw_3/kernel", 4) == 3
    assert channel_axis("predictions/kernel", 2) == 1


def test_weights_come_back_and_the_file_is_the_same_each_time(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weights = {
        "conv_dw_1/kernel": rng.normal(0, 1, (3, 3, 6, 1)).astype(np.float32),
        "conv_dw_1_bn/gamma": rng.normal(0, 1, 6).astype(np.float32),
    }
    write_weights(tmp_path / "a.npz", weights)
    write_weights(tmp_path / "b.npz", dict(reversed(weights.items())))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = read_weights(tmp_path / "a.npz")
    assert back.keys() == weights.keys()
    np.testing.assert_array_equal(back["conv_dw_1_bn/gamma"], weights["conv_dw_1_bn/gamma"])
    np.testing.assert_allclose(
        back["conv_dw_1/kernel"], weights["conv_dw_1/kernel"], atol=0.5 / 127 * 4
    )
    assert back["conv_dw_1/kernel"].dtype == np.float32


def test_classes_have_names_that_people_use() -> None:
    assert plain_name("lesser_panda") == "red panda"
    assert plain_name("ice_cream") == "ice cream"
