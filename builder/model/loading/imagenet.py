"""ImageNet weights from Keras's cache or its download, with errors that say what to do."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.dependencies import Unavailable

_TIMEOUT_SECONDS = 20.0
"""Seconds to wait for a silent server; Keras itself would wait forever."""


class WeightsUnavailableError(ModelError):
    """ImageNet weights are neither in Keras's cache nor to be downloaded."""

    def __init__(self, cause: str, remedy: str, unavailable: Unavailable | None = None) -> None:
        """Set the cause, the remedy, and which file is missing, if that is all."""
        super().__init__(f"{cause} {remedy}")
        self.cause = cause
        self.unavailable = unavailable


def keras_cache() -> Path:
    """Return the folder in which Keras keeps weights: `$KERAS_HOME/models` or its default."""
    from keras.src.backend.config import keras_home

    return Path(keras_home()).expanduser() / "models"


@contextmanager
def imagenet_weights() -> Iterator[list[Path]]:
    """Let `keras.applications` find weights by our own function while the context lasts.

    Yields the list that the paths of the files found are added to.

    Keras writes its progress to stdout, deletes a cached file that it finds damaged when the new
    download fails, ignores a cache that it cannot write to, and raises bare exceptions. There is
    no hook for any of this, so its one function for fetching files is replaced meanwhile.
    """
    from keras.src.utils import file_utils

    fetch = file_utils.get_file
    asked: list[Path] = []

    def get_file(fname: str, origin: str, **options: Any) -> str:
        path = _cached_or_fetched(fetch, fname, origin, options)
        asked.append(path)
        return str(path)

    file_utils.get_file = get_file
    try:
        yield asked
    except ModelError:
        raise
    except Exception as error:
        # Whatever h5py or Keras stumble over in a damaged file: OSError, KeyError, ValueError …
        if not asked:
            raise
        raise _damaged(asked[-1]) from error
    finally:
        file_utils.get_file = fetch


def _cached_or_fetched(fetch: Any, fname: str, origin: str, options: dict[str, Any]) -> Path:
    from keras.src.utils.file_utils import validate_file

    path = keras_cache() / fname
    expected = options.get("file_hash") or options.get("md5_hash")
    if path.is_file():
        if not os.access(path, os.R_OK):
            raise WeightsUnavailableError(
                f"{path} in Keras's cache cannot be read: permission denied.",
                "Let it be read, or give a file with --weights PATH.",
            )
        if expected and not validate_file(str(path), expected):
            raise _damaged(path)
        return path
    timeout = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_TIMEOUT_SECONDS)
    try:
        with redirect_stdout(sys.stderr):
            return Path(fetch(fname, origin, **options))
    except Exception as error:
        # Keras raises bare exceptions here, and urllib's, ssl's and http.client's pass through.
        raise WeightsUnavailableError(
            f"The ImageNet weights {fname} are not in Keras's cache ({path.parent}) and cannot be "
            f"downloaded ({_cause(error)}).",
            "Go online, give a file with --weights PATH, or start from efficientnet-lite0 or demo, "
            "which need no download (build --model, train --base).",
            Unavailable(str(path), origin),
        ) from error
    finally:
        socket.setdefaulttimeout(timeout)


def _damaged(path: Path) -> WeightsUnavailableError:
    return WeightsUnavailableError(
        f"{path} in Keras's cache is damaged or was not downloaded to its end.",
        "Delete it and try again, or give a file with --weights PATH.",
    )


def _cause(error: Exception) -> str:
    """Return the reason in a few words: Keras says "URL fetch failure on …: None -- reason"."""
    return str(error).split(" -- ")[-1].strip() or type(error).__name__
