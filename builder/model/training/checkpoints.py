"""Keeps a run's state after each epoch, so that it can go on after any interruption."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from builder.errors import ModelError, OutputError
from builder.model.training.folders import PhotoSet
from builder.model.training.options import TrainOptions

_IRRELEVANT = {
    *("resume", "force", "report", "cache", "photos", "output"),
    *("distributed", "processes", "process_id"),
}
"""Options that a run may be taken up again without."""


@dataclass
class RunState:
    """How far a run has come."""

    fingerprint: str
    """Of the options and photos; a run only goes on where it is the same."""
    epoch: int = 0
    """Epochs of the phase that are done."""
    best_epoch: int | None = None
    """Number of the entry in `history` with the lowest validation loss, from 1."""
    best_loss: float = float("inf")
    history: list[dict[str, Any]] = field(default_factory=list)
    """For each epoch: epoch, phase, size, loss, top1, top5, val_loss, val_top1, val_top5."""

    def record(self, entry: dict[str, Any]) -> bool:
        """Append an epoch; return whether it is the best so far."""
        self.history.append({"epoch": len(self.history) + 1, **entry})
        is_best = bool(entry["val_loss"] < self.best_loss)
        if is_best:
            self.best_loss, self.best_epoch = entry["val_loss"], len(self.history)
        return is_best


class Checkpoints:
    """The files of one run: `last.keras`, `best.weights.h5` and `state.json`."""

    def __init__(self, folder: Path, writes: bool = True) -> None:
        """`writes`: whether this process is the one that writes into `folder`."""
        self.folder = folder
        self._writes = writes

    @property
    def last(self) -> Path:
        """The network and its optimizer after the last epoch."""
        return self.folder / "last.keras"

    @property
    def best(self) -> Path:
        """The weights of the best epoch."""
        return self.folder / "best.weights.h5"

    def read(self) -> RunState | None:
        """Return the state of an interrupted run; None where there is none."""
        path = self.folder / "state.json"
        if not path.is_file() or not self.last.is_file():
            return None
        return RunState(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, model: Any, state: RunState, is_best: bool) -> None:
        """Keep `model` and `state`; whatever moment the run is killed at, the files are whole."""
        if not self._writes:
            # With several processes, saving computes on all of them together (Keras evaluates the
            # learning rate, among others), so that none may leave it out.
            with tempfile.TemporaryDirectory() as folder:
                Checkpoints(Path(folder)).write(model, state, is_best)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if is_best:
            _replace(self.best, model.save_weights)
        _replace(self.last, model.save)
        text = json.dumps(vars(state))
        _replace(self.folder / "state.json", lambda path: Path(path).write_text(text, "utf-8"))

    def remove(self) -> None:
        """Delete the files of a run that has ended."""
        if self._writes:
            for path in self.folder.iterdir():
                path.unlink()
            self.folder.rmdir()


def fingerprint(options: TrainOptions, photos: PhotoSet) -> str:
    """Return a hash of all that a run depends on, so that only the same run is taken up again."""
    choices = {
        name: str(value) for name, value in asdict(options).items() if name not in _IRRELEVANT
    }
    names = [(photo.path.name, photo.label) for photo in (*photos.train, *photos.val)]
    return hashlib.sha256(repr((choices, photos.labels, names)).encode()).hexdigest()


def open_state(options: TrainOptions, own: str, checkpoints: Checkpoints) -> RunState:
    """Return the state to go on from, or a new one; `own` is this run's fingerprint.

    Raises `OutputError` where an earlier run left one and the options do not say what to do with
    it, `ModelError` where it was another run.
    """
    earlier = checkpoints.read()
    if earlier is None or options.force:
        return RunState(own)
    if not options.resume:
        raise OutputError(
            f"{checkpoints.folder} holds an interrupted run of the same output: go on with "
            "--resume, or start anew with --force."
        )
    if earlier.fingerprint != own:
        raise ModelError(
            f"The run in {checkpoints.folder} had other options or photos: give the same ones to "
            "go on, or start anew with --force instead of --resume."
        )
    return earlier


def _replace(target: Path, write: Callable[[str], Any]) -> None:
    # Keras tells formats apart by the whole suffix, so the temporary name keeps it.
    staged = target.with_name(f"new-{target.name}")
    write(str(staged))
    staged.replace(target)
