"""The table in docs/offline.md of how each cell of the fault matrix ended, written and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.e2e.fault_cells import FAULTS, KINDS, OCCASIONS, WELL, Cell, Occasion, Outcome

DOCS = ROOT / "docs" / "offline.md"
BEGIN = "<!-- faults: written by pytest tests/e2e/test_fault_matrix.py --renew-faults -->"
END = "<!-- end of faults -->"

WORDS = dict(zip(WELL, ("works", "itself", "tap", "reload"), strict=True))
"""What the table calls the verdicts."""


@dataclass(frozen=True)
class Entry:
    """What the table says of a cell."""

    verdict: str
    """One of WELL."""
    requests: int
    """How often the host was asked for a file of this kind."""

    @classmethod
    def of(cls, outcome: Outcome) -> "Entry":
        """Return what is to be said of an outcome."""
        return cls(outcome.verdict, outcome.requests)


def table(entries: Mapping[Cell, Entry]) -> str:
    """Return the tables of the occasions, one below the other, as Markdown."""
    return "\n\n".join(
        "\n".join([f"### {occasion.capitalize()}", "", *_rows(entries, occasion)])
        for occasion in OCCASIONS
    )


def _rows(entries: Mapping[Cell, Entry], occasion: Occasion) -> list[str]:
    rows = [f"| file | {' | '.join(FAULTS)} |", f"|---|{'---|' * len(FAULTS)}"]
    for kind in KINDS:
        row = [entries[Cell(kind, fault, occasion)] for fault in FAULTS]
        cells = [f"{WORDS[entry.verdict]} {entry.requests}" for entry in row]
        rows.append(f"| {kind} | {' | '.join(cells)} |")
    return rows


def read_table(text: str) -> dict[Cell, Entry]:
    """Return what the tables in a text say."""
    verdicts = {word: verdict for verdict, word in WORDS.items()}
    entries = {}
    for occasion in OCCASIONS:
        (rows,) = re.findall(
            rf"^### {occasion.capitalize()}\n\n\|.*\n\|---.*((?:\n\|.*)+)", text, re.MULTILINE
        )
        for row in rows.strip().splitlines():
            kind, *cells = (cell.strip() for cell in row.strip("|").split("|"))
            for fault, cell in zip(FAULTS, cells, strict=True):
                word, requests = cell.split(" ")
                entries[Cell(kind, fault, occasion)] = Entry(verdicts[word], int(requests))
    return entries


def written(page: Path = DOCS) -> str:
    """Return the part of the page that the test run writes."""
    return page.read_text(encoding="utf-8").split(f"{BEGIN}\n\n")[1].split(f"\n\n{END}")[0]


def write(entries: Mapping[Cell, Entry], page: Path = DOCS) -> None:
    """Write the tables into the page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(written(page), table(entries)), encoding="utf-8")
