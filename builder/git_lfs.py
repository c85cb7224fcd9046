"""Git LFS pointers: what a clone has in the place of large files where Git LFS is not installed."""

from collections.abc import Iterable
from pathlib import Path

from builder.errors import BuilderError

_START = b"version https://git-lfs.github.com/spec/"
"""How every pointer begins: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
_MOST_BYTES = 1024


def is_pointer(content: bytes) -> bool:
    """Return whether a file's content is a pointer to what the file should hold."""
    return content.startswith(_START) and len(content) < _MOST_BYTES


def require_no_pointers(files: Iterable[Path], kind: type[BuilderError]) -> None:
    """Raise `kind` where one of the files is a pointer. What cannot be read is left to others."""
    for file in files:
        try:
            content = file.read_bytes() if file.stat().st_size < _MOST_BYTES else b""
        except OSError:
            continue
        if is_pointer(content):
            raise kind(pointer_message(file))


def pointer_message(file: Path | str) -> str:
    """Return what to say of a file that is a pointer."""
    return (
        f"{file} is a Git LFS pointer: it only says which content belongs there. Install Git LFS "
        "and run git lfs pull in its repository, or download the file itself."
    )
