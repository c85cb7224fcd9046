"""Notices that files have changed, been added or gone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Snapshot = dict[Path, tuple[int, int, int]]
"""By file: time of its last change in nanoseconds, size in bytes, inode."""
Notify = Callable[[Iterable[Path]], Iterator[Any]]
"""Yields after something has happened in one of some folders, and from time to time without."""

_QUIET_MS = 200
"""How long nothing more may happen before a change counts as done: saving takes steps."""
_LOOK_MS = 1000
"""How often to look without a notification: a change between two watchers sends none."""


def snapshot(inputs: Iterable[Path]) -> Snapshot:
    """Return the state of all files that are or lie in `inputs`, without hidden ones."""
    found: Snapshot = {}
    for path in inputs:
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file != path and any(map(_is_incidental, file.relative_to(path).parts)):
                continue
            try:
                stat = file.stat()
            except OSError:
                continue  # missing, or gone between two looks
            if not file.is_dir():
                found[file] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def wait_for_change(
    inputs: Iterable[Path], seen: Snapshot, notify: Notify | None = None
) -> list[Path]:
    """Wait until the inputs differ from a snapshot; return the files that do, sorted."""
    inputs = tuple(inputs)
    for _ in (notify or notified)(folders_of(inputs)):
        now = snapshot(inputs)
        if now != seen:
            return sorted(path for path in seen | now if seen.get(path) != now.get(path))
    return []


def folders_of(inputs: Iterable[Path]) -> set[Path]:
    """Return the folders in which a change of the inputs shows: their own, and the one above each.

    Not the file itself: editors put a new one in its place. For what is missing, the nearest
    folder that is there.
    """
    folders: set[Path] = set()
    for path in map(Path.absolute, inputs):
        if path.is_dir():
            folders |= {path, *(folder for folder in path.rglob("*/") if folder.is_dir())}
        folders.add(next(above for above in path.parents if above.is_dir()))
    return folders


def notified(folders: Iterable[Path]) -> Iterator[Any]:
    """Yield after each change in the folders, and each second; Ctrl-C raises KeyboardInterrupt."""
    from watchfiles import watch

    return watch(
        *folders,
        watch_filter=None,
        recursive=False,
        step=_QUIET_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )


def _is_incidental(name: str) -> bool:
    """Return whether a name is that of an editor's or the system's own files."""
    return name.startswith(".") or name.endswith("~")
