"""Where a model lies, the files that it consists of, and the hash of them all; no TensorFlow."""

import json
from pathlib import Path

from builder.hashing import file_sha256, sha256_hex
from builder.model.application_table import APPLICATIONS

_NAMES = {"auto", "demo", "imagenet", *APPLICATIONS}
_BESIDE = (".bin", ".json", ".txt")
_SAVED_MODEL = "saved_model.pb"


def path_of(model: str) -> Path | None:
    """Return where a model or weights lie by their setting; None for a name.

    A name is one even where an earlier build left its site in a folder of that name.
    """
    return Path(model) if model not in _NAMES and Path(model).exists() else None


def content_files(path: Path) -> list[Path]:
    """Return the files of a model, sorted: all that are in a folder, a file itself.

    A SavedModel's saved_model.pb stands for its folder. The model.json of TensorFlow.js counts with
    its shards and with what may describe it beside it, but without other folders: a site may
    lie there.
    """
    if path.is_dir() or path.name == _SAVED_MODEL:
        return sorted(file for file in _folder(path).rglob("*") if file.is_file())
    if _is_tfjs(path):
        beside = (file for file in path.parent.iterdir() if file.suffix in _BESIDE)
        return sorted(file for file in {path, *beside, *_shards(path)} if file.is_file())
    return [path] if path.is_file() else []


def content_sha256(path: Path) -> str:
    """Return the hash of a model's file, or of the names and contents of all its files.

    Raises OSError where there is none.
    """
    if not (path.is_dir() or path.name == _SAVED_MODEL or _is_tfjs(path)):
        return file_sha256(path)
    folder = _folder(path)
    lines = (
        f"{file.relative_to(folder).as_posix()}\0{file_sha256(file)}\n"
        for file in content_files(path)
    )
    return sha256_hex("".join(lines).encode())


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _is_tfjs(path: Path) -> bool:
    return path.suffix.lower() == ".json" and path.is_file()


def _shards(path: Path) -> set[Path]:
    """Return the weight shards that a model.json names, as far as they lie below its folder."""
    try:
        manifest = json.loads(path.read_bytes())["weightsManifest"]
        named = {path.parent / shard for group in manifest for shard in group["paths"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()  # the reader tells what is wrong with it
    return {file for file in named if ".." not in file.parts and file.is_relative_to(path.parent)}
