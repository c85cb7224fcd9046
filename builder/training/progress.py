"""Shows how training goes: a bar that fills, the accuracy so far, the time that is left."""

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

_WIDTH = 24
_EVERY_SECONDS = 0.5


def bar(done: int, total: int) -> str:
    """Return a bar of fixed width: `[######······]`."""
    filled = _WIDTH * done // max(1, total)
    return f"[{'#' * filled}{'·' * (_WIDTH - filled)}]"


def time_left(seconds: float) -> str:
    """Return a duration as people say it: "40 s", "12 min", "2 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


class EpochProgress:
    """The line of one epoch on a terminal; one line an epoch where stderr is a file."""

    def __init__(
        self,
        phase: str,
        epoch: int,
        epochs: int,
        *,
        steps: int,
        say: Callable[[str], None],
        stream: TextIO | None = None,
    ) -> None:
        self._head = f"{phase}, epoch {epoch}/{epochs}"
        self._left_epochs = epochs - epoch
        self._steps = steps
        self._say = say
        self._stream = stream or sys.stderr
        self._started = time.monotonic()
        self._shown = 0.0

    def step(self, done: int, top1: float) -> None:
        """Repaint the line, at most twice a second."""
        now = time.monotonic()
        if not self._stream.isatty() or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        left = (now - self._started) / done * (self._steps - done)
        self._stream.write(
            f"\r\x1b[K{self._head} {bar(done, self._steps)} "
            f"accuracy {top1:.1%}, epoch ends in {time_left(left)}"
        )
        self._stream.flush()

    def end(self, figures: dict[str, float], seconds: float) -> None:
        """Print the epoch's figures."""
        if self._stream.isatty():
            self._stream.write("\r\x1b[K")
        rest = f", about {time_left(seconds * self._left_epochs)} left" if self._left_epochs else ""
        self._say(
            f"{self._head}: accuracy {figures['top1']:.1%}, "
            f"on validation photos {figures['val_top1']:.1%} "
            f"(loss {figures['val_loss']:.3f}){rest}"
        )

    def callback(self) -> Any:
        """Return the Keras callback that calls `step`."""
        import keras

        progress = self

        class _Painter(keras.callbacks.Callback):  # type: ignore[misc]
            def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
                progress.step(batch + 1, float((logs or {}).get("top1", 0.0)))

        return _Painter()
