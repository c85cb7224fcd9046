"""Writing a folder: whole in a place beside the target, then exchanged with it in one step.

Whatever goes wrong, the target holds the old content or the new, never a part of either. Where the
system cannot exchange two folders, they are renamed one after the other; a run that is killed
between the two leaves the old content beside the target, and the next run moves it back.
"""

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from builder.errors import OutputError
from builder.output.exchange import exchange as exchange_folders
from builder.output.holdings import KEPT, is_kept
from builder.output.ownership import check_output
from builder.output.retiring import retire
from builder.output.staging import Rename, Stage, clear_abandoned, stage_beside

Exchange = Callable[[Path, Path], bool]


class File(Protocol):
    """A file to write."""

    @property
    def path(self) -> str:
        """Relative to the folder, in the form of `is_portable`."""

    @property
    def content(self) -> bytes:
        """Exactly what is written."""


class NewFile(NamedTuple):
    """A file to write, and nothing more."""

    path: str
    content: bytes


def write_folder(
    files: Iterable[File],
    output: Path,
    force: bool,
    *,
    record: str,
    rename: Rename = Path.rename,
    exchange: Exchange = exchange_folders,
) -> list[Path]:
    """Replace the folder `output` by one of these files and no others but KEPT ones.

    One of the files, named `record`, is the record of all others. Returns where replaced content
    now lies that we did not write, or that was changed since. Raises OutputError if the folder is
    not ours to replace (see `check_output`) or the disk refuses; ValueError if two files have paths
    that differ in nothing but case.
    """
    listed = sorted(files, key=lambda file: file.path)
    _check_distinct(listed)
    target = output.resolve() if not output.is_symlink() else output
    try:
        moved = clear_abandoned(target, record, rename)
        check_output(output, force, record=record)
        with _folders_above(target), stage_beside(target) as stage:
            _fill(stage.unfinished, listed, target)
            rename(stage.unfinished, stage.new)
            try:
                _swap(stage, target, rename, exchange)
            finally:
                # Else it is in `stage.old`, and could not be moved back: the next run tries again.
                if target.exists() or not stage.old.exists():
                    moved += _retire(stage, target, record)
        return moved
    except OSError as error:
        reason = error.strerror or str(error)
        rival = error.errno in (errno.EEXIST, errno.ENOENT, errno.ENOTEMPTY)
        hint = " Another run may be writing there: repeat this one after it." if rival else ""
        raise OutputError(
            f"The output {output} cannot be written: {reason}. What was there is unchanged.{hint}"
        ) from error


@contextmanager
def _folders_above(target: Path) -> Iterator[None]:
    """Make the folders above a target; after a failure, those that were missing are gone again."""
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:  # Ctrl-C included
        with suppress(OSError):  # which one that has got something else meanwhile raises, too
            for folder in missing:
                folder.rmdir()
        raise


def _check_distinct(files: Sequence[File]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        other = seen.setdefault(file.path.casefold(), file.path)
        if other is not file.path:
            raise ValueError(f"two files have the path {other} or {file.path}")


def _fill(folder: Path, files: Sequence[File], target: Path) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    for name in KEPT:
        if is_kept(target, target / name):
            shutil.copyfile(target / name, folder / name)


def _retire(stage: Stage, target: Path, record: str) -> list[Path]:
    """Clean up beside the target; return where content that is not ours now lies.

    What lies there is the old content, or the new after a failure, or the old after Ctrl-C at that
    moment: so the files are inspected. What cannot be deleted now is deleted by the next run.
    """
    with suppress(OSError):
        left = (path for path in (stage.new, stage.old) if path.is_dir())
        return [path for path in (retire(path, target, record) for path in left) if path]
    return []


def _swap(stage: Stage, target: Path, rename: Rename, exchange: Exchange) -> None:
    """Put the new content into the target's place, and the old into the stage."""
    if not target.exists():
        rename(stage.new, target)
        return
    if exchange(stage.new, target):
        return
    try:
        rename(target, stage.old)
        rename(stage.new, target)
    except BaseException:  # Ctrl-C between the renames included
        if stage.old.is_dir() and not target.exists():
            rename(stage.old, target)
        raise
