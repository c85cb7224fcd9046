"""Whole Keras models in one file: looked over, then loaded without running their code."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.export import first_line
from builder.model.reading.code import lambda_error, require_no_code
from builder.model.reading.hdf5 import require_sound_hdf5
from builder.model.reading.keras2 import read_keras2
from builder.model.reading.network import Network
from builder.model.setup import hushed
from builder.model.setup import keras as import_keras
from builder.model.weights_file import damaged, inspect_file, named_as_keras_wants


def read_keras(path: Path) -> Network:
    """Load a `.keras` or whole-model `.h5` file, of Keras 3 or, failing that, of Keras 2.

    Raises `ModelError` where the file is damaged, has code in it, or is read by neither.
    """
    keras = import_keras(any_backend=True)
    file = inspect_file(path)
    if not file.is_whole_model:
        raise ModelError(
            f"{path} holds weights without a network. Name the network that they belong to: "
            f"--model mobilenet --weights {path}."
        )
    suffix = ".keras" if file.kind == "keras" else ".h5"
    _require_harmless(path, suffix)
    with named_as_keras_wants(path, suffix) as name:
        try:
            with hushed():
                return Network(keras.saving.load_model(str(name), compile=False, safe_mode=True))
        except Exception as error:  # noqa: BLE001 (Keras raises whatever a file leads it to)
            return _with_keras2(name, path, error)


def _with_keras2(name: Path, path: Path, error: Exception) -> Network:
    """Read the file with Keras 2, or raise what Keras 3 said of it."""
    failed = _load_error(path, error)
    if isinstance(error, OSError | EOFError):
        raise failed from error
    try:
        return read_keras2(name)
    except ModelError as reason:
        raise ModelError(reason.message.replace(str(name), str(path))) from reason
    except Exception:  # noqa: BLE001 (so does tf_keras)
        # What Keras 3 said of the file is the better reason.
        raise failed from error


def _require_harmless(path: Path, suffix: str) -> None:
    """Look at the configuration and the arrays before Keras does."""
    try:
        if suffix == ".h5":
            config = _h5_config(path)
        else:
            with zipfile.ZipFile(path) as archive:
                config = json.loads(archive.read("config.json"))
                if "model.weights.h5" in archive.namelist():
                    weights = archive.read("model.weights.h5")
                    require_sound_hdf5(io.BytesIO(weights), len(weights), path)
    except ModelError:
        raise
    except Exception as error:
        # Whatever a damaged file leads h5py and json to: OSError, KeyError, RecursionError …
        raise damaged(path) from error
    require_no_code(config, path)


def _h5_config(path: Path) -> Any:
    import h5py

    with h5py.File(path, "r") as file:
        return json.loads(file.attrs["model_config"])


def _load_error(path: Path, error: Exception) -> ModelError:
    text = str(error)
    if "lambda" in text.lower() or "unsafe" in text.lower():
        return lambda_error(path)
    unknown = re.search(r"(?:Could not locate \w+|Unknown layer:?) '?(\w+)", text)
    if unknown is not None:
        return ModelError(
            f"{path} has a layer or function of your own, {unknown[1]!r}, whose code this program "
            "does not have. Build the model from Keras's own layers."
        )
    if isinstance(error, OSError | KeyError | EOFError):
        return damaged(path)
    return ModelError(
        f"Keras cannot load {path}: {first_line(error)}. "
        "Save it again with this version of Keras, or give its weights with --weights."
    )
