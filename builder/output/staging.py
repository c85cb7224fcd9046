"""The folders beside the target in which a new one is made, and what a `kill -9` leaves of them.

`.dist-unfinished-0123abcd` is renamed to `.dist-new-0123abcd` when the last byte is in it. Then the
target and that change places, or, where the system cannot do so in one step, the target becomes
`.dist-old-0123abcd` and the new folder the target. So each name says what to do with a folder that
is found under it later. `.dist-lock-0123abcd` is a file that is locked as long as its run lives.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from builder.output.retiring import retire

try:
    import fcntl
except ImportError:  # Windows: abandoned folders stay there
    fcntl = None  # type: ignore[assignment]

Rename = Callable[[Path, Path], object]


@dataclass(frozen=True)
class Stage:
    """The folders of one run."""

    target: Path
    """Where the new content goes."""
    key: str
    """Eight hex digits of the run's own."""

    @property
    def unfinished(self) -> Path:
        """Where files are written; nothing else ever comes here."""
        return self._beside("unfinished")

    @property
    def new(self) -> Path:
        """The finished folder; after the exchange what the target was."""
        return self._beside("new")

    @property
    def old(self) -> Path:
        """What the target was, where the two are renamed one after the other."""
        return self._beside("old")

    @property
    def lock(self) -> Path:
        """The file that is locked."""
        return self._beside("lock")

    def _beside(self, what: str) -> Path:
        return self.target.with_name(f".{self.target.name}-{what}-{self.key}")


@contextmanager
def stage_beside(target: Path) -> Iterator[Stage]:
    """Provide the names of a run's folders, of which `unfinished` exists and is empty. Afterwards
    that one is gone. The others are left, for `clear_abandoned` of a later run, unless they were
    renamed or deleted.
    """
    for stage in iter(lambda: Stage(target, secrets.token_hex(4)), None):
        with _locked(stage) as is_locked:
            if not is_locked:
                continue  # another run took it for abandoned, between its making and its locking
            try:
                stage.unfinished.mkdir()
                yield stage
            finally:
                shutil.rmtree(stage.unfinished, ignore_errors=True)
            return


def clear_abandoned(target: Path, record: str, rename: Rename = Path.rename) -> list[Path]:
    """Finish what killed runs left, and return where content that is not ours was moved. A target
    that went missing because its run was killed between two renames is put back.
    """
    moved: list[Path | None] = []
    for stage in _stages(target):
        # A run makes its lock first and removes it last: what has none is not a run's.
        is_a_runs = stage.lock.is_file()
        # What cannot be opened or deleted now may be by a later run.
        with suppress(OSError), _locked(stage) as is_locked:
            if is_locked and stage.old.is_dir() and not target.exists():
                rename(stage.old, target)
            if is_locked and fcntl is not None:
                if is_a_runs:
                    shutil.rmtree(stage.unfinished, ignore_errors=True)
                left = (path for path in (stage.old, stage.new) if path.is_dir())
                moved += [retire(path, target, record) for path in left]
    return [path for path in moved if path]


def _stages(target: Path) -> list[Stage]:
    """Return the stages beside the target that have any file or folder."""
    ours = re.compile(rf"\.{re.escape(target.name)}-(?:unfinished|new|old|lock)-([0-9a-f]{{8}})")
    siblings = target.parent.iterdir() if target.parent.is_dir() else ()
    found = filter(None, (ours.fullmatch(path.name) for path in siblings))
    return [Stage(target, key) for key in sorted({match[1] for match in found})]


@contextmanager
def _locked(stage: Stage) -> Iterator[bool]:
    """Hold a stage's lock as long as the context lasts; yield whether it could be taken."""
    if fcntl is None:
        yield True
        return
    # Not through a link, which somebody else may have put there.
    lock = os.open(stage.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    is_locked = False
    try:
        is_locked = _lock(lock, stage.lock)
        yield is_locked
    finally:
        if is_locked:
            stage.lock.unlink(missing_ok=True)
        os.close(lock)


def _lock(descriptor: int, file: Path) -> bool:
    """Lock an opened file; return whether that worked, and it is still the one at its path."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The run that held it before deletes it at its end.
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
