"""What lies in a folder, and which of it an earlier run wrote: only that is ever deleted."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from builder.hashing import file_sha256
from builder.output.records import Recorded, RecordError, read_record, recorded_files

KEPT = (".gitignore", ".gitkeep")
"""Kept when a folder is replaced: they let git keep the folder and ignore what is in it."""

_SYSTEMS_OWN = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave in any folder."""


@dataclass(frozen=True)
class Holdings:
    """What lies in a folder besides what an earlier run wrote and left in it as it was."""

    recorded: bool
    """Whether there is a record of an earlier run."""
    strangers: tuple[str, ...]
    """Paths that the record does not list, sorted."""
    altered: tuple[str, ...] = ()
    """Paths of files that differ from the record: they were changed. Sorted."""
    ours: tuple[str, ...] = ()
    """Paths whose files are as they were written, sorted."""
    fault: str = ""
    """Why the file in the record's place is not a record, the rest of a sentence."""

    @property
    def are_ours(self) -> bool:
        """Whether all that is there, if anything, may be deleted."""
        return not self.strangers and not self.altered


def holdings_of(folder: Path, record: str) -> Holdings:
    """Look at every file in a folder; `record` is the name of the record in it.

    Raises OSError where something cannot be read.
    """
    try:
        known = recorded_files(read_record(folder / record))
    except (FileNotFoundError, NotADirectoryError, RecordError) as error:
        fault = str(error) if isinstance(error, RecordError) else ""
        # One is enough: a folder that is not ours may be large.
        return Holdings(False, tuple(islice(_files_in(folder), 1)), fault=fault)
    paths = sorted(path for path in _files_in(folder) if path != record)
    listed = [path for path in paths if path in known]
    ours = {path for path in listed if _is(folder / path, known[path])}
    return Holdings(
        recorded=True,
        strangers=tuple(path for path in paths if path not in known),
        altered=tuple(path for path in listed if path not in ours),
        ours=tuple(sorted(ours)),
    )


def _files_in(folder: Path) -> Iterator[str]:
    """Yield the path of everything below a folder except folders; links are not followed.

    What is incidental is left out. Raises OSError.
    """

    def fail(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=fail):
        links = [name for name in folders if is_link(Path(parent, name))]
        folders[:] = [name for name in folders if name not in links]
        for path in (Path(parent, name) for name in (*files, *links)):
            if not is_incidental(folder, path):
                yield path.relative_to(folder).as_posix()


def is_incidental(folder: Path, file: Path) -> bool:
    """Return whether a file below a folder is nothing that anybody would miss."""
    return file.name in _SYSTEMS_OWN or is_kept(folder, file)


def is_kept(folder: Path, file: Path) -> bool:
    """Return whether a file is one of those that a new version takes over from the old one."""
    return file.parent == folder and file.name in KEPT and file.is_file() and not is_link(file)


def is_link(path: Path) -> bool:
    """Return whether a path leads elsewhere: a symbolic link, or a junction of Windows."""
    junction = 0xA0000003  # stat.IO_REPARSE_TAG_MOUNT_POINT, which only Windows has
    return path.is_symlink() or getattr(path.lstat(), "st_reparse_tag", 0) == junction


def _is(file: Path, listed: Recorded) -> bool:
    regular = file.is_file() and not is_link(file)
    return regular and file.stat().st_size == listed.size and file_sha256(file) == listed.sha256
