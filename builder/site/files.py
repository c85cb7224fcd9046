"""SiteFile: one file of the site, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from builder.hashing import folder_hash, sha256_hex
from builder.output.records import is_portable


@dataclass(frozen=True)
class SiteFile:
    """A file that will lie in `dist/`."""

    path: str
    """Relative to the site's root, segments joined with "/"; letters, digits and ._@+- only."""
    content: bytes
    """Exactly what is written."""

    def __post_init__(self) -> None:
        """Refuse a path that could lead out of the site or that some host or system mangles."""
        if not is_portable(self.path):
            raise ValueError(f"{self.path!r} cannot be the path of a file in a site")

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, lower-case hex."""
        return sha256_hex(self.content)


@dataclass(frozen=True)
class AddressedFolder:
    """A folder named after its content: it may be cached forever."""

    path: str
    """Relative to the site's root, with a slash at the end: "app/0123456789abcdef/"."""
    files: tuple[SiteFile, ...]
    """Its files, sorted by path."""


def addressed_folder(name: str, contents: Mapping[str, bytes]) -> AddressedFolder:
    """Return files under `<name>/<hash of all of them>/`, sorted by path."""
    path = f"{name}/{folder_hash(contents)}/"
    files = tuple(SiteFile(path + relative, contents[relative]) for relative in sorted(contents))
    return AddressedFolder(path, files)
