"""Two processes on this machine train one network together, as two machines would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.photo_sets import write_shapes

PATIENCE = 500
"""Seconds that no run here comes near to, even on a busy machine."""

OPTIONS = (
    *("--base", "none", "--alpha", "0.25", "--image-size", "32", "--crop-fraction", "1"),
    *("--augmentation", "none", "--batch-size", "16", "--learning-rate", "0.05", "--json"),
)


def start(photos: Path, output: Path, epochs: int, *more: object) -> subprocess.Popen[str]:
    """Start the command in a process of its own, on the JAX backend."""
    code = "from builder.cli import main; main()"
    arguments = ["train", photos, "--output", output, "--epochs", epochs, *OPTIONS, *more]
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outputs(*processes: subprocess.Popen[str]) -> list[tuple[str, str]]:
    """Return stdout and stderr of each when all have ended; read together, lest one block."""
    with ThreadPoolExecutor(len(processes)) as pool:
        return list(pool.map(lambda one: one.communicate(timeout=PATIENCE), processes))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_two(photos: Path, output: Path, epochs: int) -> list[subprocess.Popen[str]]:
    """Start two processes that train together."""
    address = f"127.0.0.1:{free_port()}"
    return [
        start(
            photos, output, epochs,
            "--distributed", address, "--processes", 2, "--process-id", number,
        )
        for number in range(2)
    ]  # fmt: skip


def test_two_processes_train_what_one_does(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path / "shapes", 60)
    pair = start_two(photos, tmp_path / "two.keras", 10)
    (out, err), (other_out, other_err) = outputs(*pair)
    assert [one.returncode for one in pair] == [0, 0], err + other_err
    assert other_out == ""
    assert "epoch 10/10" in err
    alone = start(photos, tmp_path / "one.keras", 10)
    alone_out, alone_err = alone.communicate(timeout=PATIENCE)
    assert alone.returncode == 0, alone_err
    together, single = json.loads(out), json.loads(alone_out)
    assert together["photos"] == single["photos"] == 36
    assert single["top1"] > 0.8
    assert together["top1"] == pytest.approx(single["top1"], abs=0.15)


def test_a_process_that_dies_ends_the_other_with_a_checkpoint(tmp_path: Path) -> None:
    photos = write_shapes(tmp_path / "shapes", 40)
    output = tmp_path / "two.keras"
    survivor, victim = start_two(photos, output, 500)
    state = tmp_path / "two.training" / "state.json"
    deadline = time.monotonic() + PATIENCE
    while not state.exists() and time.monotonic() < deadline and survivor.poll() is None:
        time.sleep(0.2)
    victim.send_signal(signal.SIGKILL)
    (_, err), _ = outputs(survivor, victim)
    assert survivor.returncode == 1, err
    assert "Another process has ended or cannot be reached" in err
    assert "--resume" in err
    assert "Traceback" not in err
    assert json.loads(state.read_text())["epoch"] >= 1
