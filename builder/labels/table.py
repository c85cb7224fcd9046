"""Class names in a table: CSV, TSV, or with semicolons as many spreadsheets write it."""

from collections.abc import Sequence
from pathlib import Path

from builder.errors import LabelsError
from builder.labels.header import Header, read_header
from builder.labels.lines import without_numbers
from builder.labels.names import Column, Placed, is_index, ordered
from builder.labels.rows import Row, table_rows
from builder.labels.titles import is_header, is_title_of_names


def table_columns(text: str, path: Path, delimiter: str) -> list[Column]:
    """Return the columns of names of a table, each in the order of the model's outputs.

    `delimiter` is the usual one for this kind of file. Raises `LabelsError` for what is not a
    table, a column that cannot be made out or can be read in two ways, and an index that does not
    run from 0 without a gap.
    """
    rows = table_rows(text, path, delimiter, is_header)
    if not rows:
        return []
    (first, titles), *body = rows
    if len(titles) == 1 and not is_title_of_names(titles[0]):
        placed = [(f"line {number}", "".join(row)) for number, row in rows]
        return [Column(None, without_numbers(placed, path))]
    if len(rows) == 1 and not is_header(titles):
        return [Column(None, [(f"line {first}, value {i}", cell) for i, cell in enumerate(titles)])]
    for number, row in body:
        if len(row) not in (0, len(titles)):
            raise LabelsError(
                f"{path}, line {number}: {len(row)} values where the header has {len(titles)}. "
                "Put names that hold a comma in double quotes."
            )
    untitled = _without_header(rows, path)
    if untitled is not None:
        return [Column(None, untitled)]
    header = read_header(titles, [(number, row) for number, row in body if row], path)
    return [_column(header, place, body, path) for place in header.names]


def _without_header(rows: Sequence[Row], path: Path) -> Placed | None:
    """Return the names of a table without titles, which an index and a name in each row make plain.

    None for every other table.
    """
    filled = [(number, cells) for number, cells in rows if cells]
    if len(filled) < 2 or len(filled[0][1]) != 2:
        return None
    columns = list(zip(*(cells for _, cells in filled), strict=True))
    indices = [place for place, cells in enumerate(columns) if is_index(cells)]
    if len(indices) != 1:
        return None
    (index,) = indices
    return ordered(
        [(f"line {number}", cells[index]) for number, cells in filled],
        [(f"line {number}", cells[1 - index]) for number, cells in filled],
        path,
    )


def _column(header: Header, place: int, body: Sequence[Row], path: Path) -> Column:
    language = header.names[place]
    where = f', column "{language}"' if language else ""
    if header.index is None:
        # An empty row may be a class that somebody has yet to name.
        return Column(
            language, [(f"line {n}{where}", row[place] if row else "") for n, row in body]
        )
    filled = [(number, row) for number, row in body if row]
    placed = [(f"line {number}{where}", row[place]) for number, row in filled]
    indices = [(f"line {number}", row[header.index]) for number, row in filled]
    return Column(language, ordered(indices, placed, path))
