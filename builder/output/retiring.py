"""What becomes of a folder whose place a new one has taken: deleted if it is ours, else kept."""

import os
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path

from builder.output.holdings import holdings_of, is_incidental


def retire(old: Path, target: Path, record: str) -> Path | None:
    """Delete a folder in which all is ours; else move it beside `target` and return where.

    If it is killed at any moment, the next call goes on. Raises OSError where the system refuses.
    """
    try:
        found = holdings_of(old, record)
    except OSError:  # what cannot be read is hardly ours
        return move_aside(old, target)
    if not found.are_ours:
        return move_aside(old, target)
    for parent, _, _ in os.walk(old):
        # Without write permission, nothing in a folder can be deleted.
        Path(parent).chmod(stat.S_IRWXU)
    # By name, so that files added meanwhile stay; the record, which lists all, last.
    for path in (*found.ours, record):
        (old / path).unlink(missing_ok=True)
    _remove_folders(old)
    return move_aside(old, target) if old.exists() else None


def move_aside(old: Path, target: Path) -> Path:
    """Rename a file or folder to `target`'s name with ".replaced-1" and so on; return the path."""
    for number in count(1):
        aside = target.with_name(f"{target.name}.replaced-{number}")
        if not os.path.lexists(aside):
            break
    return old.rename(aside)


def _remove_folders(folder: Path) -> None:
    """Remove a folder in which there is nothing left that anybody would miss."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            if is_incidental(folder, Path(parent, name)):
                Path(parent, name).unlink(missing_ok=True)
        with suppress(OSError):  # not empty
            Path(parent).rmdir()
