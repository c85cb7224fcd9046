"""The table of docs/conformance.md."""

from collections import Counter
from collections.abc import Iterator

from tests.conformance.cases import all_cases
from tests.conformance.ways import WAYS
from tests.conftest import ROOT

DOCS = ROOT / "docs/conformance.md"
Differences = dict[str, dict[str, float]]
"""By operator and way, the largest difference."""

_HEAD = ("Operator", "Cases", *(way.name for way in WAYS))


def with_table(text: str, found: Differences) -> str:
    """Return the page with another table."""
    before, _, _ = text.partition(f"| {_HEAD[0]}")
    return before + "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Differences) -> Iterator[str]:
    counts = Counter(case.operator for case in all_cases().values())
    rows = [_HEAD, tuple("-" * len(name) for name in _HEAD)]
    for operator in sorted(counts):
        figures = (_told(found[operator][way.name]) for way in WAYS)
        rows.append((operator, str(counts[operator]), *figures))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    for index, row in enumerate(rows):
        fill = "-" if index == 1 else " "
        cells = (cell.ljust(width, fill) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def _told(difference: float) -> str:
    return "0" if difference == 0 else f"{difference:.0e}".replace("e-0", "e-")


def read_table(text: str) -> list[list[str]]:
    """Return the cells of the table's rows but the head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
