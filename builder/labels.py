"""Class names: the package's own for ImageNet, and those that a user's file gives."""

import csv
import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from builder.config.kinds import is_one_line
from builder.errors import LabelsError
from builder.resources import assets

_NAME_COLUMNS = ("label", "name", "class", "class_name", "classname")
_INDEX_COLUMNS = ("class_index", "index", "id", "class_id")
_MAX_BYTES = 16 * 1024 * 1024


@cache
def imagenet_labels() -> tuple[str, ...]:
    """Return the 1,000 class names of ImageNet (ILSVRC 2012) in the order of Keras's outputs.

    No two are equal: WordNet's two cranes and two maillots are told apart in parentheses.
    """
    return read_labels(assets() / "labels" / "imagenet-1k.csv")


def read_labels(path: Path) -> tuple[str, ...]:
    """Read class names, in the order of the model's outputs, from a text, CSV or JSON file.

    Text has one name a line. CSV has a header with a column "label", "name" or "class" (and
    perhaps "class_index", which then gives the order), or a single column. JSON is a list of
    names, or an object from index to name or from name to index.
    Raises `LabelsError` where the file cannot be read, or a name is missing, occurs twice, or is
    not one line of text.
    """
    text = _read_text(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        numbered = _from_json(text, path)
    elif suffix == ".csv":
        numbered = _from_csv(text, path)
    else:
        numbered = _from_lines(text)
    if not numbered:
        raise LabelsError(f"{path} has no class names: write one a line, in the model's order.")
    _require_distinct_lines(numbered, path)
    return tuple(name for _, name in numbered)


def check_labels(labels: Sequence[str], count: int, origin: str) -> None:
    """Raise `LabelsError` unless there is one distinct line of text for each of `count` outputs.

    `origin` says where the names come from: a path, or "the model's own labels".
    """
    if len(labels) != count:
        raise LabelsError(
            f"{origin} gives {len(labels)} class names, but the model has {count} outputs: "
            "give one name for each output, in their order, with --labels."
        )
    _require_distinct_lines([(f"entry {index}", name) for index, name in enumerate(labels)], origin)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LabelsError(
                f"{path} is larger than {_MAX_BYTES >> 20} MiB, which no list of class names is."
            )
        content = path.read_bytes()
    except OSError as error:
        raise LabelsError(f"The labels {path} cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LabelsError(
            f"{path}, line {line}: not UTF-8. Save the file as UTF-8 and try again."
        ) from error
    if "\0" in text:
        raise LabelsError(f"{path} is a binary file, not a list of class names.")
    return text


def _from_lines(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return [(f"line {number}", name) for number, name in enumerate(lines, 1)]


def _from_csv(text: str, path: Path) -> list[tuple[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise LabelsError(f"{path}, line {reader.line_num}: not CSV ({error}).") from error
    while rows and not any(rows[-1][1]):
        rows.pop()
    if not rows:
        return []
    header = [cell.lower() for cell in rows[0][1]]
    column = next((header.index(name) for name in _NAME_COLUMNS if name in header), None)
    if column is None:
        if len(header) > 1:
            raise LabelsError(
                f'{path}, line 1: no column is called "label", "name" or "class"; '
                f"found {', '.join(header)}."
            )
        return [(f"line {number}", "".join(row)) for number, row in rows]
    order = next((header.index(name) for name in _INDEX_COLUMNS if name in header), None)
    named: list[tuple[str, str]] = []
    indices: list[tuple[str, str]] = []
    for number, row in rows[1:]:
        if len(row) != len(header):
            raise LabelsError(
                f"{path}, line {number}: {len(row)} values where the header has {len(header)}. "
                "Put names that hold a comma in double quotes."
            )
        named.append((f"line {number}", row[column]))
        indices.append((f"line {number}", row[order] if order is not None else ""))
    return named if order is None else _ordered(indices, [name for _, name in named], path)


def _from_json(text: str, path: Path) -> list[tuple[str, str]]:
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise LabelsError(f"{path}, line {error.lineno}: not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:
        raise LabelsError(f"{path}: not a list of class names ({error}).") from error
    if isinstance(value, list):
        return [(f"entry {index}", _text(name, path)) for index, name in enumerate(value)]
    if isinstance(value, dict) and value:
        if all(isinstance(index, int) and not isinstance(index, bool) for index in value.values()):
            value = {str(index): name for name, index in _by_index(value, path)}
        # Keras's own class index is {"0": ["n01440764", "tench"], …}.
        names = [_text(v[1] if _is_pair(v) else v, path) for v in value.values()]
        return _ordered([(f"key {key!r}", key) for key in value], names, path)
    raise LabelsError(
        f"{path}: JSON labels are a list of names or an object from index to name, "
        f"not {type(value).__name__}."
    )


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} occurs twice")
    return keys


def _by_index(value: dict[str, int], path: Path) -> list[tuple[str, int]]:
    indices = list(value.values())
    if len(set(indices)) != len(indices):
        twice = next(index for index in indices if indices.count(index) > 1)
        raise LabelsError(f"{path}: the index {twice} is given to two names.")
    return list(value.items())


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str):
        raise LabelsError(f"{path}: {value!r} is not a class name; names are texts in quotes.")
    return value.strip()


def _ordered(indices: list[tuple[str, str]], names: list[str], path: Path) -> list[tuple[str, str]]:
    """Sort names by their index, which must run from 0 without a gap."""
    placed: dict[int, tuple[str, str]] = {}
    for (place, index), name in zip(indices, names, strict=True):
        if not index.isdecimal() or not index.isascii() or len(index) > 9:
            raise LabelsError(f"{path}, {place}: the index {index!r} is not a whole number.")
        if int(index) in placed:
            raise LabelsError(f"{path}, {place}: the index {index} occurs twice.")
        placed[int(index)] = (place, name)
    for expected in range(len(placed)):
        if expected not in placed:
            raise LabelsError(
                f"{path}: the index {expected} is missing; indices run from 0 to {len(placed) - 1}."
            )
    return [placed[index] for index in range(len(placed))]


def _require_distinct_lines(numbered: Sequence[tuple[str, str]], origin: Path | str) -> None:
    seen: dict[str, str] = {}
    for place, name in numbered:
        if not name.strip():
            raise LabelsError(f"{origin}, {place}: the class name is empty. Give it a name.")
        if not is_one_line(name):
            raise LabelsError(
                f"{origin}, {place}: the class name {name!r} has a line break or another control "
                "character. Take it out."
            )
        if name in seen:
            raise LabelsError(
                f"{origin}, {place}: the class name {name!r} occurs twice (first at {seen[name]}). "
                "Tell the two classes apart."
            )
        seen[name] = place
