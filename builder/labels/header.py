"""What the columns of a table of class names are, by their titles and their contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.errors import LabelsError
from builder.labels.languages import canonical_tag, looks_like_tag
from builder.labels.names import is_index
from builder.labels.rows import Row
from builder.labels.titles import INDICES, INDONESIAN, NAMES, NUMBERS, folded


@dataclass(frozen=True)
class Header:
    """What the columns of a table are, by place from 0."""

    names: dict[int, str | None]
    """Those of names, with their language: the one that counts comes first."""
    index: int | None
    """That of the class index."""


@dataclass(frozen=True)
class _Table:
    written: Sequence[str]
    """Titles as they stand in the file."""
    titles: list[str]
    """The same in lower case, with "_" for spaces and hyphens."""
    columns: list[list[str]]
    """The cells under each title."""
    path: Path

    def at(self, titles: Sequence[str]) -> list[int]:
        """Return the places of those titles that there are, in the order of `titles`."""
        return [p for title in titles for p, own in enumerate(self.titles) if own == title]

    def is_numeric(self, place: int) -> bool:
        cells = self.columns[place]
        return bool(cells) and all(cell.isdecimal() and cell.isascii() for cell in cells)

    def is_index(self, place: int) -> bool:
        """Return whether a column has each number from 0 on exactly once."""
        return is_index(self.columns[place])

    def shown(self, places: Sequence[int]) -> str:
        """Return the titles at some places for a message."""
        return " and ".join(f'"{self.written[place]}"' for place in places)


def read_header(titles: Sequence[str], body: Sequence[Row], path: Path) -> Header:
    """Return what each column of a table is; its rows have as many cells as it has titles.

    Raises `LabelsError` where a column cannot be made out, or can be read in two ways.
    """
    columns = [[cells[place] for _, cells in body] for place in range(len(titles))]
    table = _Table(titles, [folded(title) for title in titles], columns, path)
    name = _name_column(table)
    index = _index_column(table, name)
    tags = _languages(table, [place for place in range(len(titles)) if place not in (name, index)])
    if name is not None and set(tags.values()) == {INDONESIAN}:
        tags = {}  # "id" is a title of other numbers here, not Indonesian
    names = tags if name is None else {name: None, **tags}
    if not names:
        raise LabelsError(
            f'{path}, line 1: no column is called "label", "name" or "class", or by a language '
            f'such as "de"; found {", ".join(titles)}.'
        )
    return Header(names, index)


def _name_column(table: _Table) -> int | None:
    """Return the column of names by its title; None where only languages have titles."""
    titled = table.at(NAMES)
    words = [place for place in titled if not table.is_numeric(place)]
    # A column in which a value occurs twice holds categories, not the names of classes.
    distinct = [p for p in words if len(set(table.columns[p])) == len(table.columns[p])]
    candidates = distinct or words
    if len({tuple(table.columns[place]) for place in candidates}) > 1:
        raise LabelsError(
            f"{table.path}, line 1: the columns {table.shown(sorted(candidates))} could both be "
            'the names of the classes. Call the one that counts "label", and give the other '
            "another title."
        )
    if candidates:
        return candidates[0]
    if not titled or _has_languages(table, titled):
        return None
    others = [
        place
        for place in range(len(table.titles))
        if place not in titled and not table.is_numeric(place)
    ]
    if others:
        raise LabelsError(
            f"{table.path}, line 1: the column {table.shown(titled[:1])} has numbers only, and "
            f'no other title says where the names are. Call the column of names "label" and that '
            'of their numbers from 0 "class_index".'
        )
    return titled[0]


def _index_column(table: _Table, name: int | None) -> int | None:
    """Return the column that says which output each name belongs to; None where none does."""
    explicit = [p for p in table.at(INDICES) if not _is_indonesian(table, p)]
    if explicit and table.titles[explicit[0]] == INDICES[0]:
        return explicit[0]
    numbers = [p for p in table.at(NUMBERS) if table.is_numeric(p)]
    numeric_names = [p for p in table.at(NAMES) if p != name and table.is_numeric(p)]
    candidates = [*explicit, *numeric_names, *numbers]
    fitting = [place for place in candidates if table.is_index(place)]
    if len({tuple(table.columns[place]) for place in fitting}) > 1:
        raise LabelsError(
            f"{table.path}, line 1: the columns {table.shown(sorted(fitting))} could both be the "
            'index of the classes. Call the one that counts "class_index".'
        )
    if fitting:
        return fitting[0]
    if explicit or numeric_names:
        return (explicit or numeric_names)[0]
    others = [
        place
        for place in range(len(table.titles))
        if place != name and table.is_numeric(place) and table.is_index(place)
    ]
    for place in (*numbers, *others):
        values = [int(cell) for cell in table.columns[place]]
        if values != sorted(values):
            raise LabelsError(
                f"{table.path}, line 1: the numbers under {table.shown([place])} are in another "
                "order than the rows. If they number the model's outputs, count from 0 and call "
                'the column "class_index"; else take it out.'
            )
    return None


def _has_languages(table: _Table, but: Sequence[int]) -> bool:
    places = [place for place in range(len(table.titles)) if place not in but]
    return any(
        canonical_tag(table.written[place]) and not _is_number(table, place) for place in places
    )


def _languages(table: _Table, places: Sequence[int]) -> dict[int, str | None]:
    """Return the columns that are called by a language, with its tag."""
    places = [place for place in places if not _is_number(table, place)]
    tags: dict[int, str | None] = {
        place: tag for place in places if (tag := canonical_tag(table.written[place]))
    }
    for place in places:
        title = table.titles[place]
        # Without languages, a table may have further columns of any kind: "wnid", "remark".
        if (
            place not in tags
            and title != INDONESIAN
            and (tags or looks_like_tag(table.written[place]))
        ):
            raise LabelsError(
                f"{table.path}, line 1: the column {table.shown([place])} is no language "
                'that we know. Call it by its tag (BCP 47), such as "de" or "pt-BR", or take the '
                "column out."
            )
    return tags


def _is_number(table: _Table, place: int) -> bool:
    """Return whether a column has running numbers, though its title ("no") is a language, too."""
    cells = table.columns[place]
    has_digits = bool(cells) and all(any(char.isdecimal() for char in cell) for cell in cells)
    return has_digits if table.titles[place] in NUMBERS else table.is_numeric(place)


def _is_indonesian(table: _Table, place: int) -> bool:
    """Return whether the column "id" has words only, and no index at all."""
    cells = table.columns[place]
    has_words = bool(cells) and not any(cell.isdecimal() for cell in cells)
    return table.titles[place] == INDONESIAN and has_words
