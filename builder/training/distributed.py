"""Training on more than one device: data-parallel, every device with the whole network.

Each works on its part of a batch, and the gradients are averaged over all. Several processes train
together by Keras's distribution on JAX (TensorFlow's `MultiWorkerMirroredStrategy` fails in `fit`
with Keras 3); the GPUs of one machine by the same, or by TensorFlow's `MirroredStrategy`.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from builder.errors import ConfigError


@dataclass(frozen=True)
class Cluster:
    """The processes of one training."""

    address: str
    """Host and port of process 0, which all others can reach: "10.0.0.1:1234"."""
    processes: int
    process_id: int
    """0 … processes - 1."""

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes files."""
        return self.process_id == 0


def check_cluster(address: str | None, processes: int | None, process_id: int | None) -> None:
    """Raise `ConfigError` where the three do not make a cluster."""
    if address is None:
        if processes is not None and processes > 1:
            raise ConfigError(
                f"--processes {processes} needs --distributed HOST:PORT, where process 0 is found "
                "(a scheduler may have set WORLD_SIZE or the like): give it, or say --processes 1."
            )
        return
    if processes is None or process_id is None:
        raise ConfigError(
            "--distributed needs --processes and --process-id, or a scheduler that sets WORLD_SIZE "
            "and RANK (or SLURM's or Open MPI's own variables)."
        )
    if process_id >= processes:
        raise ConfigError(
            f"--process-id {process_id} is not below --processes {processes}: count from 0."
        )


def join(cluster: Cluster) -> None:
    """Connect to the other processes, after `require_jax`. Waits until all have come."""
    from builder.model.setup import quieten, silenced

    # Keras imports TensorFlow, whichever its backend.
    quieten()
    # Gloo writes a greeting to stdout when the processes first compute something together.
    with silenced():
        import keras
        from jax.experimental.multihost_utils import sync_global_devices

        keras.distribution.initialize(cluster.address, cluster.processes, cluster.process_id)
        sync_global_devices("start")


def training_devices() -> tuple[str, ...]:
    """Return the names of the devices that a training uses: of all processes, after `join`.

    On JAX all GPUs, or else all CPU devices; on TensorFlow all GPUs; one with other backends.
    """
    import keras

    if keras.config.backend() == "jax":
        return tuple(keras.distribution.list_devices())
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        return tuple(device.name for device in tf.config.list_logical_devices("GPU"))
    return ()


@contextmanager
def spread(devices: Sequence[str]) -> Iterator[None]:
    """Spread the networks that are made in this context over `devices`, where there are several.

    What is made outside belongs to this process and its first device.
    """
    import keras

    if len(devices) < 2:
        yield
    elif keras.config.backend() == "tensorflow":
        import tensorflow as tf

        with tf.distribute.MirroredStrategy(list(devices)).scope():
            yield
    else:
        # Each process hands over its own part of a batch: `Lessons` has divided it.
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(devices=list(devices), auto_shard_dataset=False)
        )
        try:
            yield
        finally:
            keras.distribution.set_distribution(None)


def require_jax() -> None:
    """Choose JAX as the backend. Raises `ConfigError` where it is or will be another."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    os.environ.setdefault("JAX_CPU_COLLECTIVES_IMPLEMENTATION", "gloo")
    backend = os.environ["KERAS_BACKEND"]
    if "keras" in sys.modules:
        import keras

        backend = keras.config.backend()
    if backend != "jax":
        raise ConfigError(
            f"--distributed needs Keras's JAX backend, and this is {backend!r}: set KERAS_BACKEND "
            "to jax, or unset it."
        )
