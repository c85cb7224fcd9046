import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.quantize.forms import ChannelScaled, TensorScaled
from builder.model.quantize.shards import SHARD_BYTES, decode_weights, encode_weights


def test_weights_come_back_as_they_were() -> None:
    rng = np.random.default_rng(0)
    weights = {
        "kernel": rng.normal(size=(3, 3, 2, 4)).astype(np.float32),
        "scalar": np.float32(1 / 127.5).reshape(()),
        "shape": np.array([1, -1], np.int32),
        "flag": np.array([True, False]),
        "none": np.zeros((0, 3), np.float32),
    }
    manifest, shards = encode_weights(weights)
    decoded = decode_weights(manifest, shards)
    assert list(decoded) == list(weights)
    for name, array in weights.items():
        np.testing.assert_array_equal(decoded[name], array)
        assert decoded[name].dtype == array.dtype


def test_every_way_to_store_stands_for_what_it_says() -> None:
    channels = ChannelScaled(
        np.array([[1, -1], [127, -127], [0, 3]], np.int8), np.array([0.5, 2], np.float16)
    )
    manifest, shards = encode_weights(
        {
            "channels": channels,
            "tensor": TensorScaled(np.array([0, 1, 255], np.uint8), 0.25, -1.0),
            "half": np.array([1.0, 2.0], np.float16),
        }
    )
    decoded = decode_weights(manifest, shards)
    # The same bytes and numbers as in tests/js/classifier/dequantize.test.js.
    assert shards["group1-shard1of1.bin"][:10].hex() == "0038004001ff7f810003"
    np.testing.assert_array_equal(decoded["channels"], [[0.5, -2], [63.5, -254], [0, 6]])
    np.testing.assert_array_equal(decoded["tensor"], np.array([-1, -0.75, 62.75], np.float32))
    np.testing.assert_array_equal(decoded["half"], [1, 2])
    assert all(array.dtype == np.float32 for array in decoded.values())
    assert [entry["quantization"] for entry in manifest[0]["weights"]] == [
        {"dtype": "int8", "scales": "float16", "original_dtype": "float32"},
        {"dtype": "uint8", "scale": 0.25, "min": -1.0, "original_dtype": "float32"},
        {"dtype": "float16", "original_dtype": "float32"},
    ]
    cut = {"group1-shard1of1.bin": shards["group1-shard1of1.bin"][:9]}
    with pytest.raises(ModelError, match="end within 'channels'"):
        decode_weights(manifest, cut)


def test_shards_are_cut_at_four_mebibytes() -> None:
    weights = {"big": np.arange(SHARD_BYTES // 4 * 2 + 3, dtype=np.int32)}
    manifest, shards = encode_weights(weights)
    names = [f"group1-shard{index}of3.bin" for index in (1, 2, 3)]
    assert manifest[0]["paths"] == list(shards) == names
    assert [len(shards[name]) for name in names] == [SHARD_BYTES, SHARD_BYTES, 12]
    np.testing.assert_array_equal(decode_weights(manifest, shards)["big"], weights["big"])


def test_a_type_that_the_browser_lacks_is_refused() -> None:
    with pytest.raises(ModelError, match="'x' of type float64"):
        encode_weights({"x": np.zeros(1)})
