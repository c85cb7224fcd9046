"""What a conversion found outside of its settings, and whether it would find the same again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from builder.hashing import file_sha256

_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class FileRead:
    """A file that was read: weights in Keras's cache."""

    path: str
    """Where it lies."""
    sha256: str
    """Its content."""

    def still_holds(self) -> bool:
        """Return whether the file is still there and the same."""
        path = Path(self.path)
        try:
            return path.is_file() and file_sha256(path) == self.sha256
        except OSError:
            return False


@dataclass(frozen=True)
class Unavailable:
    """A file that could be neither found nor downloaded, so that another model was taken."""

    path: str
    """Where it would lie."""
    url: str
    """Where it would be downloaded from."""

    def still_holds(self) -> bool:
        """Return whether there is still neither the file nor a server that has it."""
        return not Path(self.path).exists() and not _is_reachable(self.url)


Dependency = FileRead | Unavailable
_KINDS: dict[str, type[FileRead] | type[Unavailable]] = {
    "read": FileRead,
    "unavailable": Unavailable,
}


def to_json(dependency: Dependency) -> dict[str, str]:
    """Return a dependency as a JSON object."""
    kind = next(name for name, cls in _KINDS.items() if isinstance(dependency, cls))
    return {"kind": kind, **vars(dependency)}


def from_json(value: dict[str, Any]) -> Dependency:
    """Return the dependency that `to_json` wrote. Raises KeyError or TypeError for others."""
    return _KINDS[value["kind"]](**{key: text for key, text in value.items() if key != "kind"})


def _is_reachable(url: str) -> bool:
    """Return whether a download would start, through the system's proxies as Keras's would."""
    try:
        with urlopen(Request(url, method="HEAD"), timeout=_TIMEOUT_SECONDS) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False
