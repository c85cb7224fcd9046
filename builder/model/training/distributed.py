"""Training on more than one machine or GPU: data-parallel, by Keras's distribution on JAX.

Every process has the whole network and works on its part of each batch; the gradients are averaged
over all. TensorFlow's `MultiWorkerMirroredStrategy` fails in `fit` with Keras 3.
"""

import os
import sys
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
        return
    if ":" not in address:
        raise ConfigError(f"--distributed {address!r} has no port: give HOST:PORT of process 0.")
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
    """Connect to the other processes and spread every later network over all of them.

    Waits until all have come. Raises `ConfigError` where Keras runs on another backend already.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")
    os.environ.setdefault("JAX_CPU_COLLECTIVES_IMPLEMENTATION", "gloo")
    require_jax()
    from builder.model.setup import hushed

    # Gloo writes a greeting to stdout when the processes first compute something together.
    with hushed():
        import keras
        from jax.experimental.multihost_utils import sync_global_devices

        keras.distribution.initialize(cluster.address, cluster.processes, cluster.process_id)
        sync_global_devices("start")
    _spread()


def use_all_devices() -> None:
    """Spread every later network over this machine's devices, where there are several.

    On the JAX backend; with the others, Keras uses the first.
    """
    import keras

    if keras.config.backend() == "jax" and len(keras.distribution.list_devices()) > 1:
        _spread()


def leave() -> None:
    """Make later networks ordinary ones, of this process alone."""
    import keras

    if keras.config.backend() == "jax":
        keras.distribution.set_distribution(None)


def require_jax() -> None:
    """Raise `ConfigError` where the backend is or will be another than JAX."""
    backend = os.environ["KERAS_BACKEND"]
    if "keras" in sys.modules:
        import keras

        backend = keras.config.backend()
    if backend != "jax":
        raise ConfigError(
            f"--distributed needs Keras's JAX backend, and this is {backend!r}: set KERAS_BACKEND "
            "to jax, or unset it."
        )


def _spread() -> None:
    import keras

    # Each process hands over its own part of a batch: `Lessons` has seen to that.
    keras.distribution.set_distribution(
        keras.distribution.DataParallel(
            devices=keras.distribution.list_devices(), auto_shard_dataset=False
        )
    )
