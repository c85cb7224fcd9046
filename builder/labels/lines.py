"""Class names in a text, one a line, with or without their number before them."""

import re
from pathlib import Path

from builder.errors import LabelsError
from builder.labels.names import Placed, is_index, ordered

_NUMBERED = re.compile(r"(\d+)(?:\s*[:;,.)|]\s+|\s*[:;,)|](?=\D)|\s+-\s+|\s+)(\S.*)", re.ASCII)
"""A number and a name: "0 ash", "0: ash", "0,ash", "0) ash" – but not "0.5 mm" or "0-3 years"."""


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
    """Return names in the order of the numbers before them, where all have one from 0 on.

    Raises `LabelsError` where the lines are numbered from 1, which may be a part of the names.
    """
    matches = [_NUMBERED.fullmatch(line) for _, line in placed]
    found = [(match[1], match[2]) for match in matches if match]
    if len(found) < 2 or len(found) < len(placed):
        return placed
    numbers, names = zip(*found, strict=True)
    if len(set(names)) < len(names):  # "1 euro", "2 euro": they differ by the number
        return placed
    if is_index(numbers):
        places = [place for place, _ in placed]
        return ordered(
            list(zip(places, numbers, strict=True)), list(zip(places, names, strict=True)), path
        )
    if list(numbers) == [str(number) for number in range(1, len(numbers) + 1)]:
        raise LabelsError(
            f"{path} numbers its lines from 1, and the classes of a model are counted from 0. Leave"
            f' the numbers out, or, if they are a part of the names, write ["{placed[0][1]}", …] '
            "into a .json file."
        )
    return placed
