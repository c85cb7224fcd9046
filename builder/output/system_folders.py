"""The folders of Linux, macOS and Windows that belong to the system. Pure: paths in, answer out.

Sources: the Filesystem Hierarchy Standard 3.0; hier(7) of FreeBSD and macOS; Windows's known
folders (https://learn.microsoft.com/windows/win32/shell/knownfolderid).
"""

import ntpath
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath, PurePosixPath, PureWindowsPath

Parts = tuple[str, ...]

_WHOLE = 1000
"""More levels than a path has: the whole tree."""

_POSIX: Mapping[str, int] = {
    **dict.fromkeys(
        (
            # What a system starts, runs and is configured with.
            *("bin", "boot", "dev", "efi", "etc", "lib", "lib32", "lib64", "libx32", "lost+found"),
            *("gnu", "nix", "ostree", "proc", "rescue", "run", "sbin", "snap", "sys", "usr"),
            *("applications", "cores", "library", "network", "system"),
            *("usr/local/bin", "usr/local/etc", "usr/local/include", "usr/local/lib"),
            *("usr/local/lib64", "usr/local/libexec", "usr/local/sbin"),
            *("opt/homebrew/bin", "opt/homebrew/cellar", "opt/homebrew/etc", "opt/homebrew/lib"),
            *("opt/homebrew/opt", "opt/homebrew/sbin"),
            *("var/adm", "var/backups", "var/crash", "var/db", "var/empty"),
            *("var/lock", "var/log", "var/mail", "var/run", "var/spool"),
        ),
        _WHOLE,
    ),
    # Below these begin the folders of people.
    **dict.fromkeys(
        (
            *("", "dev/shm", "export", "library/webserver/documents", "mnt", "opt", "private"),
            *("root", "srv", "tmp", "usr/src", "var/root", "var/tmp"),
        ),
        0,
    ),
    # Below these each folder is somebody's or some program's, and what is in it their own.
    **dict.fromkeys(
        (
            *("export/home", "home", "media", "opt/homebrew", "run/media", "run/user", "users"),
            *(
                "usr/home",
                "usr/local",
                "usr/share",
                "var",
                "var/cache",
                "var/home",
                "var/lib",
                "volumes",
            ),
        ),
        1,
    ),
    "var/folders": 3,  # macOS: below lie people's temporary folders
}
"""By folder, in lower case: how many levels below it are protected too. The longest name counts."""

_WINDOWS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            *("boot", "config.msi", "efi", "msocache", "perflogs", "recovery"),
            *("program files", "program files (arm)", "program files (x86)"),
            *("system volume information", "windows", "windows.old", "winnt"),
        ),
        _WHOLE,
    ),
    **dict.fromkeys(("", "inetpub"), 0),
    **dict.fromkeys(("documents and settings", "programdata", "users"), 1),
}
"""The same for every drive and every shared folder of Windows."""

_DRIVE = re.compile(r"[a-z]")
_LINUX_SHARE = re.compile(r"\\\\wsl(\.localhost|\$)\\.*", re.IGNORECASE)


def system_folder_of(path: PurePath, more: Iterable[PurePath] = ()) -> str | None:
    """Return the system's folder that an absolute path is or lies in, as people write it.

    None where the path does not belong to the system. `more` are folders that are the system's on
    this machine, with all that is in them (Windows may be on any drive). Letters of either case are
    the same, as they are on macOS and Windows.
    """
    parts, table = _simplified(path)
    for folder in more:
        own = _simplified(folder)[0]
        if own and parts[: len(own)] == own:
            return str(folder)
    for length in range(len(parts), -1, -1):
        levels = table.get("/".join(parts[:length]))
        if levels is None and table is _WINDOWS and length == 1 and parts[0].startswith("$"):
            levels = _WHOLE  # $Recycle.Bin, $WinREAgent …
        if levels is not None:
            return _written(path, parts[:length], table) if len(parts) - length <= levels else None
    return None


def _simplified(path: PurePath) -> tuple[Parts, Mapping[str, int]]:
    """Return the names below the root in lower case, and the table that they are looked up in."""
    if isinstance(path, PureWindowsPath):
        pure = PureWindowsPath(ntpath.normpath(path))
        # Windows itself drops dots and spaces at the end, and what follows a colon.
        names = (name.partition(":")[0].rstrip(". ").lower() for name in pure.parts[1:])
        return tuple(names), _POSIX if _LINUX_SHARE.match(pure.drive) else _WINDOWS
    parts = tuple(name.lower() for name in PurePosixPath(posixpath.normpath(path)).parts[1:])
    if parts[:3] == ("system", "volumes", "data"):  # macOS: where /Users and others really lie
        parts = parts[3:]
    if parts[:1] == ("private",) and len(parts) > 1:  # macOS: where /etc, /tmp and /var lead
        parts = parts[1:]
    if parts[:1] in (("mnt",), ("cygdrive",)) and len(parts) > 1 and _DRIVE.fullmatch(parts[1]):
        return parts[2:], _WINDOWS
    return parts, _POSIX


def _written(path: PurePath, parts: Parts, table: Mapping[str, int]) -> str:
    """Return the folder as the path spells it, where that is so simple; else as the table does."""
    for above in (path, *path.parents):
        if _simplified(above) == (parts, table):
            return str(above)
    return "/" + "/".join(parts)
