import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.shards import SHARD_BYTES, decode_weights, encode_weights


def test_weights_come_back_as_they_were() -> None:
    rng = np.random.default_rng(0)
    weights = {
        "kernel": rng.normal(size=(3, 3, 2, 4)).astype(np.float32),
        "scalar": np.float32(1 / 127.5).reshape(()),
        "shape": np.array([1, -1], np.int32),
        "flag": np.array([True, False]),
        "none": np.zeros((0, 3), np.float32),
    }
    manifest, shards = encode_weights(weights, "none")
    decoded = decode_weights(manifest, shards)
    assert list(decoded) == list(weights)
    for name, array in weights.items():
        np.testing.assert_array_equal(decoded[name], array)
        assert decoded[name].dtype == array.dtype


def test_half_precision_rounds_and_leaves_what_it_cannot_hold() -> None:
    weights = {
        "kernel": np.array([1.0001, -3.3], np.float32),
        "exempt": np.array([1.0001], np.float32),
        "huge": np.array([1e5], np.float32),
        "shape": np.array([1, -1], np.int32),
    }
    manifest, shards = encode_weights(weights, "float16", exempt={"exempt"})
    decoded = decode_weights(manifest, shards)
    np.testing.assert_array_equal(decoded["kernel"], np.array([1.0, -3.3], np.float16))
    assert decoded["kernel"].dtype == np.float32
    for name in ("exempt", "huge", "shape"):
        np.testing.assert_array_equal(decoded[name], weights[name])
    quantized = {e["name"] for e in manifest[0]["weights"] if "quantization" in e}
    assert quantized == {"kernel"}


def test_shards_are_cut_at_four_mebibytes() -> None:
    weights = {"big": np.arange(SHARD_BYTES // 4 * 2 + 3, dtype=np.int32)}
    manifest, shards = encode_weights(weights, "none")
    names = [f"group1-shard{index}of3.bin" for index in (1, 2, 3)]
    assert manifest[0]["paths"] == list(shards) == names
    assert [len(shards[name]) for name in names] == [SHARD_BYTES, SHARD_BYTES, 12]
    np.testing.assert_array_equal(decode_weights(manifest, shards)["big"], weights["big"])


def test_a_type_that_the_browser_lacks_is_refused() -> None:
    with pytest.raises(ModelError, match="'x' of type float64"):
        encode_weights({"x": np.zeros(1)}, "none")
