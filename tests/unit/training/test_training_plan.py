"""Sizes, defaults, progress and checkpoints: what needs no network."""

import io
import json
import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from builder.errors import ConfigError, ModelError, OutputError
from builder.training.checkpoints import (
    Checkpoints,
    RunState,
    fingerprint,
    open_state,
    undisturbed,
)
from builder.training.distributed import check_cluster
from builder.training.folders import Photo, PhotoSet
from builder.training.kept import compare
from builder.training.lessons import balanced_weights
from builder.training.loop import has_stalled
from builder.training.options import TrainOptions
from builder.training.phases import (
    FEWEST_TUNED,
    compile_for,
    make_phase,
    progressive_sizes,
    scratch_phase,
    why_not_tuned,
)
from builder.training.progress import EpochProgress, bar, time_left


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


def test_fine_tuning_is_left_out_where_it_cannot_help() -> None:
    assert "too few" in why_not_tuned(FEWEST_TUNED - 1, 50)
    assert "only 4 validation photos wrong" in why_not_tuned(FEWEST_TUNED, 4)
    assert why_not_tuned(FEWEST_TUNED, 5) == ""


@pytest.mark.parametrize(
    ("gained", "lost", "kept"),
    [(5, 0, True), (4, 0, False), (9, 2, True), (8, 2, False), (0, 0, False)],
)
def test_fine_tuning_is_kept_where_it_is_better_beyond_chance(
    gained: int, lost: int, kept: bool
) -> None:
    """Exact binomial tails: 1/32, 1/16, 67/2048, 56/1024."""
    same = [True] * 10 + [False] * 3
    head = np.array([*same, *[False] * gained, *[True] * lost])
    tuned = np.array([*same, *[True] * gained, *[False] * lost])
    chosen, verdict = compare(head, tuned)
    assert chosen == kept
    assert f"gained {gained} validation photos and lost {lost}" in verdict
    assert ("so it is kept" if kept else "so the head alone is kept") in verdict


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


def test_what_is_not_there_cannot_be_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"nothing to go on with.*Leave --resume out"):
        open_state(options(tmp_path, resume=True), "own", Checkpoints(tmp_path / "none"))
    both = options(tmp_path, resume=True, force=True)
    assert open_state(both, "own", Checkpoints(tmp_path / "none")) == RunState("own")


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN])
def on_ctrl_c(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return what a process does on Ctrl-C: started in a shell, and in its background."""
    before = signal.signal(signal.SIGINT, request.param)
    yield request.param
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_waits_until_what_is_written_is_whole(tmp_path: Path, on_ctrl_c: Any) -> None:
    def save_weights(path: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        Path(path).write_text("weights")

    checkpoints = Checkpoints(tmp_path)
    state = RunState("own", best_epoch=1, history=[{"val_loss": 1.0}])
    ends = nullcontext() if on_ctrl_c is signal.SIG_IGN else pytest.raises(KeyboardInterrupt)
    with ends, undisturbed():
        checkpoints.write(SimpleNamespace(save_weights=save_weights), state, is_best=True)
    assert checkpoints.best.read_text() == checkpoints.last.read_text() == "weights"
    assert checkpoints.read() == state
    with undisturbed():
        pass
    assert signal.getsignal(signal.SIGINT) is on_ctrl_c


@pytest.mark.parametrize("processes", [2, 8])
def test_several_processes_need_to_be_told_where_they_meet(processes: int) -> None:
    with pytest.raises(ConfigError, match=f"--processes {processes} needs --distributed"):
        check_cluster(None, processes, None)
    check_cluster(None, 1, 0)


def test_a_run_goes_on_with_the_optimizers_state(tmp_path: Path) -> None:
    import keras

    def network() -> Any:
        model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(5)])
        phase = scratch_phase(3, 32, 8, 0.1, progressive=False)
        compile_for(model, phase, steps_per_epoch=2)
        return model

    trained, photos = network(), np.ones((16, 4))
    trained.fit(photos, np.eye(5)[np.zeros(16, int)], batch_size=8, epochs=2, verbose=0)
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write(trained, RunState("own", epoch=2), is_best=False)
    anew = network()
    checkpoints.restore_last(anew)
    assert int(anew.optimizer.iterations) == 4
    pairs = zip(trained.optimizer.variables, anew.optimizer.variables, strict=True)
    assert all(np.array_equal(mine, its) for mine, its in pairs)
    assert np.array_equal(trained.predict(photos, verbose=0), anew.predict(photos, verbose=0))
    checkpoints.last.write_bytes(checkpoints.last.read_bytes()[:900])
    with pytest.raises(ModelError, match=r"last\.weights\.h5 is damaged.*--force"):
        checkpoints.restore_last(network())


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
        "(loss 1.500), about 3 min left"
    ]
