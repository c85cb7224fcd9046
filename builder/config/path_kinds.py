"""The kinds of setting that name something on disk."""

import re
from pathlib import Path

from builder.config.kinds import Kind, show


def _parse_path(value: object, folder: Path) -> Path:
    if isinstance(value, Path):
        value = str(value)
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"must be a path, not {show(value)}")
    try:
        return folder / Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"names {value}, and there is no such user's home folder") from error


def _parse_file(value: object, folder: Path) -> Path:
    path = _parse_path(value, folder)
    _require_access(path)
    if not path.is_file():
        raise ValueError(f"names the file {path}, which " + _why_not(path, "a file"))
    return path


def _parse_folder(value: object, folder: Path) -> Path:
    path = _parse_path(value, folder)
    _require_access(path)
    if not path.is_dir():
        raise ValueError(f"names the folder {path}, which " + _why_not(path, "a folder"))
    return path


def _parse_files(value: object, folder: Path) -> tuple[Path, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f'must be a list of paths such as ["phone.png"], not {show(value)}')
    return tuple(_parse_file(path, folder) for path in value)


def _require_access(path: Path) -> None:
    """Raise ValueError where the system does not even let us look whether a path exists."""
    try:
        path.exists()
    except OSError as error:
        raise ValueError(f"names {path}, which cannot be read: {error.strerror}") from error


def _why_not(path: Path, what: str) -> str:
    return f"is not {what}" if path.exists() else "does not exist"


def _parse_name_or_path(value: object, folder: Path) -> str:
    """Keep a name as it is and make a path start from `folder`.

    A path is what has a separator or a suffix, or what exists; "mobilenet" is a name even where a
    folder of that name lies about (write "./mobilenet" to mean the folder).
    """
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"must be a name or a path, not {show(value)}")
    path = _parse_path(value, folder)
    _require_access(path)
    if re.fullmatch(r"[A-Za-z0-9][\w-]*", value) and not path.is_file():
        return value
    if not path.exists():
        raise ValueError(f"names {path}, which does not exist")
    return str(path)


OUTPUT_PATH = Kind("a path", "PATH", _parse_path)
EXISTING_FILE = Kind("the path of a file", "FILE", _parse_file)
EXISTING_FILES = Kind("a list of paths of files", "FILE", _parse_files, many=True)
EXISTING_FOLDER = Kind("the path of a folder", "FOLDER", _parse_folder)
NAME_OR_PATH = Kind("a name or a path", "NAME|PATH", _parse_name_or_path)

ALL = (OUTPUT_PATH, EXISTING_FILE, EXISTING_FILES, EXISTING_FOLDER, NAME_OR_PATH)
"""Kinds whose values depend on the folder that they start from, and on what lies there."""
