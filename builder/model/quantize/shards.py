"""Weights as they are served: a manifest of names and shapes, and binary shards.

The format is TensorFlow.js's, with the forms of ours that `modes` has, which
`app/classifier/dequantize.js` reads.
"""

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.quantize.forms import Form, Stored, as_read
from builder.model.quantize.modes import form_of

SHARD_BYTES = 4 * 1024 * 1024
"""Largest shard; browsers' caches take files of this size (TensorFlow.js's own default)."""

_DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


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
                f"The weight shards hold {len(blob)} bytes, but their manifest lists {offset}."
            )
    return weights


def _encoded(name: str, stored: Stored) -> tuple[dict[str, Any], bytes]:
    """Return a weight's manifest entry and its bytes."""
    if not isinstance(stored, np.ndarray | np.generic):
        quantization = {"dtype": stored.dtype, **stored.quantization}
        return _quantized(name, stored.shape, quantization), stored.content
    content = np.ascontiguousarray(stored).tobytes()
    if stored.dtype == np.float16:
        return _quantized(name, stored.shape, {"dtype": "float16"}), content
    if stored.dtype.name not in _DTYPES:
        raise ModelError(
            f"The graph holds the constant {name!r} of type {stored.dtype.name}, which "
            "TensorFlow.js cannot store."
        )
    return {"name": name, "shape": list(stored.shape), "dtype": stored.dtype.name}, content


def _quantized(name: str, shape: tuple[int, ...], quantization: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "shape": list(shape),
        "dtype": "float32",
        "quantization": {**quantization, "original_dtype": "float32"},
    }


def _stored_size(entry: dict[str, Any]) -> int:
    form = _form(entry)
    if form is not None:
        return form.size(entry)
    dtype = entry.get("quantization", entry)["dtype"]
    return int(prod(entry["shape"])) * np.dtype(dtype).itemsize


def _decoded(entry: dict[str, Any], content: bytes) -> NDArray[Any]:
    form = _form(entry)
    if form is not None:
        return as_read(form.read(entry, content))
    dtype = entry.get("quantization", entry)["dtype"]
    values = np.frombuffer(content, np.dtype(dtype)).reshape(entry["shape"])
    return values.astype(_DTYPES[entry["dtype"]])


def _form(entry: dict[str, Any]) -> type[Form] | None:
    """Return the form of a weight that is not a plain array."""
    return form_of(entry["quantization"]["dtype"]) if "quantization" in entry else None
