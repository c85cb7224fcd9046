"""What on this machine decides where nothing may be written over: homes, mounts and the like."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from builder.output.places import Surroundings


def surroundings() -> Surroundings:
    """Return the surroundings on this machine as they are now."""
    own, others = _homes()
    mounts = _mounts()
    return Surroundings(
        working=Path.cwd(),
        homes=own,
        others_homes=others,
        system=_system_folders(),
        temporary=_temporary(),
        is_mount=lambda path: str(path) in mounts or os.path.ismount(path),
        names_in=_names_in,
    )


def _temporary() -> Path | None:
    with suppress(OSError):  # no such folder can be written
        return Path(tempfile.gettempdir()).resolve()
    return None


def _names_in(folder: PurePath) -> list[str]:
    try:
        return [path.name for path in Path(folder).iterdir()]
    except OSError:
        return []


def _homes() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the person's own homes, and those of the machine's other users."""
    own = [Path(os.environ[name]) for name in ("HOME", "USERPROFILE") if os.environ.get(name)]
    with suppress(RuntimeError):  # a user of a container may have none
        own.append(Path.home())
    others: list[Path] = []
    if sys.platform != "win32":
        import pwd

        sudo = os.environ.get("SUDO_USER")
        for user in pwd.getpwall():
            mine = user.pw_uid == os.getuid() or user.pw_name == sudo
            (own if mine else others).append(Path(user.pw_dir))
    return tuple(_resolved(own)), tuple(_resolved(others))


def _resolved(paths: Iterable[Path]) -> Iterator[Path]:
    for path in dict.fromkeys(paths):
        with suppress(OSError, RuntimeError):
            if path.is_absolute() and path != Path(path.anchor):
                yield path.resolve()


def _system_folders() -> tuple[Path, ...]:
    """Return where Windows itself lies, which may be another drive."""
    if sys.platform != "win32":
        return ()
    names = ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432")
    return tuple(Path(os.environ[name]) for name in names if os.environ.get(name))


def _mounts() -> frozenset[str]:
    """Return where Linux has mounted something: `os.path.ismount` misses folders of one disk."""
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return frozenset()
    # https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html: spaces are written "\040".
    places = (line.split(" ")[4] for line in lines if line.count(" ") > 4)
    return frozenset(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), p) for p in places)
