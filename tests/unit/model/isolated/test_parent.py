import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.main import main
from builder.config import SiteConfig
from builder.errors import LabelsError, ModelError
from builder.model.conversion import convert_model
from builder.model.isolated import parent as apart
from builder.model.isolated.limits import Ceiling, ceiling_of
from builder.model.isolated.parent import convert_apart
from tests.conftest import ROOT

ENOUGH = Ceiling(memory=8 << 30, seconds=600)


def ignore(_line: str) -> None:
    """Tell nobody."""


@pytest.mark.slow
def test_it_converts_as_in_this_process(trees: tuple[Path, Path]) -> None:
    config = SiteConfig(model=str(trees[0]), labels=trees[1])
    told: dict[str, list[str]] = {"apart": [], "here": []}
    warned: dict[str, list[str]] = {"apart": [], "here": []}
    made = convert_apart(config, told["apart"].append, warned["apart"].append)
    here = convert_model(config, told["here"].append, warned["here"].append)
    assert made.is_repeatable
    assert dict(made.entry.files) == dict(here.entry.files)
    assert told["apart"] == told["here"] != []
    assert warned["apart"] == warned["here"] == list(made.entry.warnings)


@pytest.mark.slow
def test_errors_arrive_as_what_they_are(trees: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "two.txt").write_text("ash\noak\n", encoding="utf-8")
    config = SiteConfig(model=str(trees[0]), labels=tmp_path / "two.txt", preprocessing="0-1")
    with pytest.raises(LabelsError, match="gives 2 class names, but the model has 10 outputs"):
        convert_apart(config, ignore, ignore, ENOUGH)


def test_the_ceiling_of_memory_is_told(trees: tuple[Path, Path]) -> None:
    config = SiteConfig(model=str(trees[0]), labels=trees[1])
    with pytest.raises(ModelError, match=r"ceiling of 0\.2 GB of memory.*--memory-limit"):
        convert_apart(config, ignore, ignore, Ceiling(memory=200 << 20, seconds=600))


@pytest.mark.parametrize(
    ("end", "seconds", "error", "pattern"),
    [
        ("goes on", 0.2, ModelError, r"the ceiling of 0\.00333 minutes.*--time-limit"),
        ("aborts", 600, ModelError, r"TensorFlow gave up on mobilenet \(SIGABRT\)"),
        ("says nothing", 600, ModelError, r"TensorFlow gave up on mobilenet \(status 3\)"),
        ("is killed", 600, ModelError, r"ended by the system.*memory ran out"),
        ("has a bug", 600, RuntimeError, "in the process that converts:\nTraceback: KeyError"),
    ],
)
def test_whatever_becomes_of_the_process_is_told(
    end: str,
    seconds: float,
    error: type[Exception],
    pattern: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "_PROGRAM", "tests.unit.model.isolated.ends_badly")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("ENDS_BADLY", end)
    ceiling = Ceiling(memory=None, seconds=seconds)
    with pytest.raises(error, match=pattern):
        convert_apart(SiteConfig(model="mobilenet"), ignore, ignore, ceiling)


def test_a_model_is_measured_only_once_it_could_be_read_apart(
    trees: tuple[Path, Path], tmp_path: Path
) -> None:
    limits = ["--labels", str(trees[1]), "--time-limit", "0.0001"]
    result = CliRunner().invoke(main, ["evaluate", str(trees[0]), str(tmp_path), *limits])
    assert result.exit_code == 1
    assert "has reached the ceiling of 0.0001 minutes" in result.stderr


def test_the_process_and_its_folder_end_with_the_one_that_started_it(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    command = [sys.executable, "-P", "-m", "builder.model.isolated.child", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.communicate(timeout=60)  # closes its stdin, as the system does for one that was killed
    # 1, or an abort where TensorFlow's threads are still at work: it ends without an answer.
    assert process.returncode != 0
    assert not folder.exists() or list(folder.iterdir()) == []


def test_the_ceiling_grows_with_the_model_and_the_settings_decide(tmp_path: Path) -> None:
    sizes = {"small": 1 << 10, "large": 100_000_000}
    ceilings = {}
    for name, size in sizes.items():
        with (tmp_path / f"{name}.h5").open("wb") as file:
            file.truncate(size)
        ceilings[name] = ceiling_of(SiteConfig(model=str(tmp_path / f"{name}.h5")))
    small, large = ceilings["small"], ceilings["large"]
    assert small.memory is not None
    assert large.memory is not None
    assert small.memory <= large.memory
    assert (round(small.seconds), round(large.seconds)) == (600, 1200)
    asked = ceiling_of(SiteConfig(model="mobilenet", memory_limit=2.5, time_limit=0.5))
    assert asked == Ceiling(memory=5 << 29, seconds=30)


def test_a_build_tells_of_the_ceiling(
    trees: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--model", str(trees[0]), "--labels", str(trees[1]), "--time-limit", "0.0001"]
    result = CliRunner().invoke(main, ["build", "--no-cache", *options])
    assert result.exit_code == 1
    assert "has reached the ceiling of 0.0001 minutes" in result.stderr
    assert not (tmp_path / "dist").exists()
