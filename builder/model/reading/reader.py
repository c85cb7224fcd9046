"""A file or folder → a network, whatever of Keras's world and its neighbours it is."""

from dataclasses import replace
from pathlib import Path

from builder.errors import ModelError
from builder.model.reading.archives import require_sound_zip, unpacked
from builder.model.reading.keras3 import read_keras
from builder.model.reading.network import Network
from builder.model.reading.saved_model import read_saved_model
from builder.model.reading.teachable_machine import with_teachable_machine
from builder.model.reading.tfjs import read_tfjs

_SAVED_MODEL = "saved_model.pb"
_TFJS = "model.json"


def read_network(path: Path) -> Network:
    """Read a `.keras` or `.h5` file, a SavedModel folder, a TensorFlow.js model (its folder or its
    model.json), or an export of Teachable Machine, as a folder or as the ZIP that it comes in.

    No code in it is run. Raises `ModelError` where it is damaged, unsafe or none of these.
    """
    if path.is_dir():
        return _from_folder(path, path)
    if path.suffix.lower() == ".json":
        return with_teachable_machine(read_tfjs(path), path.parent)
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
    return read_keras(path)


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def _from_folder(folder: Path, origin: Path) -> Network:
    """Read what lies in a folder, or in the only folder in it, as archives have it."""
    for place in (folder, *_folders(folder)):
        if (place / _SAVED_MODEL).is_file():
            return with_teachable_machine(read_saved_model(place), folder)
        if (place / _TFJS).is_file():
            return with_teachable_machine(read_tfjs(place / _TFJS), place)
        files = [f for f in sorted(place.iterdir()) if f.suffix in (".h5", ".keras")]
        if len(files) == 1:
            network = with_teachable_machine(read_keras(files[0]), place)
            return replace(network, name=network.name or files[0].stem)
    raise ModelError(
        f"{origin} holds no model: no {_SAVED_MODEL}, no {_TFJS} of TensorFlow.js, and not exactly "
        "one .keras or .h5 file."
    )


def _folders(folder: Path) -> list[Path]:
    return [f for f in sorted(folder.iterdir()) if f.is_dir() and f.name != "__MACOSX"]
