"""Keeps a run's state after each epoch, so that it can go on after any interruption."""

import hashlib
import json
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from builder.errors import ModelError, OutputError
from builder.model.reading.hdf5 import require_sound_hdf5
from builder.output.retiring import move_aside
from builder.training.folders import PhotoSet
from builder.training.options import TrainOptions

IRRELEVANT = {
    *("resume", "force", "report", "cache", "photos", "output"),
    *("distributed", "processes", "process_id", "memory_limit", "time_limit"),
}
"""Options that may differ when a run is resumed."""
_STATE = "state.json"
_HEAD = "head.weights.h5"
_LAST = "last.weights.h5"
_BEST = "best.weights.h5"
_WRITTEN = (_STATE, _HEAD, _LAST, _BEST)
_FILES = {*_WRITTEN, *(f"new-{name}" for name in _WRITTEN)}
"""Names of all that a run writes into its folder."""


@dataclass
class RunState:
    """How far a run has come."""

    fingerprint: str
    """Of the options and photos; a run only goes on where it is the same."""
    epoch: int = 0
    """Epochs of the phase after the head that are done."""
    best_epoch: int | None = None
    """Number, from 1, of the entry in `history` with that phase's lowest validation loss."""
    best_loss: float = float("inf")
    history: list[dict[str, Any]] = field(default_factory=list)
    """For the head and each epoch: epoch, phase, size, loss, top1, top5, val_loss, val_top1,
    val_top5."""

    def append(self, entry: dict[str, Any]) -> None:
        """Append the head, or an epoch."""
        self.history.append({"epoch": len(self.history) + 1, **entry})

    def record(self, entry: dict[str, Any]) -> bool:
        """Append an epoch; return whether it is the best so far of the phase."""
        self.append(entry)
        is_best = bool(entry["val_loss"] < self.best_loss)
        if is_best:
            self.best_loss, self.best_epoch = entry["val_loss"], len(self.history)
        return is_best


class Checkpoints:
    """The files of one run: those of weights, and `state.json`."""

    def __init__(self, folder: Path, writes: bool = True) -> None:
        """`writes`: whether this process is the one that writes into `folder`."""
        self.folder = folder
        self.writes = writes

    @property
    def head(self) -> Path:
        """The weights when the head was found on the frozen base."""
        return self.folder / _HEAD

    @property
    def last(self) -> Path:
        """The weights and the optimizer's state after the last epoch."""
        return self.folder / _LAST

    @property
    def best(self) -> Path:
        """The weights of the best epoch after the head."""
        return self.folder / _BEST

    def read(self) -> RunState | None:
        """Return the state of an interrupted run; None where there is none, or it is malformed."""
        path = self.folder / _STATE
        if not path.is_file() or not (self.last.is_file() or self.head.is_file()):
            return None
        return _read_state(path)

    def restore_last(self, model: Any) -> None:
        """Give a compiled model the weights and the optimizer's state of the last epoch.

        Numbers alone are read: the network, its loss and its optimizer are made anew from the
        options, so that the file decides nothing about what is run. Raises `ModelError` where the
        file is damaged, or is of another network.
        """
        model.optimizer.build(model.trainable_variables)
        try:
            require_sound_hdf5(self.last, self.last.stat().st_size, self.last)
            model.load_weights(self.last)
        except Exception as error:
            raise ModelError(
                f"{self.last} is damaged, or of another network: the run cannot go on from it."
                " Start anew with --force."
            ) from error

    def write(self, model: Any, state: RunState, is_best: bool) -> None:
        """Keep `model` and `state` after an epoch."""
        self._write(model, state, (_BEST, _LAST) if is_best else (_LAST,))

    def write_head(self, model: Any, state: RunState) -> None:
        """Keep `model`, whose head was found, and `state`."""
        self._write(model, state, (_HEAD,))

    def _write(self, model: Any, state: RunState, names: Sequence[str]) -> None:
        """Write so that the files are whole whenever the run is killed."""
        if not self.writes:
            # With several processes, saving computes on all of them together (Keras evaluates the
            # learning rate, among others), so that none may skip it.
            with tempfile.TemporaryDirectory() as folder:
                Checkpoints(Path(folder))._write(model, state, names)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / _STATE).exists():
            # First, because it marks the folder as one of ours.
            self._write_state(RunState(state.fingerprint))
        for name in names:
            _replace(self.folder / name, model.save_weights)
        self._write_state(state)

    def _write_state(self, state: RunState) -> None:
        text = json.dumps(vars(state))
        _replace(self.folder / _STATE, lambda path: Path(path).write_text(text, "utf-8"))

    def remove(self) -> None:
        """Delete the files of a run that has ended, and the folder if nothing else is in it."""
        if self.writes:
            for name in _FILES:
                (self.folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                self.folder.rmdir()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back until what is written, and what is known of it, are whole."""
    off_main = threading.current_thread() is not threading.main_thread()
    if off_main or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
    if pressed:
        raise KeyboardInterrupt


def fingerprint(options: TrainOptions, photos: PhotoSet) -> str:
    """Return a hash of all that a run depends on, so that only the same run is resumed."""
    choices = {
        name: str(value) for name, value in asdict(options).items() if name not in IRRELEVANT
    }
    names = [(photo.path.name, photo.label) for photo in (*photos.train, *photos.val)]
    return hashlib.sha256(repr((choices, photos.labels, names)).encode()).hexdigest()


def check_folder(folder: Path, force: bool) -> None:
    """Raise OutputError unless a run may keep its state in a folder.

    `force` allows content that no run wrote; `open_state` moves that aside.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OutputError(f"{folder} must be a folder: a run keeps its state there. Move it away.")
    if not force and not _is_ours(folder):
        raise OutputError(
            f"{folder}, where a run keeps its state, holds what no run of classifier-pwa wrote."
            " Choose another --output, or add --force to have it moved aside."
        )


def open_state(
    options: TrainOptions,
    own: str,
    checkpoints: Checkpoints,
    tell: Callable[[str], object] = lambda _line: None,
) -> RunState:
    """Return the state to go on from, or a new one; `own` is this run's fingerprint.

    Raises `OutputError` where an earlier run left one and the options do not say what to do with
    it, `ModelError` where it was another run. `tell` gets a line on where other content was moved.
    """
    folder = checkpoints.folder
    if checkpoints.writes and not _is_ours(folder):
        tell(f"What {folder} held is now in {move_aside(folder, folder)}: no run wrote it.")
    earlier = checkpoints.read()
    if earlier is None and options.resume and not options.force:
        raise OutputError(
            f"There is nothing to go on with: {folder} holds no interrupted run. Leave --resume"
            " out."
        )
    if earlier is None or options.force:
        return RunState(own)
    if not options.resume:
        raise OutputError(
            f"{folder} holds an interrupted run of the same output: go on with --resume, or start"
            " anew with --force."
        )
    if earlier.fingerprint != own:
        raise ModelError(
            f"The run in {folder} had other options or photos: give the same ones to go on, or"
            " start anew with --force instead of --resume."
        )
    return earlier


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is empty or holds only what a run left."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return not names or (names <= _FILES and _read_state(folder / _STATE) is not None)


def _read_state(path: Path) -> RunState | None:
    """Return the state in a file; None for what no run wrote."""
    try:
        state = RunState(**json.loads(path.read_bytes()))
        numbers = (state.epoch, state.best_epoch or 0, state.best_loss)
        known = isinstance(state.fingerprint, str) and isinstance(state.history, list)
        in_form = known and all(isinstance(entry, dict) for entry in state.history)
        return state if in_form and all(isinstance(n, int | float) for n in numbers) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _replace(target: Path, write: Callable[[str], Any]) -> None:
    # Keras distinguishes formats by the whole suffix, so the temporary name keeps it.
    staged = target.with_name(f"new-{target.name}")
    write(str(staged))
    staged.replace(target)
