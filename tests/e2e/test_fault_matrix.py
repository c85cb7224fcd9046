"""Each kind of file, failing in each way, on each occasion: how it ends stands in docs/offline.md.

Each run plays every third cell. After a change that is meant, or of the matrix, play all of them
and renew the table (some ten minutes):

    python -m pytest tests/e2e/test_fault_matrix.py --renew-faults
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import Apart
from tests.e2e.conftest import GERMAN
from tests.e2e.fault_cells import (
    CELLS,
    FAULTS,
    HOSTS_PAGE,
    KINDS,
    OCCASIONS,
    WORKS,
    Cell,
    Occasion,
    Outcome,
    files_of,
)
from tests.e2e.fault_matrix import AT_ONCE, Sites, run_cells
from tests.e2e.fault_table import Entry, read_table, write, written
from tests.e2e.hurried import hurried_site
from tests.e2e.impatient import with_ballast

SAMPLE = (
    *(
        Cell(kind, fault, occasion)
        for at, occasion in enumerate(OCCASIONS)
        for row, kind in enumerate(KINDS)
        for column, fault in enumerate(FAULTS)
        if (at + row + column) % len(OCCASIONS) == 0
    ),
    Cell("service worker", "stale", "update"),
)
"""Each kind in each way on one of the occasions, on each occasion every kind and every way, and
what else the page promises."""


@pytest.fixture(scope="module")
def sites(trees_site: Path, photo: Path, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """Return two versions of the small model's site that wait for moments only."""
    folder = tmp_path_factory.mktemp("hurried")
    names = {"de": GERMAN}
    old, new = (
        hurried_site(title, with_ballast(trees_site, size), folder / title, names, color)
        for title, size, color in (("Trees", 20_000, "#1b6b4a"), ("Forest", 40_000, "#6b1b4a"))
    )
    return Sites(old, new, photo)


def test_each_kind_of_file_is_on_the_sites_and_comes_with_an_update(sites: Sites) -> None:
    for site in (sites.old, sites.new):
        assert [kind for kind in KINDS if not files_of(site, kind)] == []
    for kind in KINDS:
        old, new = (
            {file.read_bytes() for file in files_of(site, kind)} for site in (sites.old, sites.new)
        )
        assert new - old, f"an update brings no other {kind}"


def test_the_table_has_all_cells_and_the_sample_something_of_everything() -> None:
    assert read_table(written()).keys() == set(CELLS)
    assert len(SAMPLE) == len(set(SAMPLE)) >= 150
    pairs = [(cell.kind, cell.fault) for cell in SAMPLE]
    assert set(pairs) == {(kind, fault) for kind in KINDS for fault in FAULTS}
    for occasion in OCCASIONS:
        cells = [cell for cell in SAMPLE if cell.occasion == occasion]
        assert {cell.kind for cell in cells} == set(KINDS)
        assert {cell.fault for cell in cells} == set(FAULTS)


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_each_fault_ends_as_the_table_says(
    sites: Sites, occasion: Occasion, apart: Apart, pytestconfig: pytest.Config
) -> None:
    table = read_table(written())
    renew = pytestconfig.getoption("--renew-faults")
    cells = [cell for cell in (CELLS if renew else SAMPLE) if cell.occasion == occasion]
    outcomes = apart(_play, sites, cells, {} if renew else table)
    assert [outcome for outcome in outcomes if not outcome.is_well] == []
    if renew:
        write({**table, **{outcome.cell: Entry.of(outcome) for outcome in outcomes}})
    else:
        assert [outcome for outcome in outcomes if not _is_as_said(outcome, table)] == []


def _play(sites: Sites, cells: Sequence[Cell], table: Mapping[Cell, Entry]) -> list[Outcome]:
    """Play cells; those that don't end as they must once more, each by itself.

    The machine may have been too busy for them once.
    """
    outcomes = {outcome.cell: outcome for outcome in _played(sites, cells, AT_ONCE)}
    again = [cell for cell in cells if not _is_as_said(outcomes[cell], table)]
    for outcome in _played(sites, again, 1):
        sys.stderr.write(f"Played again: {outcomes[outcome.cell]}\n")
        outcomes[outcome.cell] = outcome
    return list(outcomes.values())


def _played(sites: Sites, cells: Sequence[Cell], at_once: int) -> list[Outcome]:
    return asyncio.run(run_cells(sites, cells, sys.stderr.write, at_once))


def _is_as_said(outcome: Outcome, table: Mapping[Cell, Entry]) -> bool:
    """Return whether a cell ended well, and no worse than the table has it, if it does.

    Time decides whether the app helps itself before the person does, and whether it goes on with a
    connection that broke before it says so.
    """
    said = table.get(outcome.cell)
    kept = (
        said is None
        or said.verdict not in {WORKS, HOSTS_PAGE}
        or outcome.cell.fault in {"stall", "drop"}
    )
    return outcome.is_well and (kept or outcome.verdict == said.verdict)
