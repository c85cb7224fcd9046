"""Names a conversion by everything that it depends on: settings, contents of files, versions."""

import json
import os
import platform
from dataclasses import fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from builder import resources
from builder.config import SiteConfig
from builder.hashing import folder_hash, sha256_hex
from builder.model.content import content_sha256, path_of

SITE_ONLY = frozenset(
    {"top_k", "threshold", "title", "short_name", "description", "theme_color", "base_url"}
    | {
        "templates",
        "output",
        "force",
        "cache",
        "verify",
        "lang",
        "keep_previous",
        "kill_switch",
        "precompress",
        "screenshots",
        "allow",
        "deny",
        "threads",
    }
)
"""Settings that leave the converted model as it is. A new setting counts until it is listed here:
the worst that an omission costs is a conversion too many."""

_NAMES_OR_PATHS = ("model", "weights")

_SOURCES = ("model", "config", "labels", "hashing.py", "resources.py")
"""The rooms that a conversion passes through: all that `model` may import."""

_PACKAGES = (
    "tensorflow",
    "keras",
    "tf_keras",
    "tensorflowjs",
    "numpy",
    "h5py",
    "pillow",
    "ml_dtypes",
)
_VARIABLES = {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": ""}
"""Variables that Keras reads, with what `builder.model.setup` or Keras takes for them."""


def conversion_key(config: SiteConfig) -> str:
    """Return 64 hex digits that differ wherever the converted model may differ.

    Files and folders that settings name count by content. What a conversion reads beyond these
    (weights in Keras's own cache) is known only afterwards: see `dependencies`.
    """
    values = {field.name: getattr(config, field.name) for field in fields(config)}
    described = {
        "settings": {
            name: _described(name, value) for name, value in values.items() if name not in SITE_ONLY
        },
        "code": _code_hash(),
        "versions": _versions(),
        "environment": {
            name: os.environ.get(name, default) for name, default in _VARIABLES.items()
        },
    }
    return sha256_hex(json.dumps(described, sort_keys=True).encode())


def _described(name: str, value: object) -> Any:
    """Return a setting's value for the key; a path with the content that lies there."""
    path = path_of(str(value)) if name in _NAMES_OR_PATHS else value
    if isinstance(path, Path):
        return [str(value), content_sha256(path) if path.exists() else None]
    return value


@cache
def _code_hash() -> str:
    """Return a hash of our own code, for checkouts whose version stays while they change."""
    package = Path(resources.__file__).parent
    files = [file for name in _SOURCES for file in _python_files(package / name)]
    demo = sorted(file for file in (resources.assets() / "demo").glob("*") if file.is_file())
    labels = sorted((resources.assets() / "labels").glob("*"))
    return folder_hash({str(file): file.read_bytes() for file in [*files, *demo, *labels]})


def _python_files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
