"""Imports TensorFlow and Keras the way this package needs them: quiet, and on the right backend."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from builder.errors import ModelError

_LOUD = "0"


def quieten() -> None:
    """Suppress the log of TensorFlow, however it is imported after this.

    `TF_CPP_MIN_LOG_LEVEL=0` in the environment (as `--debug` sets it) lets everything through.
    Other values are replaced: JAX, which `tensorflowjs` imports, sets 1, and processes started
    later would inherit it.
    """
    if not _is_debugging():
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    # A dependency of tensorflowjs that prints on import, and fails where stdout is redirected.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")


def tensorflow() -> Any:
    """Return the `tensorflow` module, imported without its messages."""
    quieten()
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with silenced():
        import tensorflow as tf

    if not _is_debugging():
        tf.get_logger().setLevel("ERROR")
    return tf


def keras(any_backend: bool = False) -> Any:
    """Return the `keras` module on the TensorFlow backend, with images as height, width, channels.

    Raises `ModelError` where Keras already runs on another backend: the graph can only be
    exported from TensorFlow. `any_backend` allows that, for training.
    """
    tensorflow()
    import keras as module

    if not any_backend and module.config.backend() != "tensorflow":
        raise ModelError(
            f"Keras runs on the backend {module.config.backend()!r}, but a model can only be "
            "converted on 'tensorflow': unset KERAS_BACKEND, or set it to tensorflow."
        )
    # A user's ~/.keras/keras.json may say otherwise, and TensorFlow.js has no channels-first.
    module.config.set_image_data_format("channels_last")
    return module


@contextmanager
def silenced() -> Iterator[None]:
    """Swallow what is written to stdout and stderr, C++ logs included, unless debugging.

    Works on the file descriptors, because TensorFlow's C++ code writes past `sys.stderr`.
    """
    if _is_debugging():
        yield
        return
    sys.stdout.flush()
    sys.stderr.flush()
    saved = [os.dup(1), os.dup(2)]
    try:
        with tempfile.TemporaryFile() as sink:
            os.dup2(sink.fileno(), 1)
            os.dup2(sink.fileno(), 2)
            try:
                yield
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os.dup2(saved[0], 1)
                os.dup2(saved[1], 2)
    finally:
        for descriptor in saved:
            os.close(descriptor)


def _is_debugging() -> bool:
    return os.environ.get("TF_CPP_MIN_LOG_LEVEL") == _LOUD
