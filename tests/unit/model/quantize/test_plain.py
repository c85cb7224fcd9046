"""Half precision and TensorFlow.js's own bytes."""

import numpy as np

from builder.model.quantize.plain import as_float16, as_uint8
from builder.model.quantize.stored import TensorScaled
from builder.model.shards import decode_weights, encode_weights


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
