"""The titles that people give to columns."""

import re
from collections.abc import Sequence

from builder.labels.languages import canonical_tag

NAMES = ("label", "name", "class", "class_name", "classname", "label_name", "category")
"""Titles of names, the likeliest first."""
INDICES = ("class_index", "index", "class_id", "id", "label_id", "label_index", "idx")
"""Titles of the index of a model's output; the first leaves no doubt."""
NUMBERS = ("no", "nr", "number", "#", "")
"""Titles of a running number; a table that pandas wrote has one without a title."""
INDONESIAN = "id"
"""A language whose tag is also a title of an index."""


def folded(title: str) -> str:
    """Return a title in lower case, with "_" between its words, without a point at its end.

    "Class ID", "class-id" and "ClassId" are all "class_id".
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]", " ", title.rstrip(".:"))
    return "_".join(words.lower().split())


def is_title_of_names(cell: str) -> bool:
    """Return whether a cell is the title of a column of names."""
    return folded(cell) in NAMES


def is_header(cells: Sequence[str]) -> bool:
    """Return whether cells are titles: one of them, by its words or as a language, is that of
    names.

    A single language makes none: "id" or "no" may be a name.
    """
    titles = [folded(cell) for cell in cells]
    tags = [cell for cell in cells if canonical_tag(cell)]
    has_numbers = any(title in (*INDICES, *NUMBERS) for title in titles)
    has_names = any(title in NAMES for title in titles)
    return len(titles) > 1 and (has_names or len(tags) > 1 or (bool(tags) and has_numbers))
