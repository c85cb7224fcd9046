"""Class names in a text, one a line, with or without their number before them."""

import re
from pathlib import Path

from builder.errors import LabelsError
from builder.labels.names import Placed, is_index, ordered

_BEFORE = re.compile(
    r"(?P<number>\d+)(?:\s*[:;,.)|]\s+|\s*[:;,)|](?=\D)|\s+-\s+|\s+)(?P<name>\S.*)", re.ASCII
)
"""A number and a name: "0 ash", "0: ash", "0,ash", "0) ash" – but not "0.5 mm" or "0-3 years"."""

_BEHIND = re.compile(r"(?P<name>\S.*?)\s*[:;,=|]\s*(?P<number>\d+)", re.ASCII)
"""A name and a number: "ash,0", "ash: 0", "ash = 0" – but not "platform 0"."""


def split_lines(text: str) -> Placed:
    """Return the lines of a text with their places, without stray spaces and empty ones at its end.

    Lines end as files end them (LF, CRLF, CR). `str.splitlines` would also part a name in two at
    U+0085, U+2028 and other characters that no editor shows, and give every later class the name of
    the one before.
    """
    lines = [line.strip() for line in re.split(r"\r\n|\n|\r", text)]
    while lines and not lines[-1]:
        lines.pop()
    return [(f"line {number}", name) for number, name in enumerate(lines, 1)]


def without_numbers(placed: Placed, path: Path) -> Placed:
    """Return names in the order of the numbers before or behind them, where all have one from 0 on.

    Raises `LabelsError` where the lines are numbered from 1, which may be a part of the names.
    """
    for numbered in (_numbered(_BEFORE, placed), _numbered(_BEHIND, placed)):
        if numbered is None:
            continue
        numbers, names = numbered
        if is_index([number for _, number in numbers]):
            return ordered(numbers, names, path)
        if sorted(int(number) for _, number in numbers) == list(range(1, len(numbers) + 1)):
            raise LabelsError(
                f"{path} numbers its lines from 1, and the classes of a model are counted from 0."
                " Leave the numbers out, or, if they are a part of the names, write"
                f' ["{placed[0][1]}", …] into a .json file.'
            )
    return placed


def _numbered(form: re.Pattern[str], placed: Placed) -> tuple[Placed, Placed] | None:
    """Return the numbers and the names that all lines of a form have; None where not all do, or
    where only the numbers distinguish them ("1 euro", "2 euro")."""
    matches = [(place, form.fullmatch(line)) for place, line in placed]
    found = [(place, match) for place, match in matches if match]
    if len(found) < 2 or len(found) < len(placed):
        return None
    names = [(place, match["name"]) for place, match in found]
    if len({name for _, name in names}) < len(names):
        return None
    return [(place, match["number"]) for place, match in found], names
