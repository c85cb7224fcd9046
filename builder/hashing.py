"""SHA-256 of contents, and the short hash that names a content-addressed folder."""

import hashlib
from collections.abc import Mapping
from pathlib import Path


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(files: Mapping[str, bytes]) -> str:
    """Return the 16 hex digits that name a folder of files by its content.

    `files` maps paths relative to the folder to contents. The hash is over the sorted lines
    "path, zero byte, SHA-256 of the content": it changes with any name or byte, and with nothing
    else.
    """
    lines = sorted(f"{path}\0{sha256_hex(content)}\n" for path, content in files.items())
    return sha256_hex("".join(lines).encode())[:16]
