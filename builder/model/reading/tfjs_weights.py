"""Weights of TensorFlow.js models that others made: quantized or not, in one shard or many."""

from collections.abc import Mapping
from math import prod
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.reading.own_file import read_own_bytes

_DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
_MOST_SIDES = 8
_STORED = {**_DTYPES, "float16": np.float16, "uint8": np.uint8, "uint16": np.uint16}


def read_tfjs_weights(document: Mapping[str, Any], path: Path) -> dict[str, NDArray[Any]]:
    """Return all weights by name, as TensorFlow.js would see them.

    `document` is the content of the model.json at `path`, beside which the shards lie. Raises
    `ModelError` where a shard is missing or leads elsewhere, or the manifest is invalid.
    """
    weights: dict[str, NDArray[Any]] = {}
    try:
        for group in document["weightsManifest"]:
            blob = b"".join(_shard(path, name) for name in group["paths"])
            offset = 0
            for entry in group["weights"]:
                weights[entry["name"]], offset = _weight(entry, blob, offset, path)
            if offset != len(blob):
                raise ModelError(
                    f"{path}: the weight shards hold {len(blob)} bytes, but their manifest lists "
                    f"{offset}. Copy or download all files of the model again."
                )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(
            f"{path} is damaged: its weights manifest cannot be read ({error!r}). Convert or "
            "download the model again."
        ) from error
    return weights


def _shard(path: Path, name: str) -> bytes:
    if (
        ".." in (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
        or PurePosixPath(name).is_absolute()
        or PureWindowsPath(name).anchor
        or ":" in name
    ):
        raise ModelError(f"{path} names a weight shard outside of its folder ({name!r}): refused.")
    shard = path.parent / name
    if not shard.exists():
        raise ModelError(
            f"The weight shard {name} is missing beside {path}. Copy all files of the model."
        )
    return read_own_bytes(shard, path.parent)


def _weight(
    entry: Mapping[str, Any], blob: bytes, offset: int, path: Path
) -> tuple[NDArray[Any], int]:
    quantization = entry.get("quantization")
    stored = quantization["dtype"] if quantization else entry["dtype"]
    if stored not in _STORED or entry["dtype"] not in _DTYPES:
        raise ModelError(
            f"{path}: the weight {entry['name']!r} is of the type {stored!r}, with which no image "
            "classifier computes."
        )
    shape = [int(side) for side in entry["shape"]]
    if len(shape) > _MOST_SIDES or any(side < 0 for side in shape):
        raise ValueError(f"the shape {shape[:_MOST_SIDES]}")
    end = offset + prod(shape) * np.dtype(_STORED[stored]).itemsize
    if end > len(blob):
        raise ModelError(
            f"{path}: the weight shards hold {len(blob)} bytes and end within "
            f"{entry['name']!r}. Copy or download all files of the model again."
        )
    values: NDArray[Any] = np.frombuffer(blob[offset:end], _STORED[stored]).reshape(shape)
    if quantization and "scale" in quantization:
        values = values * np.float32(quantization["scale"]) + np.float32(quantization["min"])
    return values.astype(_DTYPES[entry["dtype"]]), end
