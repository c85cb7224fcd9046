"""Exports of Teachable Machine: labels and preprocessing from what lies beside the model.

Its apps show the central square of a photo and scale values to -1…1:
https://github.com/googlecreativelab/teachablemachine-community/tree/master/libraries/image
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.reading.network import Network
from builder.model.reading.tfjs import read_json_object

_REASON = "Teachable Machine trains its models so"


def with_teachable_machine(network: Network, folder: Path) -> Network:
    """Return the network with what metadata.json or labels.txt in `folder` tell of it.

    Raises `ModelError` where metadata.json is Teachable Machine's and cannot be used.
    """
    metadata = folder / "metadata.json"
    if metadata.is_file():
        return _from_metadata(network, read_json_object(metadata), metadata)
    labels = folder / "labels.txt"
    if labels.is_file():
        return _from_labels(network, labels)
    return network


def _from_metadata(network: Network, metadata: dict[str, Any], path: Path) -> Network:
    if "tmVersion" not in metadata and "teachablemachine" not in str(metadata.get("packageName")):
        return network
    if "image" not in str(metadata.get("packageName", "image")):
        raise ModelError(
            f"{path}: this Teachable Machine project classifies sounds or poses, not images."
        )
    labels = metadata.get("labels")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ModelError(f"{path} has no list of labels: download the model again.")
    name = metadata.get("modelName")
    return _trained_there(
        replace(network, labels=tuple(labels), name=name if isinstance(name, str) else None)
    )


def _from_labels(network: Network, path: Path) -> Network:
    """Read the labels of its Keras and SavedModel exports: "0 cat", "1 dog", one a line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} beside the model cannot be read: {error}.") from error
    lines = [line.strip() for line in lines if line.strip()]
    matches = [re.fullmatch(r"(\d+)\s+(.+)", line) for line in lines]
    if all(match and int(match[1]) == index for index, match in enumerate(matches)):
        return _trained_there(replace(network, labels=tuple(m[2] for m in matches if m)))
    return replace(network, labels=tuple(lines))


def _trained_there(network: Network) -> Network:
    return replace(network, scaling="mobilenet", scaling_reason=_REASON, crop_fraction=1.0)
