"""Exports of Teachable Machine: labels and preprocessing from what lies beside the model.

Its library lets a canvas resize the central square of a photo (`utils/canvas.ts`) and makes
v / 127 - 1 of a value v (`utils/tf.ts`), in training as in use:
https://github.com/googlecreativelab/teachablemachine-community/tree/master/libraries/image
"""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import LabelsError, ModelError
from builder.labels.lines import split_lines, without_numbers
from builder.model.reading.content import is_teachable
from builder.model.reading.network import Network
from builder.model.reading.own_file import require_own_file
from builder.model.reading.tfjs import read_json_object

_MOST_BYTES = 16 << 20
_REASON = "as Teachable Machine trains its models"
_LIKE_ITS_OWN = f"{_REASON}, whose layers have names like these"
_SCALING = "127/127"
_LAYERS = (
    re.compile(r"global_average_pooling2d_GlobalAveragePooling2D\d+"),
    re.compile(r"dense_Dense\d+"),
)
"""Names that TensorFlow.js gives to the layers behind the feature map, and Keras exports keep."""

_METADATA = "metadata.json"
_LABELS = "labels.txt"
_PACKAGE = "@teachablemachine/image"
_CLASSIFIED = {"@teachablemachine/pose": "poses"}
_OF_SOUNDS = {"tfjsSpeechCommandsVersion", "wordLabels"}
"""Keys of metadata of sounds, which has none of those that the others have."""


def require_image_project(folder: Path) -> None:
    """Raise `ModelError` where the metadata.json in `folder` is that of sounds or poses.

    Cheap: to be called before anything is loaded.
    """
    path = folder / _METADATA
    if not path.is_file():
        return
    require_own_file(path, folder)
    metadata = read_json_object(path)
    package = metadata.get("packageName", _PACKAGE)
    if not _is_its_own(metadata) or (package == _PACKAGE and not _OF_SOUNDS & metadata.keys()):
        return
    what = "sounds" if _OF_SOUNDS & metadata.keys() else _CLASSIFIED.get(str(package), "no images")
    raise ModelError(
        f"{path}: this Teachable Machine project classifies {what}. Only image projects can be "
        "built: export one of these."
    )


def with_teachable_machine(network: Network, folder: Path, model: Path) -> Network:
    """Return the network of `model` with what metadata.json or labels.txt in `folder` say of it.

    Raises `ModelError` where metadata.json is Teachable Machine's and cannot be used.
    """
    if (folder / _METADATA).is_file():
        return _from_metadata(network, read_json_object(folder / _METADATA), folder / _METADATA)
    if (folder / _LABELS).is_file():
        require_own_file(folder / _LABELS, folder)
        return _from_labels(network, folder / _LABELS, model)
    return network


def _is_its_own(metadata: dict[str, Any]) -> bool:
    """Return whether a metadata.json is Teachable Machine's; other models have such files, too."""
    package = str(metadata.get("packageName"))
    return (
        "tmVersion" in metadata
        or "teachablemachine" in package
        or bool(_OF_SOUNDS & metadata.keys())
    )


def _from_metadata(network: Network, metadata: dict[str, Any], path: Path) -> Network:
    if not _is_its_own(metadata):
        return network
    labels = metadata.get("labels")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ModelError(f"{path} has no list of labels: download the model again.")
    name = metadata.get("modelName")
    return _trained_there(
        replace(network, labels=tuple(labels), name=name if isinstance(name, str) else None)
    )


def _from_labels(network: Network, path: Path, model: Path) -> Network:
    """Read the labels of its Keras and SavedModel exports: "0 cat", "1 dog", one a line.

    Others number their classes as well: only under its names is a model taken for one of its own.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelError(
                f"{path} is larger than {_MOST_BYTES >> 20} MiB, which no list of class names is."
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} beside the model cannot be read: {error}.") from error
    placed = [(place, line) for place, line in split_lines(text) if line]
    matches = [re.fullmatch(r"(\d+)\s+(.+)", line) for _, line in placed]
    if all(match and int(match[1]) == index for index, match in enumerate(matches)):
        network = replace(network, labels=tuple(m[2] for m in matches if m))
        return _trained_there(network) if is_teachable(model) else network
    try:
        names = without_numbers(placed, path)
    except LabelsError:
        return network  # What can be read in two ways is asked about: give --labels.
    return replace(network, labels=tuple(name for _, name in names))


def recognized(network: Network, parts: Collection[str]) -> Network:
    """Return the network as one of Teachable Machine's where its layers are called as these are.

    People rename the file, and leave behind what lay beside it. `parts` are the layers' names.
    """
    is_its_own = all(any(map(form.fullmatch, parts)) for form in _LAYERS)
    if network.scaling is not None or not is_its_own:
        return network
    return replace(_trained_there(network, _LIKE_ITS_OWN), is_scaling_inferred=True)


def _trained_there(network: Network, reason: str = _REASON) -> Network:
    return replace(
        network,
        scaling=_SCALING,
        scaling_reason=reason,
        crop_fraction=1.0,
        resampling="canvas",
    )
