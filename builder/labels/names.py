"""Class names as values, and what must hold for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from builder.config.kinds import is_one_line
from builder.errors import LabelsError

Placed = list[tuple[str, str]]
"""Names in the order of the model's outputs, each with its place in the file: ("line 3", "oak")."""


@dataclass(frozen=True)
class ClassNames:
    """What classes are called, perhaps in several languages."""

    names: tuple[str, ...]
    """In the order of the model's outputs: everything else refers to the classes by these."""
    language: str | None = None
    """The language of `names`, BCP 47, where it is known."""
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same classes in other languages, by tag."""


@dataclass(frozen=True)
class Column:
    """The names in one language, as they stand in a file."""

    language: str | None
    """BCP 47 tag, where the file has one."""
    placed: Placed
    """The names."""


def check_labels(labels: Sequence[str], count: int, origin: str) -> None:
    """Raise `LabelsError` unless there is one distinct line of text for each of `count` outputs.

    `origin` says where the names come from: a path, or "the model's own labels".
    """
    if len(labels) != count:
        raise LabelsError(
            f"{origin} gives {len(labels)} class names, but the model has {count} outputs: "
            "give one name for each output, in their order, with --labels."
        )
    require_distinct_lines([(f"entry {index}", name) for index, name in enumerate(labels)], origin)


def class_names(columns: Sequence[Column], path: Path) -> ClassNames:
    """Return the names of a file's columns, the first of which is the one that counts.

    Raises `LabelsError` where a language comes twice, or a name is missing, occurs twice, or is not
    one line of text.
    """
    first, *others = columns
    translations: dict[str, tuple[str, ...]] = {}
    for column in columns:
        require_distinct_lines(column.placed, path)
    for column in others:
        language = column.language or ""
        if language in {first.language, *translations}:
            raise LabelsError(f'{path} has the language "{language}" twice. Take one out.')
        translations[language] = tuple(name for _, name in column.placed)
    return ClassNames(tuple(name for _, name in first.placed), first.language, translations)


def require_distinct_lines(placed: Placed, origin: Path | str) -> None:
    """Raise `LabelsError` for a name that is empty, that is not one line, or that occurs twice."""
    seen: dict[str, str] = {}
    for place, name in placed:
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
                "Give the two classes different names."
            )
        seen[name] = place


def is_index(cells: Sequence[str]) -> bool:
    """Return whether texts are the numbers from 0 on, each exactly once, in any order."""
    numbers = [int(cell) for cell in cells if _is_number(cell)]
    return len(numbers) == len(cells) and sorted(numbers) == list(range(len(cells)))


def ordered(indices: Placed, names: Placed, path: Path) -> Placed:
    """Sort names by their index, which must run from 0 without a gap.

    `indices` has the place and the index of each of `names`.
    """
    by_index: dict[int, tuple[str, str]] = {}
    for (place, index), name in zip(indices, names, strict=True):
        if not _is_number(index):
            raise LabelsError(f"{path}, {place}: the index {index!r} is not a whole number.")
        if int(index) in by_index:
            raise LabelsError(f"{path}, {place}: the index {index} occurs twice.")
        by_index[int(index)] = name
    for expected in range(len(by_index)):
        if expected not in by_index:
            raise LabelsError(
                f"{path}: the index {expected} is missing; indices run from 0 to "
                f"{len(by_index) - 1}."
            )
    return [by_index[index] for index in range(len(by_index))]


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 9
