"""Where a model lies, the files that it consists of, and the hash of them all; no TensorFlow."""

import json
import os
from pathlib import Path

from builder.hashing import file_sha256, sha256_hex
from builder.model.application_table import APPLICATIONS

_NAMES = {"auto", "demo", "efficientnet-lite0", "imagenet", *APPLICATIONS}
_BESIDE = (".bin", ".json", ".txt")
_SAVED_MODEL = "saved_model.pb"
_MOST_BYTES = 64 << 20
"""Size of a model.json above which the reader refuses it."""


def path_of(model: str) -> Path | None:
    """Return where a model or weights lie by their setting; None for a name.

    A name is one even where an earlier build left its site in a folder of that name.
    """
    return Path(model) if model not in _NAMES and Path(model).exists() else None


def content_files(path: Path) -> list[Path]:
    """Return the files of a model, sorted: all that are in a folder, a file itself.

    A SavedModel's saved_model.pb stands for its folder. The model.json of TensorFlow.js counts with
    its shards and with what may describe it beside it, but without other folders: a site may
    lie there. Models under Teachable Machine's names count with the labels beside them.
    """
    if path.is_dir() or path.name == _SAVED_MODEL:
        folder = _folder(path)
        within = {file for file in folder.rglob("*") if file.is_file()}
        return sorted(within | _descriptions(folder))
    if is_teachable(path) and path.is_file():
        return sorted({path} | _descriptions(path))
    if _is_tfjs(path):
        beside = (file for file in path.parent.iterdir() if file.suffix in _BESIDE)
        return sorted(file for file in {path, *beside, *_shards(path)} if file.is_file())
    return [path] if path.is_file() else []


def content_sha256(path: Path) -> str:
    """Return the hash of a model's file, or of the names and contents of all its files.

    Raises OSError where there is no model.
    """
    files = content_files(path)
    if files == [path] and path.name != _SAVED_MODEL and not _is_tfjs(path):
        return file_sha256(path)
    folder = _folder(path)
    names = {file: Path(os.path.relpath(file, folder)).as_posix() for file in files}
    lines = (f"{names[file]}\0{file_sha256(file)}\n" for file in files)
    return sha256_hex("".join(lines).encode())


def is_teachable(path: Path) -> bool:
    """Return whether a file is named as Teachable Machine names Keras and SavedModel exports."""
    return path.name.lower() == "keras_model.h5" or path.name == "model.savedmodel"


def _descriptions(path: Path) -> set[Path]:
    """Return what describes a model of Teachable Machine's beside it."""
    if not is_teachable(path):
        return set()
    beside = (path.with_name(name) for name in ("labels.txt", "metadata.json"))
    return {file for file in beside if file.is_file()}


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _is_tfjs(path: Path) -> bool:
    return path.suffix.lower() == ".json" and path.is_file()


def _shards(path: Path) -> set[Path]:
    """Return the weight shards that a model.json names, as far as they lie below its folder."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return set()
        manifest = json.loads(path.read_bytes())["weightsManifest"]
        named = {path.parent / shard for group in manifest for shard in group["paths"]}
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        return set()  # the reader reports what is wrong with it
    return {file for file in named if ".." not in file.parts and file.is_relative_to(path.parent)}
