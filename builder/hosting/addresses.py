"""Which file a host answers an address with. A pure function of the list of files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from builder.hosting.hosts import Host

Kind = Callable[[str], Literal["file", "folder"] | None]
"""Returns what lies at a path below the site's root, "" being the root itself."""

_INDEX = "index.html"
_SUFFIX = ".html"
_HEADERS = "_headers"


@dataclass(frozen=True)
class Found:
    """A file answers."""

    path: str
    """Below the site's root."""


@dataclass(frozen=True)
class Moved:
    """Another address answers."""

    path: str
    """Below the site's root."""


@dataclass(frozen=True)
class Missing:
    """Nothing answers."""

    status: int = 404
    """Status of the answer."""


def answer(path: str, host: Host, kind: Kind) -> Found | Moved | Missing:
    """Return what a host answers for a path below the site's root, without its query."""
    if host.reads_headers_file and path == _HEADERS:
        return Missing()
    what = kind(path.rstrip("/"))
    if what == "folder":
        if path and not path.endswith("/"):
            return Moved(f"{path}/")
        found = kind(f"{path}{_INDEX}") == "file"
        return Found(f"{path}{_INDEX}") if found else Missing(host.folder_status)
    if what == "file" and not path.endswith("/"):
        return _html(path, host)
    return _without_suffix(path, host, kind)


def _html(path: str, host: Host) -> Found | Moved:
    """Return the file, or the address without a suffix that a host prefers for a page."""
    if host.html != "redirected" or not path.endswith(_SUFFIX):
        return Found(path)
    folder, _, name = path.rpartition("/")
    short = "" if name == _INDEX else name.removesuffix(_SUFFIX)
    return Moved(f"{folder}/{short}" if folder else short)


def _without_suffix(path: str, host: Host, kind: Kind) -> Found | Moved | Missing:
    """Return the page that is meant by a name without a suffix, on hosts that guess."""
    page = f"{path.rstrip('/')}{_SUFFIX}"
    if host.html == "as it is" or not path or kind(page) != "file":
        return Missing()
    return Moved(path.rstrip("/")) if path.endswith("/") else Found(page)
