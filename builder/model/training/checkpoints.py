"""Keeps a run's state after each epoch, so that it can go on after any interruption."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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


def _replace(target: Path, write: Callable[[str], Any]) -> None:
    # Keras tells formats apart by the whole suffix, so the temporary name keeps it.
    staged = target.with_name(f"new-{target.name}")
    write(str(staged))
    staged.replace(target)
