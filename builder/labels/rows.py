"""A table's text as rows of cells: its delimiter is detected, not presumed."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from builder.errors import LabelsError

Row = tuple[int, list[str]]
"""The number of a line in the file, from 1, and its cells."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

IsHeader = Callable[[Sequence[str]], bool]
"""Returns whether some cells are the titles of columns."""


def table_rows(text: str, path: Path, usual: str, is_header: IsHeader) -> list[Row]:
    """Return the rows of a table, without empty rows at its end and without empty columns.

    `usual` is the delimiter that the file's suffix suggests; another one is taken where only that
    gives every row equally many cells, as spreadsheets in much of the world write semicolons.
    Raises `LabelsError` where two delimiters do, or the text is not a table.
    """
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=[,;\t|]\r?", first):  # a note that Excel writes for itself
        rows = _parsed(rest, path, first[4])
        return _without_gaps([(number + 1, cells) for number, cells in rows])
    delimiter = find_delimiter(text, path, is_header) or usual
    return _without_gaps(_parsed(text, path, delimiter))


def find_delimiter(
    text: str, path: Path, is_header: IsHeader, without_titles: str = ",;\t|"
) -> str | None:
    """Return what stands between the columns of a text; None where there is no more than one.

    It gives every row equally many cells, or titles to the columns; those of `without_titles` need
    no titles. Raises `LabelsError` where two delimiters would make a table of the text.
    """
    tables = {delimiter: _try(text, path, delimiter) for delimiter in _DELIMITERS}
    even = {d for d, rows in tables.items() if _is_even(rows) or _is_even(_without_gaps(rows))}
    titled = {d for d, rows in tables.items() if rows and is_header(rows[0][1])}
    for found in (even & titled, even & set(without_titles), titled):
        if len(found) == 1:
            return found.pop()
        if found:
            names = " or ".join(_DELIMITERS[delimiter] for delimiter in sorted(found))
            raise LabelsError(
                f"{path} can be read as a table with {names} between its columns. Give it a first "
                'line with the titles of its columns, such as "class_index" and "label", and put '
                "names in double quotes."
            )
    return None


def _try(text: str, path: Path, delimiter: str) -> list[Row]:
    try:
        return _parsed(text, path, delimiter)
    except LabelsError:
        return []


def _parsed(text: str, path: Path, delimiter: str) -> list[Row]:
    # A blank between a closing quote and the delimiter, which csv would refuse.
    text = re.sub(rf'(?<!")"[ ]+(?=[{delimiter}\r\n]|\Z)', '"', text)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        kind = path.suffix[1:].upper() or "a table"
        raise LabelsError(f"{path}, line {reader.line_num}: not {kind} ({error}).") from error


def _without_gaps(rows: list[Row]) -> list[Row]:
    """Leave out empty rows at the end, and columns without a title and without a name."""
    rows = list(rows)
    while rows and not any(rows[-1][1]):
        rows.pop()
    filled = {place for _, cells in rows for place, cell in enumerate(cells) if cell}
    return [
        (number, [cell for place, cell in enumerate(cells) if place in filled])
        for number, cells in rows
    ]


def _is_even(rows: Sequence[Row]) -> bool:
    widths = {len(cells) for _, cells in rows if any(cells)}
    return len(widths) == 1 and widths.pop() > 1
