"""A file or folder → a network, whatever of Keras's world and its neighbours it is."""

from dataclasses import replace
from pathlib import Path

from builder.errors import ModelError
from builder.git_lfs import require_no_pointers
from builder.model.reading.archives import require_sound_zip, unpacked
from builder.model.reading.content import content_files, is_teachable
from builder.model.reading.keras3 import read_keras
from builder.model.reading.network import Network
from builder.model.reading.own_file import require_own_file
from builder.model.reading.own_model import with_own_metadata
from builder.model.reading.saved_model import read_saved_model
from builder.model.reading.teachable_machine import (
    require_image_project,
    with_teachable_machine,
)
from builder.model.reading.tfjs import read_tfjs

_SAVED_MODEL = "saved_model.pb"
_TFJS = "model.json"
_READ = ("", ".bin", ".h5", ".index", ".json", ".keras", ".pb", ".txt", ".zip")


def read_network(path: Path) -> Network:
    """Read a `.keras` or `.h5` file, a SavedModel folder, a TensorFlow.js model (its folder or its
    model.json), or an export of Teachable Machine: its folder, the ZIP that it comes in, or its
    model.

    No code in it is run. Raises `ModelError` where it is damaged, unsafe or none of these.
    """
    if path.exists() and not path.is_dir() and not path.is_file():
        raise ModelError(f"{path} is a pipe or a device, not a model's file. Check the path.")
    require_no_pointers(filter(_is_read, content_files(path)), ModelError)
    if path.is_dir():
        return _from_folder(path, path)
    if path.suffix.lower() == ".json":
        return _tfjs(path)
    if path.name == _SAVED_MODEL:
        return _from_folder(path.parent, path.parent)
    if _is_archive(path) and "config.json" not in require_sound_zip(path):
        with unpacked(path) as folder:
            try:
                return _from_folder(folder, path)
            except ModelError as error:
                message = error.message.replace(f"{folder}/", f"{path}: ").replace(
                    str(folder), str(path)
                )
                raise ModelError(message) from error
    if is_teachable(path):
        require_image_project(path.parent)
        return with_teachable_machine(read_keras(path), path.parent, path)
    return read_keras(path)


def _tfjs(path: Path) -> Network:
    """Read the model.json at `path`, with what the files beside it say."""
    require_image_project(path.parent)
    network = with_own_metadata(read_tfjs(path), path.parent)
    return with_teachable_machine(network, path.parent, path)


def _is_read(file: Path) -> bool:
    """Return whether a file has a name of those that are read of a model's folder."""
    return file.suffix in _READ or file.name.startswith("variables.data-")


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def _from_folder(folder: Path, origin: Path) -> Network:
    """Read what lies in a folder, or in the only folder in it, as archives have it."""
    for place in (folder, *_folders(folder)):
        require_image_project(place)
        if (place / _SAVED_MODEL).is_file():
            require_own_file(place / _SAVED_MODEL, folder)
            described = place.parent if is_teachable(place) else folder
            return with_teachable_machine(read_saved_model(place), described, place)
        if (place / _TFJS).is_file():
            require_own_file(place / _TFJS, folder)
            return _tfjs(place / _TFJS)
        files = [f for f in sorted(place.iterdir()) if f.suffix in (".h5", ".keras")]
        if len(files) == 1:
            require_own_file(files[0], folder)
            network = with_teachable_machine(read_keras(files[0]), place, files[0])
            return replace(network, name=network.name or files[0].stem)
    raise ModelError(
        f"{origin} holds no model: no {_SAVED_MODEL}, no {_TFJS} of TensorFlow.js, and not exactly "
        "one .keras or .h5 file."
    )


def _folders(folder: Path) -> list[Path]:
    return [f for f in sorted(folder.iterdir()) if f.is_dir() and f.name != "__MACOSX"]
