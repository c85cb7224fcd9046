"""The record in each folder that we write: which files we made, by size and SHA-256.

`site.json` in a site, `report.json` in a report. It may be damaged or forged, so nothing in
it is trusted before it has been checked here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.hashing import sha256_hex

GENERATOR = "classifier-pwa"
"""Member `generator` of every record of ours."""
PREVIOUS = "previous"
"""Member of a record: earlier versions of which files are kept, newest first."""

_MOST_BYTES = 64 * 1024 * 1024
"""A record of some 100 files has 30 KB."""
_SEGMENT = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._@+-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class RecordError(ValueError):
    """What is wrong with a record, and where in it: the rest of a sentence."""


@dataclass(frozen=True)
class Recorded:
    """What a record says of a file."""

    size: int
    """Bytes."""
    sha256: str
    """Of its content, 64 hex digits."""


def record_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the members of a record of these files, by path."""
    recorded = {
        path: {"size": len(content), "sha256": sha256_hex(content)}
        for path, content in files.items()
    }
    return {"generator": GENERATOR, "files": recorded}


def is_portable(path: str) -> bool:
    """Return whether a path stays in its folder, and no host or system mangles it.

    Segments are joined with "/" and consist of letters, digits and ._@+- only.
    """
    segments = path.split("/")
    return all(part not in (".", "..") and _SEGMENT.fullmatch(part) for part in segments)


def read_record(file: Path) -> dict[str, Any]:
    """Return the record in a file, with `files` and `previous` checked.

    Raises RecordError where it is not ours or malformed, OSError where it cannot be read.
    """
    if file.exists() and not file.is_file():
        raise RecordError("is not a file")
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise RecordError(f"has more than {_MOST_BYTES // 2**20} MiB")
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"is not JSON ({str(error) or 'nested too deep'})") from error
    if not isinstance(record, dict) or record.get("generator") != GENERATOR:
        raise RecordError(f"does not name {GENERATOR} as its generator")
    for where, version in _versions(record):
        if not isinstance(version, dict):
            raise RecordError(f"has no object in {where}")
        _check_files(version.get("files"), f"{where}files")
    return record


def versions_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a record says of its own version and of those that it keeps, newest first."""
    return [version for _, version in _versions(record)]


def files_of(version: Mapping[str, Any]) -> dict[str, Recorded]:
    """Return what a version in a record says of its files, by path."""
    files = version["files"]
    return {path: Recorded(file["size"], file["sha256"]) for path, file in files.items()}


def recorded_files(record: Mapping[str, Any]) -> dict[str, Recorded]:
    """Return what a record says of all files, those of kept versions too, by path."""
    return {
        path: recorded
        for version in versions_of(record)
        for path, recorded in files_of(version).items()
    }


def _versions(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each version, and what stands before the names of its members."""
    yield "", record
    kept = record.get(PREVIOUS, [])
    if not isinstance(kept, list):
        raise RecordError(f"has no list in {PREVIOUS}")
    for index, version in enumerate(kept):
        yield f"{PREVIOUS}[{index}].", version


def _check_files(files: Any, where: str) -> None:
    if not isinstance(files, dict):
        raise RecordError(f"has no object in {where}")
    for path, recorded in files.items():
        if not is_portable(path):
            raise RecordError(f"has a path in {where} that leads out of the folder: {path[:80]!a}")
        members = recorded if isinstance(recorded, dict) else {}
        size, sha256 = members.get("size"), members.get("sha256")
        if type(size) is not int or size < 0:
            raise RecordError(f"has no size of {path} in {where}")
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise RecordError(f"has no SHA-256 of {path} in {where}")
