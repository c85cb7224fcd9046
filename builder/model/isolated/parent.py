"""Reads and converts in a process of its own, which has a ceiling of memory and time.

An untrusted model can make TensorFlow take all memory, compute forever, or crash. None of that
reaches the process that the user has started.
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from signal import Signals
from threading import Thread
from time import monotonic
from typing import Any

from builder import errors
from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.cache.entry import unpack
from builder.model.conversion import Conversion, ShowLine
from builder.model.isolated.limits import Ceiling, ceiling_of

REQUEST, ENTRY = "request.pickle", "conversion"
"""Files in the folder that both processes share: the request and the result."""

_PROGRAM = "builder.model.isolated.child"


@dataclass(frozen=True)
class Reading:
    """A model to be read, and discarded."""

    read: Callable[..., object]
    """A function of a module."""
    arguments: tuple[object, ...]


Message = dict[str, Any]
"""What the child process reports, one JSON object a line; "kind" says what it is."""


def convert_apart(
    config: SiteConfig, progress: ShowLine, warn: ShowLine, ceiling: Ceiling | None = None
) -> Conversion:
    """Load, convert and measure the configured model as `convert_model` does, in another process.

    `ceiling` is by default what the settings or the model's size allow. Raises what `convert_model`
    does, and `ModelError` where the ceiling is reached or the other process ends before it is done.
    """
    ceiling = ceiling or ceiling_of(config)
    with _shared_folder() as folder:
        last = _done(config, _origin(config), ceiling, folder, progress=progress, warn=warn)
        entry = unpack((folder / ENTRY).read_bytes())
    if entry is None:
        raise ModelError("The converted model was damaged between two processes. Build again.")
    return Conversion(entry, is_repeatable=bool(last["repeatable"]))


def read_apart(reading: Reading, origin: str, ceiling: Ceiling) -> None:
    """Read an untrusted model in another process: one that did no harm there may be read here.

    `origin` is what people call the model. Raises what the reading does, and `ModelError` where the
    ceiling is reached or the other process ends before it is done.
    """
    with _shared_folder() as folder:
        _done(reading, origin, ceiling, folder, progress=unheard, warn=unheard)


def unheard(_line: str) -> None:
    """Show nothing."""


@contextmanager
def _shared_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _done(
    work: SiteConfig | Reading,
    origin: str,
    ceiling: Ceiling,
    folder: Path,
    *,
    progress: ShowLine,
    warn: ShowLine,
) -> Message:
    (folder / REQUEST).write_bytes(pickle.dumps((work, ceiling.memory)))
    with _started(folder) as process:
        return _listened(process, origin, ceiling, progress, warn)


@contextmanager
def _started(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the other process; it ends with this context, and with this process."""
    (folder / "temporary").mkdir()
    temporary = str(folder / "temporary")
    process = subprocess.Popen(
        # -P: do not import from the working directory, whose files are not trusted.
        [sys.executable, "-P", "-m", _PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _listened(
    process: subprocess.Popen[bytes],
    origin: str,
    ceiling: Ceiling,
    progress: ShowLine,
    warn: ShowLine,
) -> Message:
    """Pass on what the other process says until it is done; return its last message."""
    messages: Queue[Message | None] = Queue()
    Thread(target=_hear, args=(process, messages), daemon=True).start()
    deadline: float | None = monotonic() + ceiling.seconds
    while True:
        try:
            left = None if deadline is None else max(0.0, deadline - monotonic())
            message = messages.get(timeout=left)
        except Empty:
            raise _time_error(origin, ceiling) from None
        if message is None:
            raise _end_error(origin, ceiling, process.wait())
        kind, text = message["kind"], message.get("text", "")
        if kind == "progress":
            progress(text)
        elif kind == "warning":
            warn(text)
        elif kind == "converted":
            deadline = None
        elif kind == "memory":
            raise _memory_error(origin, ceiling)
        elif kind == "error":
            raise getattr(errors, message["class"], ModelError)(text)
        elif kind == "bug":
            raise RuntimeError(f"in the process that converts:\n{text}")
        else:
            return message


def _hear(process: subprocess.Popen[bytes], messages: "Queue[Message | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        messages.put(json.loads(line))
    messages.put(None)


def _origin(config: SiteConfig) -> str:
    return config.model if config.weights == "imagenet" else config.weights


def _memory_error(origin: str, ceiling: Ceiling) -> ModelError:
    return ModelError(
        f"Reading {origin} has reached the ceiling of {(ceiling.memory or 0) / 2**30:.1f} "
        "GB of memory: it is damaged, hostile, or very large. If you trust it, allow more with "
        "--memory-limit."
    )


def _time_error(origin: str, ceiling: Ceiling) -> ModelError:
    return ModelError(
        f"Reading {origin} has reached the ceiling of {ceiling.seconds / 60:.3g} minutes: "
        "it is damaged, hostile, or very large. If you trust it, allow more with --time-limit."
    )


def _end_error(origin: str, ceiling: Ceiling, status: int) -> ModelError:
    """Return the error for a process that ended without a report."""
    if status == -9:
        return ModelError(
            f"Reading {origin} was ended by the system, most likely because memory ran "
            f"out (its ceiling was {(ceiling.memory or 0) / 2**30:.1f} GB). Build it on a larger "
            "machine, or use a smaller model."
        )
    how = Signals(-status).name if status < 0 else f"status {status}"
    return ModelError(
        f"TensorFlow gave up on {origin} ({how}): it is damaged, or has a layer that "
        "TensorFlow cannot compute. Save the model again; --debug shows more."
    )
