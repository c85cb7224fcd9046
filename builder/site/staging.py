"""Folders beside the target in which a site is made, and what is left of them after a `kill -9`."""

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: abandoned folders stay there
    fcntl = None  # type: ignore[assignment]


@contextmanager
def stage_beside(target: Path) -> Iterator[Path]:
    """Provide an empty folder beside `target` that is gone afterwards, unless it was renamed.

    It is locked while it is used, so that `clear_abandoned` of another process leaves it alone.
    """
    stage, lock = _locked_stage(target)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def clear_abandoned(target: Path) -> None:
    """Delete the folders beside `target` whose builds were killed: nobody holds their lock."""
    if fcntl is None:
        return
    # Eight hex digits, as `_locked_stage` makes them: other folders beside the target are not ours.
    ours = re.compile(re.escape(_name(target, "")) + "[0-9a-f]{8}")
    siblings = list(target.parent.iterdir()) if target.parent.is_dir() else []
    for stage in filter(lambda path: ours.fullmatch(path.name), siblings):
        # What cannot be opened or deleted now may be by a later build.
        with suppress(OSError):
            lock = os.open(stage, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                delete(stage)
            finally:
                os.close(lock)


def delete(folder: Path) -> None:
    """Delete a folder, and write-protected ones inside it too, as far as they are the user's."""
    for parent, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(parent).chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def _name(target: Path, unique: str) -> str:
    return f".{target.name}-new-{unique}"


def _locked_stage(target: Path) -> tuple[Path, int | None]:
    while True:
        stage = target.parent / _name(target, secrets.token_hex(4))
        stage.mkdir()
        if fcntl is None:
            return stage, None
        lock = os.open(stage, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stage.exists():
            return stage, lock
        # Another build took it for abandoned, between its making and its locking.
        os.close(lock)
