"""Names a conversion by everything that it depends on: settings, contents of files, versions."""

import json
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from builder import resources
from builder.config import SiteConfig
from builder.config.field_docs import settings
from builder.hashing import folder_hash, sha256_hex
from builder.model.reading.content import content_sha256, path_of

_NAMES_OR_PATHS = ("model", "weights")

_SOURCES = (
    *("model", "config", "labels"),
    *("git_lfs.py", "hashing.py", "resources.py", "typed_json.py"),
)
"""The code that a conversion runs: all that `model` may import but `output`, which only
writes reports and trained models."""

_PACKAGES = (
    "tensorflow",
    "keras",
    "tf_keras",
    "tensorflowjs",
    "numpy",
    "h5py",
    "pillow",
    "scikit-image",
    "ml_dtypes",
)
_VARIABLES = {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": ""}
"""Variables that Keras reads, with what `builder.model.setup` or Keras takes for them."""


def conversion_key(config: SiteConfig) -> str:
    """Return 64 hex digits that differ wherever the converted model may differ.

    Files and folders that settings name count by content. What a conversion reads beyond these
    (weights in Keras's own cache) is known only after the conversion: see `dependencies`.
    """
    counted = [setting.field for setting in settings() if not setting.site_only]
    described = {
        "settings": {name: _described(name, getattr(config, name)) for name in counted},
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
