"""Training on small pictures, through the command, to a model that `build` takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from builder.cli.main import main
from builder.config import SiteConfig
from builder.model.loading import mobilenet as network
from builder.model.loading.bundle import read_bundle
from builder.model.setup import keras as import_keras
from builder.training import loop
from tests.photo_sets import SHAPES, write_shapes

SCRATCH = (
    *("--base", "none", "--alpha", "0.5", "--input-size", "32", "--crop-fraction", "1"),
    *("--augmentation", "light", "--epochs", "8", "--batch-size", "16", "--learning-rate", "0.05"),
    "--cache",
)


def train(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["train", *map(str, arguments)])


@pytest.fixture(scope="module", autouse=True)
def shallow() -> Iterator[None]:
    """Make networks from scratch of few layers: each costs time to trace, and learns no better."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "BLOCKS", network.BLOCKS[:2])
        yield


@pytest.fixture(autouse=True)
def fresh_keras() -> Iterator[None]:
    keras = import_keras()
    yield
    keras.backend.clear_session()


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of 60 pictures of each of three shapes."""
    return write_shapes(tmp_path_factory.mktemp("shapes"), 60)


@pytest.fixture(scope="module")
def scratch(shapes: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Return a network trained on the shapes from scratch, and what the command said."""
    output = tmp_path_factory.mktemp("scratch") / "shapes.keras"
    result = train(shapes, *SCRATCH, "--output", output, "--json")
    assert result.exit_code == 0, result.output
    return output, result


def test_a_network_from_scratch_learns_the_shapes(scratch: tuple[Path, Result]) -> None:
    output, result = scratch
    figures = json.loads(result.stdout)
    assert figures["top1"] > 0.8
    assert figures["photos"] == 36
    assert "from scratch, epoch 8/8" in result.stderr
    assert not output.with_name("shapes.training").exists()


def test_labels_scaling_and_figures_travel_inside_the_file(scratch: tuple[Path, Result]) -> None:
    bundle = read_bundle(scratch[0])
    assert bundle is not None
    assert bundle.labels == SHAPES
    assert bundle.preprocessing.input_height == 32
    assert bundle.preprocessing.crop_fraction == 1.0
    assert bundle.accuracy["top1"] > 0.8
    assert 0.2 <= bundle.calibration.temperature <= 10
    assert bundle.calibration.photos == 36
    assert bundle.familiarity is not None
    assert bundle.familiarity.bias.shape == (len(SHAPES),)


def test_the_report_stands_alone_and_tells_the_same_as_its_json(
    scratch: tuple[Path, Result],
) -> None:
    folder = scratch[0].with_name("shapes-report")
    page = (folder / "index.html").read_text(encoding="utf-8")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert page.count("<svg") == 3
    assert not [word for word in ("<script", 'src="http', "<link") if word in page]
    assert f"{report['top1']:.1%}" in page
    assert len(report["history"]) == 8
    assert sum(map(sum, report["confusion"])) == report["photos"]
    assert report["bestEpoch"] == 1 + int(
        np.argmin([entry["val_loss"] for entry in report["history"]])
    )
    bundle = read_bundle(scratch[0])
    assert bundle is not None
    assert report["fit"] == bundle.preprocessing.fit == "crop"
    assert report["cropFraction"] == bundle.preprocessing.crop_fraction


def test_build_needs_no_other_option_than_the_file(scratch: tuple[Path, Result]) -> None:
    from builder.model.loading.load import load_source

    source = load_source(SiteConfig(model=str(scratch[0])), lambda _: None)
    bundle = read_bundle(scratch[0])
    assert bundle is not None
    assert (source.labels, source.calibration) == (bundle.labels, bundle.calibration)
    assert source.preprocessing == bundle.preprocessing
    outputs = source.keras_model(np.zeros((1, 32, 32, 3), np.float32))
    assert np.asarray(outputs).sum() == pytest.approx(1.0, abs=1e-5)


def test_evaluate_measures_what_train_reported(
    scratch: tuple[Path, Result], shapes: Path, tmp_path: Path
) -> None:
    from builder.training.folders import read_photo_set

    for photo in read_photo_set(shapes, 0.2, 0).val:
        target = tmp_path / photo.path.parent.name / photo.path.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(photo.path.read_bytes())
    result = CliRunner().invoke(
        main, ["evaluate", str(scratch[0]), str(tmp_path), "--json", "--report", f"{tmp_path}/r"]
    )
    assert result.exit_code == 0, result.output
    measured = json.loads(result.stdout)
    assert measured["top1"] == pytest.approx(json.loads(scratch[1].stdout)["top1"], abs=0.03)
    assert (tmp_path / "r" / "index.html").is_file()


def test_transfer_to_new_classes_beats_training_from_scratch(
    scratch: tuple[Path, Result], tmp_path: Path
) -> None:
    few = tmp_path / "few"
    write_shapes(few / "train", 9, seed=5)
    write_shapes(few / "val", 20, seed=6)
    common = ("--label-smoothing", "0", "--crop-fraction", "1", "--json")
    fine = train(
        few, "--base", scratch[0], "--epochs", 1, "--output", tmp_path / "f.keras", *common
    )
    cold = train(
        few, "--base", "none", "--alpha", "0.5", "--input-size", "32", "--epochs", "3",
        "--output", tmp_path / "c.keras", *common,
    )  # fmt: skip
    assert fine.exit_code == 0, fine.output
    assert cold.exit_code == 0, cold.output
    assert json.loads(fine.stdout)["top1"] > json.loads(cold.stdout)["top1"]
    assert "head: accuracy" in fine.stderr
    assert "fine-tuning, epoch" in fine.stderr
    report = json.loads((tmp_path / "f-report" / "report.json").read_text(encoding="utf-8"))
    assert report["keptReason"] in fine.stderr
    kept = report["history"][report["bestEpoch"] - 1]
    assert kept["phase"] == report["keptPhase"]
    assert kept["val_top1"] == pytest.approx(report["top1"])


def test_grayscale_is_trained_and_travels(shapes: Path, tmp_path: Path) -> None:
    result = train(
        shapes, *SCRATCH, "--epochs", 1, "--grayscale", "--output", tmp_path / "gray.keras"
    )
    assert result.exit_code == 0, result.output
    bundle = read_bundle(tmp_path / "gray.keras")
    assert bundle is not None
    assert bundle.preprocessing.grayscale


def interrupt_in_epoch(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C be pressed when an epoch begins, counted from 1."""
    begin = loop.EpochProgress.__init__

    def pressed(self: Any, phase: str, epoch: int, *rest: Any, **named: Any) -> None:
        if epoch == number:
            raise KeyboardInterrupt
        begin(self, phase, epoch, *rest, **named)

    monkeypatch.setattr(loop.EpochProgress, "__init__", pressed)


def test_ctrl_c_keeps_the_best_and_resume_goes_on(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (shapes, *SCRATCH, "--epochs", 3, "--output", tmp_path / "shapes.keras", "--json")
    with monkeypatch.context() as patch:
        interrupt_in_epoch(3, patch)
        stopped = train(*command)
    assert stopped.exit_code == 130
    assert "--resume" in stopped.stderr
    assert json.loads(stopped.stdout)["epochs"] == 2
    assert read_bundle(tmp_path / "shapes.keras") is not None
    resumed = train(*command, "--resume")
    assert resumed.exit_code == 0, resumed.output
    assert "Going on after epoch 2" in resumed.stderr
    assert json.loads(resumed.stdout)["epochs"] == 3
    # The first run's model and report are known for what they are, and make room.
    assert {path.name for path in tmp_path.iterdir()} == {"shapes.keras", "shapes-report"}


def test_ctrl_c_before_the_first_epoch_leaves_nothing(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_in_epoch(1, monkeypatch)
    result = train(shapes, *SCRATCH, "--output", tmp_path / "shapes.keras")
    assert result.exit_code == 130
    assert not (tmp_path / "shapes.keras").exists()


def test_a_teacher_of_the_same_classes_is_learnt_from(
    scratch: tuple[Path, Result], shapes: Path, tmp_path: Path
) -> None:
    result = train(
        shapes, *SCRATCH, "--epochs", 1, "--teacher", scratch[0], "--teacher-views", 2,
        "--output", tmp_path / "pupil.keras",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Asking the teacher shapes.keras about 144 photos" in result.stderr


def test_a_teacher_of_other_classes_is_refused(
    scratch: tuple[Path, Result], tmp_path: Path
) -> None:
    others = write_shapes(tmp_path / "others", 4, shapes=("circle", "cross"))
    result = train(others, *SCRATCH, "--teacher", scratch[0], "--output", tmp_path / "pupil.keras")
    assert result.exit_code == 1
    assert "same classes" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--output", "model.h5"), "must end in .keras"),
        (("--output", "nowhere/model.keras"), "does not exist"),
        (("--output", "taken.keras"), "--force"),
        (("--base", "mobilnet", "--output", "a.keras"), "neither a file nor a network"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: tuple[str, ...],
    words: str,
    shapes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.keras").touch()
    result = train(shapes, *arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert (tmp_path / "taken.keras").stat().st_size == 0
