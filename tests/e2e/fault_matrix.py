"""Runs cells of the fault matrix, several at a time, and prints what became of them as JSON.

    python -m tests.e2e.fault_matrix SITE NEWER_SITE PHOTO [CELLS]

`CELLS` are lines "kind|fault|occasion" on standard input where it is "-", else all cells run. The
cells mostly wait; several people share one browser, each with a profile and a host of their own.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.async_api import Error, async_playwright

from builder.browser.launch import QUIET_FLAGS, find_browser, find_headless_shell
from tests.e2e.fault_cells import (
    CELLS,
    HOSTS_PAGE,
    ITSELF,
    TAP,
    WELL,
    WORKS,
    Cell,
    Outcome,
    address_of,
    files_of,
    order,
    requests_for,
)
from tests.e2e.fault_seat import Seat, holds, reason

AT_ONCE = 5
MENDS_WITHIN = 4.0
"""Seconds after the host was mended in which the app may help itself."""


@dataclass(frozen=True)
class Sites:
    """Two versions of a site, and a photo to try them on."""

    old: Path
    new: Path
    photo: Path

    def besides(self, site: Path | None) -> Path:
        """Return the other version."""
        return self.old if site == self.new else self.new

    def title(self, site: Path) -> str:
        """Return what a version calls itself."""
        return "Trees" if site == self.old else "Forest"


async def run_cell(seat: Seat, sites: Sites, cell: Cell) -> Outcome:
    """Play one cell. Who has the app on the device and works with it stays for the next one."""
    try:
        verdict, said = await _play(seat, sites, cell)
    except Error as error:
        verdict, said = f"broke: {str(error).splitlines()[0]}", ""
    requests = requests_for(seat.host, [sites.old, sites.new], cell.kind)
    outcome = Outcome(cell, verdict, said, requests, len(seat.host.served), seat.waited)
    if cell.occasion == "first visit" or verdict not in WELL:
        await seat.leaves()
    return outcome


async def _play(seat: Seat, sites: Sites, cell: Cell) -> tuple[str, str]:
    if cell.occasion == "first visit":
        await seat.moves_in(sites.old)
        order(seat.host, sites.old, sites.new, cell)
        await seat.opens()
        return await _end(seat, sites, "works")
    if not await seat.installs(sites.old) or seat.has is None:
        return "could not be installed", ""
    await seat.loses_browser_cache()
    seat.host.heal()
    seat.host.served.clear()
    if cell.occasion == "update":
        return await _update(seat, sites, sites.besides(seat.has), cell)
    for file in files_of(seat.has, cell.kind):
        await seat.loses(address_of(seat.has, file))
    order(seat.host, seat.has, sites.besides(seat.has), cell)
    await seat.opens()
    return await _end(seat, sites, "works")


async def _update(seat: Seat, sites: Sites, new: Path, cell: Cell) -> tuple[str, str]:
    seat.host.folder = new
    order(seat.host, new, sites.besides(new), cell)
    await seat.opens()
    # The old version goes on working, whatever comes of the new one.
    if not await seat.waits_until("works"):
        return f"the old version does not work: {await seat.looks()}", ""
    await seat.looks_for_update()
    said = ""
    if not await seat.waits_until("is offered", seconds=1.0):
        said = "the old version works"
        seat.host.heal()
        await seat.looks_for_update()
        if not await seat.waits_until("is offered", seconds=1.0):
            await seat.opens()
            if not await seat.waits_until("is offered"):
                return "the update never comes", said
    await seat.page.click("#apply-update")
    verdict, more = await _end(seat, sites, f"works as {sites.title(new)}")
    if verdict in WELL:
        seat.has = new
    return (ITSELF, said) if verdict == WORKS and said else (verdict, said or more)


async def _end(seat: Seat, sites: Sites, aim: str) -> tuple[str, str]:
    seen = await seat.waits_until(aim, "says", "is theirs")
    if not seen:
        return f"silent: {await seat.looks()}", ""
    seat.waited = time.monotonic() - seat.opened
    said = reason(seen)
    if holds(aim, seen):
        return await _answered(seat, sites, WORKS), ""
    seat.host.heal()
    if not seen["ours"]:
        # Browsers ask anew then, whatever the host has said of keeping it.
        await seat.page.reload(wait_until="commit")
        await seat.waits_until(aim)
        return await _answered(seat, sites, HOSTS_PAGE), ""
    # Where there is only a notice with a button, nobody waits for long.
    if await seat.waits_until(aim, seconds=0.5 if seen["panel"] else MENDS_WITHIN):
        return await _answered(seat, sites, ITSELF), said
    await seat.taps()
    if await seat.waits_until(aim):
        return await _answered(seat, sites, TAP), said
    return f"stays broken: {await seat.looks()}", said


async def _answered(seat: Seat, sites: Sites, verdict: str) -> str:
    """Return the verdict where a photo is answered."""
    return verdict if await seat.is_answered(sites.photo) else "answers no photo"


async def run_cells(
    sites: Sites, cells: Sequence[Cell], say: Callable[[str], object], at_once: int = AT_ONCE
) -> list[Outcome]:
    """Play cells, several at a time; return what became of each, in their order."""
    outcomes: dict[Cell, Outcome] = {}
    waiting = list(reversed(cells))
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=find_headless_shell() or find_browser(),
            args=[*QUIET_FLAGS],
            chromium_sandbox=False,
        )

        async def play() -> None:
            context = await browser.new_context(
                locale="de-DE", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
            )
            seat = Seat(await context.new_page())
            while waiting:
                cell = waiting.pop()
                outcomes[cell] = await run_cell(seat, sites, cell)
                say(f"{cell}: {outcomes[cell].verdict}\n")
            await seat.leaves()

        await asyncio.gather(*(play() for _ in range(at_once)))
        await browser.close()
    return [outcomes[cell] for cell in cells]


def main() -> None:
    """Run what the command line names."""
    old, new, photo, *named = sys.argv[1:]
    wanted = {line.strip() for line in sys.stdin} if named == ["-"] else None
    cells = [
        cell
        for cell in CELLS
        if wanted is None or f"{cell.kind}|{cell.fault}|{cell.occasion}" in wanted
    ]
    outcomes = asyncio.run(
        run_cells(Sites(Path(old), Path(new), Path(photo)), cells, sys.stderr.write)
    )
    sys.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes]))


if __name__ == "__main__":
    main()
