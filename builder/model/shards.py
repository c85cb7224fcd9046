"""Weights as TensorFlow.js stores them: a manifest of names and shapes, and binary shards."""

from collections.abc import Collection, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError

SHARD_BYTES = 4 * 1024 * 1024
"""Largest shard; browsers' caches take files of this size (TensorFlow.js's own default)."""

_DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


def encode_weights(
    weights: Mapping[str, NDArray[Any]], quantization: str, exempt: Collection[str] = ()
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return the weights manifest and the shards by file name, in the order of `weights`.

    With quantization "float16" every float32 weight is stored in half precision, but for those
    named in `exempt` and those that half precision cannot hold.
    """
    entries, blobs = [], []
    for name, array in weights.items():
        if array.dtype.name not in _DTYPES:
            raise ModelError(
                f"The graph holds the constant {name!r} of type {array.dtype.name}, which "
                "TensorFlow.js cannot store."
            )
        entry: dict[str, Any] = {
            "name": name,
            "shape": list(array.shape),
            "dtype": array.dtype.name,
        }
        if quantization == "float16" and name not in exempt and _fits_half(array):
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
            array = array.astype(np.float16)  # noqa: PLW2901
        entries.append(entry)
        blobs.append(np.ascontiguousarray(array).tobytes())
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
    """Read the weights back as TensorFlow.js does: half precision widened to float32.

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
            stored = np.dtype(entry.get("quantization", entry)["dtype"])
            count = prod(entry["shape"])
            size = count * stored.itemsize
            if offset + size > len(blob):
                raise ModelError(
                    f"The weight shards hold {len(blob)} bytes and end within {entry['name']!r}."
                )
            array = np.frombuffer(blob, stored, count, offset).reshape(entry["shape"])
            weights[entry["name"]] = array.astype(_DTYPES[entry["dtype"]])
            offset += size
        if offset != len(blob):
            raise ModelError(
                f"The weight shards hold {len(blob)} bytes, but their manifest tells of {offset}."
            )
    return weights


def _fits_half(array: NDArray[Any]) -> bool:
    limit = float(np.finfo(np.float16).max)
    return array.dtype == np.float32 and bool(np.all(np.abs(array) <= limit))
