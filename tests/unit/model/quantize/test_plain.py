"""Half precision and TensorFlow.js's own bytes."""

import numpy as np

from builder.model.quantize.forms import TensorScaled
from builder.model.quantize.plain import as_float16, as_uint8, shortened
from builder.model.quantize.shards import decode_weights, encode_weights


def test_half_precision_rounds_and_leaves_what_it_cannot_hold() -> None:
    weights = {
        "kernel": np.array([1.0001, -3.3], np.float32),
        "exempt": np.array([1.0001], np.float32),
        "huge": np.array([1e5], np.float32),
        "shape": np.array([1, -1], np.int32),
    }
    manifest, shards = encode_weights(as_float16(weights, exempt={"exempt"}))
    decoded = decode_weights(manifest, shards)
    np.testing.assert_array_equal(decoded["kernel"], np.array([1.0, -3.3], np.float16))
    assert decoded["kernel"].dtype == np.float32
    for name in ("exempt", "huge", "shape"):
        np.testing.assert_array_equal(decoded[name], weights[name])
    quantized = {e["name"] for e in manifest[0]["weights"] if "quantization" in e}
    assert quantized == {"kernel"}


def test_what_is_delicate_keeps_fifteen_bits_of_which_the_last_bytes_are_zero() -> None:
    weights = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    kept = as_float16({"kernel": weights}, delicate={"kernel"})["kernel"]
    assert kept.dtype == np.float32
    np.testing.assert_allclose(kept, weights, rtol=2**-15)
    assert np.abs(kept / weights - 1).max() > 2**-17
    assert not np.any(kept.view(np.uint32) & 0x1FF)
    np.testing.assert_array_equal(shortened(kept), kept)
    odd = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 3.4028235e38], np.float32)
    np.testing.assert_array_equal(shortened(odd)[:5], odd[:5])
    assert shortened(np.array([1, -1], np.int32)).dtype == np.int32


def test_bytes_are_within_half_a_step_and_keep_zero() -> None:
    rng = np.random.default_rng(0)
    kernel = np.append(rng.normal(0.3, 1, 999), 0.0).astype(np.float32)
    weights = {
        "kernel": kernel,
        "positive": np.abs(kernel) + 1,
        "exempt": kernel,
        "scalar": np.float32(3.3).reshape(()),
        "zeros": np.zeros(3, np.float32),
        "shape": np.array([1, -1], np.int32),
    }
    stored = as_uint8(weights, exempt={"exempt"})
    decoded = decode_weights(*encode_weights(stored))
    step = (kernel.max() - kernel.min()) / 255
    np.testing.assert_allclose(decoded["kernel"], kernel, atol=step)
    assert np.square(decoded["kernel"] - kernel).mean() < step**2 / 11
    assert decoded["kernel"][-1] == 0
    np.testing.assert_allclose(decoded["positive"], weights["positive"], atol=step)
    assert {name for name, one in stored.items() if isinstance(one, TensorScaled)} == {
        "kernel",
        "positive",
    }
    for name in ("exempt", "scalar", "zeros", "shape"):
        np.testing.assert_array_equal(decoded[name], weights[name])
