"""Weights as they are served: a manifest of names and shapes, and binary shards.

The format is TensorFlow.js's, with one addition of ours, read by `app/classifier/dequantize.js`:
`"quantization": {"dtype": "int8", "scales": "float16"}` stands for a float16 scale for each channel
of the last axis, then an int8 for each weight.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.quantize.stored import ChannelScaled, Stored, TensorScaled

SHARD_BYTES = 4 * 1024 * 1024
"""Largest shard; browsers' caches take files of this size (TensorFlow.js's own default)."""

_DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
_SCALE = np.dtype(np.float16)


def encode_weights(
    weights: Mapping[str, Stored],
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return the weights manifest and the shards by file name, in the order of `weights`.

    Raises `ModelError` for a type that TensorFlow.js does not have.
    """
    entries, blobs = [], []
    for name, stored in weights.items():
        entry, blob = _encoded(name, stored)
        entries.append(entry)
        blobs.append(blob)
    blob = b"".join(blobs)
    count = max(1, -(-len(blob) // SHARD_BYTES))
    shards = {
        f"group1-shard{index + 1}of{count}.bin": blob[index * SHARD_BYTES :][:SHARD_BYTES]
        for index in range(count)
    }
    return [{"paths": list(shards), "weights": entries}], shards


def decode_weights(
    manifest: list[dict[str, Any]], files: Mapping[str, bytes]
) -> dict[str, NDArray[Any]]:
    """Read the weights back as the browser does: whatever stands for float32 as float32.

    Raises `ModelError` where a shard is missing or the shards' length is not the manifest's.
    """
    weights: dict[str, NDArray[Any]] = {}
    for group in manifest:
        missing = [path for path in group["paths"] if path not in files]
        if missing:
            raise ModelError(f"The weight shard {missing[0]} is missing beside model.json.")
        blob = b"".join(files[path] for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            size = _stored_size(entry)
            if offset + size > len(blob):
                raise ModelError(
                    f"The weight shards hold {len(blob)} bytes and end within {entry['name']!r}."
                )
            weights[entry["name"]] = _decoded(entry, blob[offset : offset + size])
            offset += size
        if offset != len(blob):
            raise ModelError(
                f"The weight shards hold {len(blob)} bytes, but their manifest tells of {offset}."
            )
    return weights


def _encoded(name: str, stored: Stored) -> tuple[dict[str, Any], bytes]:
    """Return a weight's manifest entry and its bytes."""
    if isinstance(stored, TensorScaled):
        quantization = {"dtype": "uint8", "scale": stored.scale, "min": stored.minimum}
        return _quantized(name, stored.values, quantization), _bytes(stored.values)
    if isinstance(stored, ChannelScaled):
        quantization = {"dtype": "int8", "scales": _SCALE.name}
        blob = _bytes(stored.scales) + _bytes(stored.values)
        return _quantized(name, stored.values, quantization), blob
    if stored.dtype == np.float16:
        return _quantized(name, stored, {"dtype": "float16"}), _bytes(stored)
    if stored.dtype.name not in _DTYPES:
        raise ModelError(
            f"The graph holds the constant {name!r} of type {stored.dtype.name}, which "
            "TensorFlow.js cannot store."
        )
    return {"name": name, "shape": list(stored.shape), "dtype": stored.dtype.name}, _bytes(stored)


def _quantized(name: str, values: NDArray[Any], quantization: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "shape": list(values.shape),
        "dtype": "float32",
        "quantization": {**quantization, "original_dtype": "float32"},
    }


def _bytes(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values).tobytes()


def _stored_size(entry: dict[str, Any]) -> int:
    quantization = entry.get("quantization", entry)
    scales = _SCALE.itemsize * entry["shape"][-1] if "scales" in quantization else 0
    return int(scales + prod(entry["shape"]) * np.dtype(quantization["dtype"]).itemsize)


def _decoded(entry: dict[str, Any], content: bytes) -> NDArray[Any]:
    shape, dtype = entry["shape"], _DTYPES[entry["dtype"]]
    quantization = entry.get("quantization", entry)
    if "scales" in quantization:
        scales = np.frombuffer(content, _SCALE, shape[-1])
        values = np.frombuffer(content, np.int8, offset=scales.nbytes)
        return ChannelScaled(values.reshape(shape), scales).weights
    values = np.frombuffer(content, np.dtype(quantization["dtype"])).reshape(shape)
    if "scale" in quantization:
        # In double precision, as JavaScript computes it.
        return (values * float(quantization["scale"]) + float(quantization["min"])).astype(dtype)
    return values.astype(dtype)
