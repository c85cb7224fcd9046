"""Places that nothing is ever written over, `--force` or not. Pure: paths in, reason out."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from builder.output.system_folders import system_folder_of

_REPOSITORIES = {".git", ".hg", ".svn", ".jj", ".bzr", ".sl", ".pijul", "_darcs"}
"""What version control keeps its own in, at the top of what it controls."""
_MARKS = {*_REPOSITORIES, "CVS", ".fslckout", "_FOSSIL_"}
"""The same, and what only there means version control."""
_BARE_REPOSITORY = {"HEAD", "objects", "refs"}
"""What a repository of Git without a working tree consists of."""

_IN_HOMES = {
    *("desktop", "documents", "downloads", "library", "movies", "music", "onedrive", "pictures"),
    *("public", "templates", "videos"),
}
"""Folders that systems make in homes, in lower case; so are those whose names begin with a dot."""
_APP_DATA = ("appdata",)
_APP_DATA_LEVELS = 2
"""AppData/Local/Temp has everybody's temporary files."""
_DEEP = 3
"""Parts of a home's path, the root included: below a deeper one (/var/lib/jenkins) all is the
person's, whatever the system has above; below /usr/sbin, some programs' home, it is not."""


@dataclass(frozen=True)
class Surroundings:
    """What on this machine decides where nothing may be written over."""

    working: PurePath
    """The working directory."""
    homes: tuple[PurePath, ...]
    """Homes of the person who runs this, by each way to find them."""
    others_homes: tuple[PurePath, ...] = ()
    """Homes of the machine's other users."""
    system: tuple[PurePath, ...] = ()
    """Folders of the system beyond those that every machine has."""
    temporary: PurePath | None = None
    """The folder of temporary files."""
    is_mount: Callable[[PurePath], bool] = lambda _path: False
    """Returns whether something is mounted at a path."""
    names_in: Callable[[PurePath], Iterable[str]] = lambda _path: ()
    """Returns the names of what lies in a folder; none where it is missing."""


def refusal(folder: PurePath, around: Surroundings) -> str | None:
    """Return why nothing may be written over a folder: the rest of a sentence. None where it may.

    The path must be absolute, with links followed. The same for what does not exist yet.
    """
    return next(filter(None, _reasons(folder, around)), None)


def _reasons(folder: PurePath, around: Surroundings) -> Iterator[str | None]:
    if folder == type(folder)(folder.anchor):
        yield "is the root of a disk"
    if _holds(folder, around.working):
        yield "is the working directory or holds it"
    if any(_holds(folder, home) for home in around.homes):
        yield "is the home folder or holds it"
    if any(_holds(folder, home) for home in around.others_homes):
        yield "is the home folder of a user of this machine, or holds one"
    if folder == around.temporary:
        yield "is the folder of everybody's temporary files"
    yield _in_system(folder, around)
    if around.is_mount(folder):
        yield "is a mount point: a disk, or a folder from elsewhere"
    yield _under_version_control(folder, around)


def refusal_of_file(file: PurePath, around: Surroundings) -> str | None:
    """Return why no file may be written at a path, likewise."""
    # Its name alone says nothing: a file in a home may begin with a dot.
    if reason := _in_system(file.with_name("file"), around):
        return reason
    if inside := _repository_around(file):
        return f"lies in {inside}, where version control keeps its own"
    return None


def _holds(folder: PurePath, path: PurePath) -> bool:
    """Return whether a path is a folder or lies in it, as a system sees it that ignores case."""
    above, below = (
        [unicodedata.normalize("NFC", part).casefold() for part in each.parts]
        for each in (folder, path)
    )
    return below[: len(above)] == above


def _in_system(path: PurePath, around: Surroundings) -> str | None:
    for home in around.homes:
        if _holds(home, path):
            below = tuple(part.lower() for part in path.parts[len(home.parts) :])
            reason = _in_home(below)
            if reason or len(home.parts) > _DEEP:
                return reason
    system = system_folder_of(path, around.system)
    if system is None:
        return None
    if system == str(path):
        return "is a folder of the system"
    return f"lies in {system}, a folder of the system"


def _in_home(parts: tuple[str, ...]) -> str | None:
    """Return what is wrong with a path in a home, given by the names below it in lower case."""
    if len(parts) == 1 and (parts[0] in _IN_HOMES or parts[0].startswith(".")):
        return "is a folder that the system or its programs keep in every home"
    if parts[:1] == _APP_DATA and len(parts) - 1 <= _APP_DATA_LEVELS:
        return "lies in AppData, where programs keep their own"
    return None


def _under_version_control(folder: PurePath, around: Surroundings) -> str | None:
    if inside := _repository_around(folder):
        return f"lies in {inside}, where version control keeps its own"
    names = set(around.names_in(folder))
    if names >= _BARE_REPOSITORY:
        return "is a repository of version control"
    found = sorted(name for name in names if name in _MARKS or name.lower() in _REPOSITORIES)
    return f"is the top of a folder under version control: it holds {found[0]}" if found else None


def _repository_around(path: PurePath) -> str | None:
    around = (above for above in (path, *path.parents) if above.name.lower() in _REPOSITORIES)
    return next((str(above) for above in around), None)
