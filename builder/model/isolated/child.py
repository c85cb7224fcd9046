"""The process in which a model is read, and converted: `python -m builder.model.isolated.child`.

Its argument is the folder that `parent.py` has made. It reports on stdout, one JSON object a line,
and ends with its parent: when its stdin is closed.
"""

import json
import os
import pickle
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from time import sleep
from typing import Any

import click

from builder.config import SiteConfig
from builder.model.cache.entry import pack
from builder.model.conversion import convert_model
from builder.model.isolated.parent import ENTRY, REQUEST, Reading
from builder.model.setup import tensorflow
from builder.usage import own_peak_memory

_LOOK_EVERY = 0.1
"""Seconds between two looks at how much memory was taken."""

_SPARE_BYTES = 1 << 30
"""What the system grants beyond the ceiling: memory that is reserved is not all used."""

Say = Callable[..., None]


def main(folder: Path) -> None:
    """Do what the folder's request asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process on Ctrl-C
    say = _channel()
    Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    work, memory = pickle.loads((folder / REQUEST).read_bytes())
    if memory is not None:
        _limit(memory + _SPARE_BYTES)
        Thread(target=_watch_memory, args=(memory, say), daemon=True).start()
    try:
        done = _read(work) if isinstance(work, Reading) else _convert(work, folder, say)
    except click.ClickException as error:
        if _is_for_memory(error):
            say("memory")
        else:
            say("error", **{"class": type(error).__name__, "text": error.message})
    except Exception as error:  # noqa: BLE001 (the parent raises it again)
        if _is_for_memory(error):
            say("memory")
        else:
            say("bug", text=traceback.format_exc())
    else:
        say("done", **done)


def _convert(config: SiteConfig, folder: Path, say: Say) -> dict[str, Any]:
    made = convert_model(
        config,
        lambda line: say("progress", text=line),
        lambda line: say("warning", text=line),
        lambda: say("converted"),
    )
    (folder / ENTRY).write_bytes(pack(made.entry))
    return {"repeatable": made.is_repeatable}


def _read(work: Reading) -> dict[str, Any]:
    tensorflow()
    work.read(*work.arguments)
    return {}


def _channel() -> Say:
    """Return a function that reports on stdout, to which nothing else writes any more."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lock = Lock()

    def say(kind: str, **more: Any) -> None:
        with lock:
            stream.write(json.dumps({"kind": kind, **more}) + "\n")
            stream.flush()

    return say


def _end_with_parent(folder: Path) -> None:
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _limit(size: int) -> None:
    """Have the system refuse memory beyond `size` bytes, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or size < most:
        resource.setrlimit(resource.RLIMIT_DATA, (size, most))


def _watch_memory(most: int, say: Say) -> None:
    while (own_peak_memory() or 0) <= most:
        sleep(_LOOK_EVERY)
    say("memory")
    os._exit(1)


def _is_for_memory(error: BaseException | None) -> bool:
    """Return whether an error was caused by a lack of memory."""
    while error is not None:
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
