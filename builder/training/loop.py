"""Runs a phase, epoch by epoch."""

import time
from collections.abc import Callable
from typing import Any

from builder.training.checkpoints import Checkpoints, RunState, undisturbed
from builder.training.lessons import Lessons
from builder.training.phases import Phase
from builder.training.progress import EpochProgress

Check = Callable[[int], Any]
"""Gives validation data for photos of a size."""


def run_phase(
    model: Any,
    phase: Phase,
    lessons: Lessons,
    check: Check,
    *,
    checkpoints: Checkpoints,
    state: RunState,
    say: Callable[[str], None],
) -> None:
    """Train a compiled model from epoch `state.epoch` on; keep everything after each epoch."""
    for epoch in range(state.epoch, phase.epochs):
        side = phase.sizes[epoch]
        steps = lessons.steps(phase.batch_size)
        progress = EpochProgress(phase.name, epoch + 1, phase.epochs, steps=steps, say=say)
        started = time.monotonic()
        fitted = model.fit(
            lessons.epoch(epoch, side, phase.batch_size),
            validation_data=check(side),
            epochs=1,
            shuffle=False,
            verbose=0,
            callbacks=[progress.callback()],
        )
        figures = {name: float(values[-1]) for name, values in fitted.history.items()}
        seconds = time.monotonic() - started
        with undisturbed():
            is_best = state.record(
                {"phase": phase.name, "size": side, "seconds": round(seconds, 1), **figures}
            )
            state.epoch = epoch + 1
            checkpoints.write(model, state, is_best)
        progress.end(figures, seconds)
        if has_stalled(state, phase.patience):
            say(f"No better for {phase.patience} epochs: {phase.name} ends early.")
            return


def has_stalled(state: RunState, patience: int | None) -> bool:
    """Return whether `patience` epochs of the phase have passed without a better loss."""
    if patience is None:
        return False
    before = len(state.history) - state.epoch
    return len(state.history) - max(state.best_epoch or 0, before) >= patience
