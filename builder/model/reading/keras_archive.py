"""Untrusted `.keras` archives: unpacked, checked, and packed anew for Keras."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.reading.allowed_config import allowed_config
from builder.model.reading.hdf5 import require_sound_hdf5
from builder.model.reading.weights_file import damaged

_CONFIG = "config.json"
_WEIGHTS = "model.weights.h5"
_FORMER_LAYERS = "_layer_checkpoint_dependencies"
"""The group of a model's layers in files of Keras 2.12 to 2.14."""
_LARGEST_CONFIG = 64 << 20


@contextmanager
def allowed_archive(path: Path) -> Iterator[Path]:
    """Yield a `.keras` file with the checked configuration and the weights, and nothing else.

    The layers' own files (`assets/`) and other members are left out. Raises `ModelError` where the
    archive is damaged, or its configuration or arrays are not allowed.
    """
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        weights, copy = Path(folder, _WEIGHTS), Path(folder, "model.keras")
        try:
            with zipfile.ZipFile(path) as archive:
                config = allowed_config(_config(archive, path), path)
                with archive.open(_WEIGHTS) as source, weights.open("wb") as target:
                    shutil.copyfileobj(source, target)
            require_sound_hdf5(weights, weights.stat().st_size, path)
            _rename_layers(weights)
            with zipfile.ZipFile(copy, "w") as archive:
                archive.writestr(_CONFIG, json.dumps(config))
                archive.writestr("metadata.json", "{}")
                archive.write(weights, _WEIGHTS)
        except ModelError:
            raise
        except Exception as error:
            # Whatever a damaged file leads zipfile, h5py and json to: OSError, RecursionError …
            raise damaged(path) from error
        weights.unlink()
        yield copy


def _rename_layers(weights: Path) -> None:
    """Call the groups of layers what Keras 2.15 and later call them, in a copy of the weights."""
    import h5py

    with h5py.File(weights, "r+") as file:
        names: list[str] = []
        file.visit(names.append)
        # The inner ones first: the others' paths change with the outer ones.
        for name in reversed([name for name in names if name.endswith(_FORMER_LAYERS)]):
            file.move(name, f"{name.removesuffix(_FORMER_LAYERS)}layers")


def _config(archive: zipfile.ZipFile, path: Path) -> Any:
    if archive.getinfo(_CONFIG).file_size > _LARGEST_CONFIG:
        raise ModelError(
            f"{path} has a {_CONFIG} of more than {_LARGEST_CONFIG >> 20} MiB, which no model has: "
            "refused."
        )
    return json.loads(archive.read(_CONFIG))
