"""Whole Keras models in one file: checked, then loaded without running their code."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.network.export import first_line
from builder.model.reading.allowed_config import allowed_config
from builder.model.reading.keras2 import read_keras2_archive, read_keras2_hdf5
from builder.model.reading.keras_archive import allowed_archive
from builder.model.reading.network import Network
from builder.model.reading.operation_modules import with_operation_modules
from builder.model.reading.weights_file import damaged, inspect_file, named_as_keras_wants
from builder.model.setup import keras as import_keras
from builder.model.setup import silenced


def read_keras(path: Path) -> Network:
    """Load a `.keras` or whole-model `.h5` file, of Keras 3 or, failing that, of Keras 2.

    Keras gets the configuration as it was checked, never the file's own. Raises `ModelError` where
    the file is damaged, names what is not allowed, or is read by neither.
    """
    import_keras(any_backend=True)
    file = inspect_file(path)
    if not file.is_whole_model:
        raise ModelError(
            f"{path} holds weights without a network. Name the network that they belong to: "
            f"--model mobilenet --weights {path}."
        )
    if file.kind == "keras":
        with allowed_archive(path) as copy:
            return _by_either(
                path, lambda: _read_archive(copy), lambda: read_keras2_archive(copy, path)
            )
    config = allowed_config(_h5_config(path), path)
    with named_as_keras_wants(path, ".h5") as name:
        network = _by_either(
            path, lambda: _read_hdf5(config, name), lambda: read_keras2_hdf5(config, name, path)
        )
    return replace(network, obeys_training=not _is_of_keras_3(path))


def _by_either(path: Path, keras3: Callable[[], Any], keras2: Callable[[], Network]) -> Network:
    """Read with Keras 3, else with Keras 2; raise Keras 3's error where neither can."""
    try:
        with silenced():
            return Network(keras3())
    except Exception as error:
        # Keras raises whatever a file leads it to.
        failed = _load_error(path, error)
        if isinstance(error, OSError | EOFError):
            raise failed from error
        try:
            return keras2()
        except ModelError:
            raise
        except Exception:  # noqa: BLE001 (so does tf_keras)
            # The error of Keras 3 is the better reason.
            raise failed from error


def _read_archive(copy: Path) -> Any:
    import keras

    return keras.saving.load_model(str(copy), compile=False, safe_mode=True)


def _read_hdf5(config: Any, file: Path) -> Any:
    """Build the model as `keras.saving.load_model` does, but from the configuration given here."""
    from keras.src.legacy.saving import json_utils, saving_options, saving_utils
    from keras.src.saving.serialization_lib import SafeModeScope

    given = with_operation_modules(config)
    if given == config:
        given = json_utils.decode(json.dumps(config))
    with saving_options.keras_option_scope(use_legacy_config=True), SafeModeScope(True):
        model = saving_utils.model_from_config(given)
        model.load_weights(str(file))
    return model


def _h5_config(path: Path) -> Any:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return json.loads(file.attrs["model_config"])
    except Exception as error:
        # Whatever a damaged file leads h5py and json to: OSError, KeyError, RecursionError …
        raise damaged(path) from error


def _is_of_keras_3(path: Path) -> bool:
    """Return whether Keras 3 wrote an `.h5` file; those of the first versions do not say."""
    import h5py

    with h5py.File(path, "r") as file:
        version = file.attrs.get("keras_version", "")
    text = version.decode() if isinstance(version, bytes) else str(version)
    return int(text.partition(".")[0]) >= 3 if text[:1].isdecimal() else False


def _load_error(path: Path, error: Exception) -> ModelError:
    text = str(error)
    unknown = re.search(r"(?:Could not locate \w+|Unknown layer:?) '?(\w+)", text)
    if unknown is not None:
        return ModelError(
            f"{path} has a layer or function, {unknown[1]!r}, that neither Keras 3 nor Keras 2 "
            "has here. Build the model from Keras's own layers, and save it with a newer Keras."
        )
    if isinstance(error, OSError | KeyError | EOFError):
        return damaged(path)
    return ModelError(
        f"Keras cannot load {path}: {first_line(error)}. "
        "Save it again with this version of Keras, or give its weights with --weights."
    )
