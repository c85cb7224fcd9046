"""Class names in a table: CSV, or TSV as spreadsheets copy it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.errors import LabelsError
from builder.labels.languages import canonical_tag, looks_like_tag
from builder.labels.names import Column, ordered

_NAMES = ("label", "name", "class", "class_name", "classname")
_INDICES = ("class_index", "index", "class_id", "id")
_INDONESIAN = "id"

Row = tuple[int, list[str]]
"""The number of a line in the file, from 1, and its cells."""


@dataclass(frozen=True)
class _Header:
    """What the columns of a table are, by place from 0."""

    names: dict[int, str | None]
    """Those of names, with their language: the one that counts comes first."""
    index: int | None
    """That of the class index."""


def table_columns(text: str, path: Path, delimiter: str) -> list[Column]:
    """Return the columns of names of a table, each in the order of the model's outputs.

    Raises `LabelsError` for what is no table, a column that cannot be made out, and an index that
    does not run from 0 without a gap.
    """
    rows = _rows(text, path, delimiter)
    if not rows:
        return []
    (_, titles), *body = rows
    header = _header(titles, body, path)
    if header is None:
        return [Column(None, [(f"line {number}", "".join(row)) for number, row in rows])]
    for number, row in body:
        if len(row) != len(titles):
            raise LabelsError(
                f"{path}, line {number}: {len(row)} values where the header has {len(titles)}. "
                "Put names that hold a comma in double quotes."
            )
    return [_column(header, place, body, path) for place in header.names]


def _rows(text: str, path: Path, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise LabelsError(
            f"{path}, line {reader.line_num}: not {path.suffix[1:].upper()} ({error})."
        ) from error
    while rows and not any(rows[-1][1]):
        rows.pop()
    return rows


def _header(titles: Sequence[str], body: Sequence[Row], path: Path) -> _Header | None:
    """Return what the columns are; None where there is a single one without a title."""
    lower = [title.lower() for title in titles]
    name = next((lower.index(title) for title in _NAMES if title in lower), None)
    if name is None and len(lower) == 1:
        return None
    index = next((lower.index(title) for title in _INDICES if title in lower), None)
    if index is not None and lower[index] == _INDONESIAN and _has_words(body, index):
        index = None
    others = [place for place in range(len(lower)) if place not in (name, index)]
    tags: dict[int, str | None] = {
        place: tag for place in others if (tag := canonical_tag(titles[place]))
    }
    if name is not None and set(tags.values()) == {_INDONESIAN}:
        tags = {}  # Numbers of some other kind.
    for place in others:
        # Without languages, a table may have further columns of any kind: "wnid", "remark".
        if place in tags or lower[place] == _INDONESIAN:
            continue
        if tags or looks_like_tag(titles[place]):
            raise LabelsError(
                f'{path}, line 1: the column "{titles[place]}" is no language that we know. Call '
                'it by its tag (BCP 47), such as "de" or "pt-BR", or take the column out.'
            )
    names = tags if name is None else {name: None, **tags}
    if not names:
        raise LabelsError(
            f'{path}, line 1: no column is called "label", "name" or "class", or by a language '
            f'such as "de"; found {", ".join(lower)}.'
        )
    return _Header(names, index)


def _has_words(body: Sequence[Row], place: int) -> bool:
    """Return whether a column has words only, and no index at all."""
    cells = [row[place] for _, row in body if place < len(row)]
    return bool(cells) and not any(cell.isdecimal() for cell in cells)


def _column(header: _Header, place: int, body: Sequence[Row], path: Path) -> Column:
    language = header.names[place]
    where = f', column "{language}"' if language else ""
    placed = [(f"line {number}{where}", row[place]) for number, row in body]
    if header.index is not None:
        indices = [(f"line {number}", row[header.index]) for number, row in body]
        placed = ordered(indices, placed, path)
    return Column(language, placed)
