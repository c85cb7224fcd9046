"""One conversion as bytes: its SHA-256, the length of a JSON header, the header, the files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from builder.model.dependencies import Dependency, from_json, to_json

_HASH_BYTES = 32
_LENGTH_BYTES = 8


@dataclass(frozen=True)
class Entry:
    """What a conversion made, and its warnings."""

    files: Mapping[str, bytes]
    """Contents by file name: model.json, its weight shards, and metadata.json."""
    warnings: tuple[str, ...]
    """Warnings that it gave, to be shown again when it is taken from the cache."""
    dependencies: tuple[Dependency, ...]
    """What must still hold for the entry to be used."""


def pack(entry: Entry) -> bytes:
    """Return an entry as bytes."""
    header = json.dumps(
        {
            "files": [[name, len(content)] for name, content in entry.files.items()],
            "warnings": entry.warnings,
            "dependencies": [to_json(dependency) for dependency in entry.dependencies],
        }
    ).encode()
    length = len(header).to_bytes(_LENGTH_BYTES, "big")
    body = b"".join([length, header, *entry.files.values()])
    return sha256(body).digest() + body


def unpack(packed: bytes) -> Entry | None:
    """Return the entry, or None for bytes that `pack` did not write or that were damaged since."""
    body = memoryview(packed)[_HASH_BYTES:]
    if sha256(body).digest() != packed[:_HASH_BYTES]:
        return None
    start = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    try:
        header = json.loads(bytes(body[_LENGTH_BYTES:start]))
        dependencies = tuple(from_json(value) for value in header["dependencies"])
        files = {}
        for name, size in header["files"]:
            files[name] = bytes(body[start : start + size])
            start += size
        return Entry(files, tuple(header["warnings"]), dependencies)
    except (ValueError, KeyError, TypeError):
        return None  # whole, but of another form: written by another version
