"""Sizes, defaults, progress and checkpoints: what needs no network."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from builder.errors import ModelError, OutputError
from builder.model.training.checkpoints import Checkpoints, RunState, fingerprint, open_state
from builder.model.training.folders import Photo, PhotoSet
from builder.model.training.head import epochs_of, views_of
from builder.model.training.lessons import balanced_weights
from builder.model.training.loop import has_stalled
from builder.model.training.options import TrainOptions
from builder.model.training.phases import make_phase, progressive_sizes, scratch_phase
from builder.model.training.progress import EpochProgress, bar, time_left


def options(tmp_path: Path, **choices: object) -> TrainOptions:
    return TrainOptions(tmp_path, tmp_path / "model.keras", **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("side", "steps"),
    [
        (64, (32, 48, 64, 64)),
        (72, (32, 48, 64, 72)),
        (80, (32, 48, 64, 80)),
        (224, (96, 144, 192, 224)),
        (20, (16, 16, 16, 20)),
    ],
)
def test_progressive_sizes_grow_in_steps_of_16(side: int, steps: tuple[int, ...]) -> None:
    assert progressive_sizes(20, side) == tuple(
        size for size, epochs in zip(steps, (8, 6, 3, 3), strict=True) for _ in range(epochs)
    )


def test_a_progressive_training_ends_calmly() -> None:
    assert scratch_phase(44, 64, 128, 0.4, progressive=True).calm_from == 39
    assert scratch_phase(44, 64, 128, 0.4, progressive=False).calm_from is None


@pytest.mark.parametrize(("photos", "most"), [(60, 20), (2000, 10), (50_000, 4)])
def test_few_photos_are_seen_more_often(tmp_path: Path, photos: int, most: int) -> None:
    phase = make_phase(options(tmp_path), 224, photos)
    assert 4 <= phase.epochs <= most
    assert phase.name == "fine-tuning"


def test_from_scratch_everything_learns(tmp_path: Path) -> None:
    phase = make_phase(options(tmp_path, base="none", epochs=7), 80, 5000)
    assert (phase.trainable_fraction, phase.epochs, phase.patience) == (1.0, 7, None)


def test_the_head_sees_few_photos_in_many_views() -> None:
    assert views_of(100) == 8
    assert views_of(50_000) == 1
    assert epochs_of(800, 64) == 60
    assert epochs_of(50_000, 512) == 15


def test_a_small_class_counts_as_much_as_a_large_one() -> None:
    labels = np.array([0] * 30 + [1] * 10)
    weights = balanced_weights(labels, 2)
    assert weights[labels].mean() == pytest.approx(1.0)
    assert weights[0] * 30 == pytest.approx(weights[1] * 10)


def test_a_phase_stalls_after_its_patience() -> None:
    state = RunState("x")
    for epoch, loss in enumerate([3.0, 2.0, 2.5, 2.4]):
        state.record({"val_loss": loss})
        state.epoch = epoch + 1
    assert state.best_epoch == 2
    assert has_stalled(state, 2)
    assert not has_stalled(state, 3)
    assert not has_stalled(state, None)


def test_patience_begins_anew_with_a_phase() -> None:
    state = RunState("x", history=[{}] * 9, best_epoch=1, best_loss=0.0, epoch=0)
    state.record({"val_loss": 1.0})
    state.epoch = 1
    assert not has_stalled(state, 2)


def test_the_fingerprint_tells_runs_apart_but_not_places(tmp_path: Path) -> None:
    photos = PhotoSet(("a", "b"), (Photo(tmp_path / "1.jpg", 0),), (Photo(tmp_path / "2.jpg", 1),))
    own = fingerprint(options(tmp_path), photos)
    assert own == fingerprint(options(tmp_path, resume=True, cache=True), photos)
    assert own != fingerprint(options(tmp_path, seed=1), photos)
    moved = PhotoSet(("a", "b"), (Photo(Path("/x/1.jpg"), 0),), (Photo(Path("/x/2.jpg"), 1),))
    assert own == fingerprint(options(tmp_path), moved)


def test_only_the_same_run_is_taken_up_again(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    checkpoints.last.touch()
    (tmp_path / "state.json").write_text(json.dumps(vars(RunState("own", epoch=3))))
    assert open_state(options(tmp_path, resume=True), "own", checkpoints).epoch == 3
    assert open_state(options(tmp_path, force=True), "own", checkpoints).epoch == 0
    with pytest.raises(ModelError, match="other options or photos"):
        open_state(options(tmp_path, resume=True), "another", checkpoints)
    with pytest.raises(OutputError, match="--resume"):
        open_state(options(tmp_path), "own", checkpoints)


def test_a_bar_fills() -> None:
    assert bar(0, 10).count("#") == 0
    assert bar(5, 10).count("#") == 12
    assert bar(10, 10).count("#") == 24


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (89, "89 s"), (600, "10 min"), (7500, "2 h 5 min")]
)
def test_time_as_people_say_it(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_an_epoch_is_one_line_where_stderr_is_a_file() -> None:
    lines: list[str] = []
    stream = io.StringIO()
    progress = EpochProgress("fine-tuning", 2, 5, steps=10, say=lines.append, stream=stream)
    progress.step(5, 0.5)
    progress.end({"top1": 0.5, "val_top1": 0.4, "val_top5": 0.9, "val_loss": 1.5}, 60)
    assert stream.getvalue() == ""
    assert lines == [
        "fine-tuning, epoch 2/5: accuracy 50.0%, on validation photos 40.0% "
        "(top 5 90.0%, loss 1.500), about 3 min left"
    ]
