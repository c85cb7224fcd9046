"""Where a training writes: what no run wrote is never deleted, and all is checked beforehand."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from builder.errors import OutputError
from builder.model.metadata import Calibration, Preprocessing, Rights
from builder.output.records import record_of
from builder.training.checkpoints import Checkpoints, RunState, check_folder, open_state
from builder.training.finish import save
from builder.training.kept import Kept
from builder.training.options import TrainOptions
from builder.training.train import require_free
from tests.unit.training.test_training_plan import options


@pytest.mark.parametrize("name", ["notes.txt", "best.weights.h5", "state.json"])
def test_what_no_run_wrote_is_moved_aside_and_only_by_force(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model.training"
    folder.mkdir()
    (folder / name).write_text('{"fingerprint": 7}')
    with pytest.raises(OutputError, match="holds what no run of classifier-pwa wrote"):
        check_folder(folder, force=False)
    check_folder(folder, force=True)
    heard: list[str] = []
    state = open_state(options(tmp_path, force=True), "own", Checkpoints(folder), heard.append)
    assert state == RunState("own")
    assert (tmp_path / "model.training.replaced-1" / name).read_text() == '{"fingerprint": 7}'
    assert heard == [f"What {folder} held is now in {folder}.replaced-1: no run wrote it."]


def test_an_earlier_run_may_be_forgotten_and_no_other_file_of_its_folder(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "model.training")
    network = SimpleNamespace(save_weights=lambda path: Path(path).write_text("weights"))
    checkpoints.write(network, RunState("own", epoch=1), is_best=True)
    check_folder(checkpoints.folder, force=False)
    assert open_state(options(tmp_path, force=True), "own", checkpoints).epoch == 0
    (checkpoints.folder / "notes.txt").write_text("mine")
    checkpoints.remove()
    assert [path.name for path in checkpoints.folder.iterdir()] == ["notes.txt"]


def test_a_run_that_is_killed_while_it_first_writes_is_known_for_a_run(tmp_path: Path) -> None:
    def killed(path: str) -> None:
        Path(path).write_text("half")
        raise KeyboardInterrupt

    checkpoints = Checkpoints(tmp_path / "model.training")
    with pytest.raises(KeyboardInterrupt):
        checkpoints.write(
            SimpleNamespace(save_weights=killed), RunState("own", epoch=1), is_best=False
        )
    check_folder(checkpoints.folder, force=False)
    assert open_state(options(tmp_path), "own", checkpoints) == RunState("own")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_runs_folder_is_a_folder(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "model.training"
    path.touch() if kind == "file" else path.symlink_to(tmp_path)
    with pytest.raises(OutputError, match="must be a folder"):
        check_folder(path, force=True)


@pytest.fixture
def trained(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that saves a network of this content; it returns what was told."""
    base = SimpleNamespace(preprocessing=Preprocessing(1, 1), name="", rights=Rights())
    choices = TrainOptions(tmp_path, tmp_path / "model.keras", force=True)
    run = SimpleNamespace(options=choices, base=base, photos=SimpleNamespace(labels=("oak",)))
    figures = SimpleNamespace(top1=1.0, top5=1.0, photos=1)

    def save_as(content: str) -> list[str]:
        def write(path: Path) -> None:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("config.json", content)

        heard: list[str] = []
        kept = Kept(SimpleNamespace(save=write), np.ones((1, 1)), epoch=1, phase="head")
        sha256 = save(run, kept, figures, Calibration(), familiarity=None, tell=heard.append)  # type: ignore[arg-type]
        record = {**record_of({}), "modelSha256": sha256}
        choices.report_folder.mkdir(exist_ok=True)
        (choices.report_folder / "report.json").write_text(json.dumps(record))
        return heard

    return save_as


def test_a_model_is_deleted_only_if_an_earlier_run_wrote_it(
    trained: Callable[[str], list[str]], tmp_path: Path
) -> None:
    output = tmp_path / "model.keras"
    output.write_text("years of work")
    (told,) = trained("first")
    aside = tmp_path / "model.keras.replaced-1"
    assert f"The former {output} is now {aside}" in told
    assert aside.read_text() == "years of work"
    assert trained("second") == []
    output.write_bytes(output.read_bytes() + b"mine")
    assert len(trained("third")) == 1
    assert {path.name for path in tmp_path.iterdir()} == {
        *("model.keras", "model.keras.replaced-1", "model.keras.replaced-2", "model-report"),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"output": Path("here/photos")}, "must end in .keras"),
        ({"output": Path("gone/model.keras")}, "does not exist: create it"),
        ({"output": Path("here/taken.keras")}, "exists: choose another --output, or give --force"),
        ({"output": Path("here/base.keras"), "force": True}, "base.keras, which is read"),
        ({"output": Path("here/folder.keras"), "force": True}, "is a folder"),
        ({"report": Path("here/mine")}, "is not empty, .*Choose another --report, or add --force"),
        ({"report": Path("here"), "force": True}, "holds .*photos, which is read"),
        ({"report": Path(), "force": True}, "is the working directory"),
        ({"output": Path("here/run.keras")}, "run.training, where a run keeps its state"),
    ],
)
def test_where_a_training_writes_is_checked_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("photos", "folder.keras", "mine", "run.training"):
        (tmp_path / "here" / folder).mkdir(parents=True)
        (tmp_path / "here" / folder / "thesis.txt").write_text("years of work")
    for file in ("taken.keras", "base.keras"):
        (tmp_path / "here" / file).touch()
    plain = TrainOptions(Path("here/photos"), Path("here/model.keras"), base="here/base.keras")
    require_free(plain)
    with pytest.raises(OutputError, match=words):
        require_free(replace(plain, **changes))
