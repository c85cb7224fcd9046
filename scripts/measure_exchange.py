"""Measures when a second machine helps a training: a step alone, and with one over slow networks.

    sudo .venv/bin/python -m scripts.measure_exchange --alpha 0.25 --alpha 1

Needs root on Linux with iproute2 and util-linux. Two network namespaces stand for two machines,
joined by a pair of virtual interfaces whose both ends are limited in turn. In each a process with a
core of its own trains half of every batch, by the product's own network, optimizer and distribution
on JAX; photos are random numbers. Alone, one process with one core trains whole batches. Bytes are
those that the interface counted, headers included. Prints a table in Markdown.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import click

PROCESSES = 2
RATES = (None, 1000, 100)
"""Limits of the network, Mbit/s; None: as fast as the machine itself."""

_CLASSES = 10
_ADDRESSES = ("10.213.71.1", "10.213.71.2")
"""Of the two namespaces; nothing else can reach them."""
_PORT = 1234
_INTERFACE = "exchange"
_WORK = "import sys; from scripts.measure_exchange import work; work(sys.argv[1])"
# Gloo finds its own address by the name of the machine, which is here the process's alone.
_NAMED = 'echo "$0" > /proc/sys/kernel/hostname && exec "$@"'


@dataclass(frozen=True)
class Task:
    """What a process trains, and with whom."""

    alpha: float
    side: int
    """Of the photos, pixels."""
    batch: int
    """Photos a step, over all processes."""
    steps: int
    """That are timed at each rate."""
    core: int
    process_id: int | None = None
    """None: alone."""

    @property
    def parts(self) -> int:
        """How many processes a batch is divided among."""
        return 1 if self.process_id is None else PROCESSES


@dataclass(frozen=True)
class Timed:
    """What a process reports after some steps."""

    weights: int
    """That are trained."""
    seconds: list[float]
    """Of each step."""
    processor: list[float]
    """Seconds of processor time, of each step."""


def ring_bytes(weights: int, processes: int) -> float:
    """Return what each process sends in a step: gradients of four bytes, around a ring.

    Each sends n - 1 parts of n to add them up and as many to hand the sums out (Patarasuk and Yuan
    2009, doi:10.1016/j.jpdc.2008.09.002, section 3).
    """
    return 4 * weights * 2 * (processes - 1) / processes


def least_step(weights: int, rate: float) -> float:
    """Return the seconds that a step must take alone for more machines to help, at `rate` Mbit/s.

    It is the same for any number n of machines. They save (n - 1) / n of the step, and `ring_bytes`
    has that factor too.
    """
    return 8 * weights * 8 / (rate * 1e6)


def burst_bytes(rate: float) -> int:
    """Return how much a limited interface may send at once: 2 ms, but no less than one segment.

    At `rate` Mbit/s. Linux hands over segments of 64 KiB.
    """
    return max(1 << 16, round(rate * 1e6 / 8 * 0.002))


def row(task: Task, alone: Timed, sent: float, together: Sequence[Timed]) -> str:
    """Return a line of the table. `sent` are bytes a step; `together` has an item for each rate."""
    cells = [
        f"MobileNet {task.alpha:g}, {task.batch} photos of {task.side} px",
        f"{alone.weights / 1e6:.2f} million",
        f"{ring_bytes(alone.weights, PROCESSES) / 1e6:.2f}, {sent / 1e6:.2f} MB",
        *(_seconds(timed) for timed in (alone, *together)),
    ]
    return f"| {' | '.join(cells)} |"


def _seconds(timed: Timed) -> str:
    middle, least = statistics.median(timed.seconds), min(timed.seconds)
    return f"{middle:.2f} s ({least:.2f} s; {statistics.median(timed.processor):.2f} s)"


@click.command()
@click.option("--alpha", "alphas", type=float, multiple=True, default=(0.25, 1.0))
@click.option("--side", type=int, default=64, help="Side of the photos, pixels.")
@click.option("--batch", type=int, default=32, help="Photos a step, over both processes.")
@click.option("--steps", type=int, default=7, help="Steps that are timed at each rate.")
def main(alphas: Sequence[float], side: int, batch: int, steps: int) -> None:
    """Print a line for each network: median of the steps, fastest step, processor time."""
    names = ("alone", *(f"{rate} Mbit/s" if rate else "unlimited" for rate in RATES))
    click.echo(f"| network | trained weights | to send, sent | {' | '.join(names)} |")
    click.echo("|---|---|---|" + "---|" * len(names))
    cores = sorted(os.sched_getaffinity(0))
    for alpha in alphas:
        pair = [
            Task(alpha, side, batch, steps, cores[number % len(cores)], number)
            for number in range(PROCESSES)
        ]
        single = Task(alpha, side, batch, steps, cores[0])
        with _started(single) as process:
            [alone] = _timed([process])
        sent, together = _measure_pair(pair)
        click.echo(row(single, alone, sent, together))


def _measure_pair(pair: Sequence[Task]) -> tuple[float, list[Timed]]:
    """Return the bytes that a process sends in a step, and the slower process at each rate."""
    with ExitStack() as stack:
        spaces = stack.enter_context(_two_namespaces())
        processes = [
            stack.enter_context(_started(task, space))
            for task, space in zip(pair, spaces, strict=True)
        ]
        together = []
        for rate in RATES:
            before = _sent(spaces[0])
            if rate:
                _limit(spaces, rate)
            timed = _timed(processes)
            sent = (_sent(spaces[0]) - before) / pair[0].steps
            together.append(max(timed, key=lambda one: statistics.median(one.seconds)))
        return sent, together


@contextmanager
def _two_namespaces() -> Iterator[list[str]]:
    """Make two namespaces that reach each other and nothing else, and delete them afterwards."""
    spaces = [f"exchange-{os.getpid()}-{number}" for number in range(PROCESSES)]
    made = []
    try:
        for space in spaces:
            _run("ip", "netns", "add", space)
            made.append(space)
        ends = [("name", _INTERFACE, "netns", space) for space in spaces]
        _run("ip", "link", "add", *ends[0], "type", "veth", "peer", *ends[1])
        for space, address in zip(spaces, _ADDRESSES, strict=True):
            _run("ip", "-n", space, "addr", "add", f"{address}/30", "dev", _INTERFACE)
            _run("ip", "-n", space, "link", "set", _INTERFACE, "up")
            _run("ip", "-n", space, "link", "set", "lo", "up")
        yield spaces
    finally:
        # Interfaces go with the namespaces that they are in.
        for space in made:
            _run("ip", "netns", "delete", space)


def _limit(spaces: Sequence[str], rate: int) -> None:
    shape = ("tbf", "rate", f"{rate}mbit", "burst", str(burst_bytes(rate)), "latency", "50ms")
    for space in spaces:
        _run("tc", "-n", space, "qdisc", "replace", "dev", _INTERFACE, "root", *shape)


def _sent(space: str) -> int:
    """Return the bytes that the interface of a namespace has sent so far."""
    told = _run("ip", "-n", space, "-json", "-statistics", "link", "show", "dev", _INTERFACE)
    return int(json.loads(told)[0]["stats64"]["tx"]["bytes"])


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def _started(task: Task, space: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start a process that works on `task`, in a namespace if one is given; end it afterwards."""
    command = [sys.executable, "-c", _WORK, json.dumps(asdict(task))]
    if space is not None and task.process_id is not None:
        named = ("unshare", "--uts", "sh", "-c", _NAMED, _ADDRESSES[task.process_id])
        command = ["ip", "netns", "exec", space, *named, *command]
    process = subprocess.Popen(
        command,
        env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _timed(processes: Sequence[subprocess.Popen[str]]) -> list[Timed]:
    """Have all processes train some steps, and return what each reports."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [_report(process) for process in processes]


def _report(process: subprocess.Popen[str]) -> Timed:
    """Return what a process reports next. Raises `ClickException` where it has ended."""
    assert process.stdout is not None
    for line in process.stdout:
        # Libraries write to stdout, too.
        if line.startswith('{"weights"'):
            return Timed(**json.loads(line))
    raise click.ClickException(f"A process ended with {process.wait()}; see above.")


def work(asked: str) -> None:
    """Train what a `Task` in JSON asks for: some steps for each line on stdin, told on stdout."""
    task = Task(**json.loads(asked))
    # Before JAX counts the cores.
    os.sched_setaffinity(0, {task.core})
    from builder.model.setup import keras
    from builder.training.distributed import Cluster, join, require_jax, spread, training_devices

    require_jax()
    if task.process_id is not None:
        join(Cluster(f"{_ADDRESSES[0]}:{_PORT}", PROCESSES, task.process_id))
    keras(any_backend=True)
    from builder.model.loading.mobilenet import scratch_mobilenet
    from builder.training.phases import compile_for, scratch_phase

    with spread(training_devices()):
        model = scratch_mobilenet(_CLASSES, task.alpha, None)
        phase = scratch_phase(1, task.side, task.batch, 0.1, progressive=False)
        compile_for(model, phase, task.steps)
        # The first compiles.
        _train(model, task, 2)
        for _ in sys.stdin:
            sys.stdout.write(json.dumps(asdict(_train(model, task, task.steps))) + "\n")
            sys.stdout.flush()


def _train(model: Any, task: Task, steps: int) -> Timed:
    """Train some steps on this process's part of a batch of random photos."""
    import keras
    import numpy as np
    import tensorflow as tf

    rng = np.random.default_rng(task.process_id or 0)
    own = task.batch // task.parts
    photos = rng.uniform(-1, 1, (own, task.side, task.side, 3)).astype(np.float32)
    targets = np.eye(_CLASSES, dtype=np.float32)[rng.integers(_CLASSES, size=own)]
    moments: list[tuple[float, float]] = []

    class _Watch(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, *_: Any, **__: Any) -> None:
            moments.append((time.monotonic(), time.process_time()))

        def on_train_batch_end(self, _: int, logs: dict[str, Any]) -> None:
            # Waits for the end of the step.
            float(logs["loss"])
            moments.append((time.monotonic(), time.process_time()))

    data = tf.data.Dataset.from_tensors((photos, targets)).repeat(steps)
    model.fit(data, epochs=1, shuffle=False, verbose=0, callbacks=[_Watch()])
    weights = sum(int(np.prod(one.shape)) for one in model.trainable_variables)
    seconds, processor = np.diff(np.array(moments), axis=0).T.tolist()
    return Timed(weights, seconds, processor)


if __name__ == "__main__":
    main()
