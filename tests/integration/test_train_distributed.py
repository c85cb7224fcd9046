"""Several processes or devices train one network together, as several machines or GPUs would."""

import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.photo_sets import write_shapes

PATIENCE = 500
"""Seconds that no run here comes near to, even on a busy machine."""

SCRATCH = (
    *("--base", "none", "--alpha", "0.5", "--input-size", "32", "--crop-fraction", "1"),
    *("--augmentation", "none", "--batch-size", "16", "--learning-rate", "0.05"),
    *("--epochs", "6", "--json"),
)

ON_JAX = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}

SHALLOW = """
from builder.model.loading import mobilenet as network
network.BLOCKS = network.BLOCKS[:2]
"""
"""Makes networks from scratch of few layers: each costs time to compile and to share out."""

COMMAND = f"""
{SHALLOW}
from builder.cli.main import main
main()
"""

DIES = f"""
import os, signal
from builder.training import loop
begin = loop.EpochProgress
def progress(phase, epoch, *rest, **named):
    if epoch == NUMBER:
        os.kill(os.getpid(), signal.SIGKILL)
    return begin(phase, epoch, *rest, **named)
loop.EpochProgress = progress
{COMMAND}
"""
"""Dies when epoch NUMBER begins."""

ON_TWO_TENSORFLOW_DEVICES = f"""
{SHALLOW}
import sys
from pathlib import Path
from builder.model.setup import tensorflow
tf = tensorflow()
[processor] = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
from builder.training.train import train
from builder.training.options import TrainOptions
options = TrainOptions(
    Path(sys.argv[1]), Path(sys.argv[2]), base="none", alpha=0.5, input_size=32, epochs=6,
    batch_size=16, learning_rate=0.05, crop_fraction=1.0, augmentation="none",
)
print(train(options, print, print, lambda: ("CPU:0", "CPU:1")).top1)
"""


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of pictures of three shapes, of which an odd number is for training."""
    return write_shapes(tmp_path_factory.mktemp("shapes"), 61)


@pytest.fixture(scope="module")
def single(shapes: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float]]:
    """Return what one process trains from scratch, and its figures."""
    output = tmp_path_factory.mktemp("single") / "one.keras"
    return output, train_alone(shapes, output, *SCRATCH)


def start(
    *arguments: object, code: str = COMMAND, environment: dict[str, str] = ON_JAX
) -> subprocess.Popen[str]:
    """Start Python in a process of its own, on the JAX backend if not told otherwise."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | environment,
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


def start_two(
    photos: Path, output: Path, *options: object, second: str = COMMAND
) -> list[subprocess.Popen[str]]:
    """Start two processes that train together; `second` is what the other one runs."""
    cluster = ("--distributed", f"127.0.0.1:{free_port()}", "--processes", 2, "--process-id")
    return [
        start("train", photos, "--output", output, *options, *cluster, number, code=code)
        for number, code in enumerate((COMMAND, second))
    ]


def train_two(photos: Path, output: Path, *options: object) -> tuple[dict[str, float], str]:
    """Train in two processes to the end; return the first one's figures and what it said."""
    pair = start_two(photos, output, *options)
    (out, err), (other_out, other_err) = outputs(*pair)
    assert [one.returncode for one in pair] == [0, 0], err + other_err
    assert other_out == ""
    return json.loads(out), err


def train_alone(photos: Path, output: Path, *options: object, **more: str) -> dict[str, float]:
    """Train in one process; return its figures."""
    alone = start("train", photos, "--output", output, *options, environment=ON_JAX | more)
    out, err = alone.communicate(timeout=PATIENCE)
    assert alone.returncode == 0, err
    return dict(json.loads(out))


def test_two_processes_train_what_one_does(
    shapes: Path, single: tuple[Path, dict[str, float]], tmp_path: Path
) -> None:
    together, said = train_two(shapes, tmp_path / "two.keras", *SCRATCH)
    assert "from scratch, epoch 6/6" in said
    _, alone = single
    assert together["photos"] == alone["photos"] == 36
    assert alone["top1"] > 0.8
    assert together["top1"] == pytest.approx(alone["top1"], abs=0.15)


def test_two_processes_fine_tune_what_one_does(
    shapes: Path, single: tuple[Path, dict[str, float]], tmp_path: Path
) -> None:
    """Each sees its half of the photos, of which there is an odd number."""
    base, _ = single
    options = ("--base", base, "--epochs", 1, "--batch-size", 16, "--json")
    together, said = train_two(shapes, tmp_path / "two.keras", *options)
    assert "fine-tuning, epoch 1/1" in said
    alone = train_alone(shapes, tmp_path / "one.keras", *options)
    assert together["photos"] == alone["photos"]
    assert alone["top1"] > 0.8
    tuned, same = (
        json.loads((tmp_path / f"{name}-report" / "report.json").read_text())["history"][-1]
        for name in ("two", "one")
    )
    assert tuned["phase"] == "fine-tuning"
    assert tuned["loss"] == pytest.approx(same["loss"], rel=1e-3)


def test_processes_that_do_not_belong_together_say_so_before_they_compute(
    shapes: Path, tmp_path: Path
) -> None:
    others = write_shapes(tmp_path / "others", 60)
    cluster = ("--distributed", f"127.0.0.1:{free_port()}", "--processes", 2, "--process-id")
    output = ("--output", tmp_path / "two.keras", *SCRATCH)
    pair = [
        start("train", photos, *output, *more, *cluster, number)
        for number, (photos, more) in enumerate(((shapes, ()), (others, ("--seed", 1))))
    ]
    for process, (_, err) in zip(pair, outputs(*pair), strict=True):
        assert process.returncode == 1, err
        assert "do not belong together" in err
        assert "--seed (0 in process 0, 1 in the other)" in err
        assert "photos (147 to learn from, 36 to check on in process 0" in err
        assert len(err.splitlines()) == 1


def test_a_training_goes_on_after_a_process_has_died(shapes: Path, tmp_path: Path) -> None:
    """First in epoch 1, of which nothing is left; then in epoch 3."""
    output = tmp_path / "two.keras"
    for number, advice in ((1, "start all processes again."), (3, "--resume")):
        victim_code = DIES.replace("NUMBER", str(number))
        survivor, victim = start_two(shapes, output, *SCRATCH, second=victim_code)
        (_, err), _ = outputs(survivor, victim)
        assert survivor.returncode == 1, err
        assert "Another process has ended or cannot be reached" in err
        assert advice in err
        assert "Traceback" not in err
    state = tmp_path / "two.training" / "state.json"
    # It may have died before the other one had written down epoch 2.
    done = json.loads(state.read_text())["epoch"]
    assert 1 <= done <= 2
    figures, said = train_two(shapes, output, *SCRATCH, "--resume")
    assert f"Going on after epoch {done}" in said
    assert f"epoch {done}/6" not in said
    assert "epoch 6/6" in said
    assert figures["top1"] > 0.8
    assert not state.parent.exists()


def test_one_process_uses_all_devices_of_its_machine_on_jax(shapes: Path, tmp_path: Path) -> None:
    """XLA pretends that the processor is two devices, which are then used as two GPUs are."""
    flags = "--xla_force_host_platform_device_count=2"
    figures = train_alone(shapes, tmp_path / "two.keras", *SCRATCH, XLA_FLAGS=flags)
    assert figures["top1"] > 0.8


def test_one_process_uses_all_devices_of_its_machine_on_tensorflow(
    shapes: Path, tmp_path: Path
) -> None:
    process = start(
        shapes, tmp_path / "two.keras",
        code=ON_TWO_TENSORFLOW_DEVICES, environment={"KERAS_BACKEND": "tensorflow"},
    )  # fmt: skip
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert float(out.splitlines()[-1]) > 0.8
