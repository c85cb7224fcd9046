"""Starts builds and kills them: `python -m tests.integration.killed_builds FOLDER`.

A process of its own, because it forks for each build, without importing everything each time. Most
builds are forked when all that is left to do is to write the site (a part of its small files: that
saves time), and are killed just before the nth thing that they ask of the file system, of which
Python tells (PEP 578). So the moments are spread evenly over what is written and exchanged, on any
machine. Others are whole builds around a stand-in for the model, killed by the clock.
Prints as JSON what was seen.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder import build as building
from builder.config import SiteConfig
from builder.hashing import folder_hash
from builder.output.exchange import exchange
from builder.output.records import record_of
from builder.output.staging import clear_abandoned
from builder.output.writer import write_folder
from builder.site.files import SiteFile
from builder.site.report import REPORT
from tests.unit.sites import prepare_trees

TITLES = ("Old trees", "New trees")
EXCHANGES = 100
"""Builds that are killed while the folders change places, and what was there is deleted."""
WRITES = BY_RENAMING = 20
"""Builds that are killed while they write; while the folders change places by two renames."""
EACH_OF_THE_FIRST = 12
"""Moments of which none is left out: those around the exchange itself."""
LARGE = 32 * 1024
"""Bytes."""
FILES = 36
"""How many of a site's files take part: enough for as many moments as builds are killed at."""
BY_CLOCK = 8
"""Whole builds that are killed at any moment."""

Exchange = Callable[[Path, Path], bool]


class Moments:
    """Counts what this process asks of the file system, once `start` has come."""

    _KINDS = ("os.", "open", "shutil.", "fcntl.", "ctypes.")

    def __init__(self) -> None:
        self._start = ("", "")
        self._until = 0
        self.seen = -1
        sys.addaudithook(self._hear)

    def count(self, start: tuple[str, str], until: int = 0) -> None:
        """Count from an event with a text in its arguments; at number `until`, if any, die."""
        self._start, self._until, self.seen = start, until, -1

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith(self._KINDS):
            return
        if self.seen < 0 and not (event == self._start[0] and self._start[1] in str(arguments[0])):
            return
        self.seen += 1
        if self._until and self.seen == self._until:
            os.kill(os.getpid(), signal.SIGKILL)


WRITING = ("os.mkdir", "-unfinished-")
EXCHANGING = ("os.rename", "-unfinished-")


def cannot(_first: Path, _second: Path) -> bool:
    """Exchange nothing, as on a system that has no such call."""
    return False


def other(title: str) -> str:
    return TITLES[1 - TITLES.index(title)]


def content(folder: Path) -> str:
    """Return a hash over every path and byte of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return folder_hash({str(path.relative_to(folder)): path.read_bytes() for path in files})


def in_child(work: Callable[[], object]) -> int:
    """Do something in a new process; return its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def is_killed(child: int) -> bool:
    """Wait for a child to end; return whether it was killed. Raises where it failed."""
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise AssertionError("a build failed")
    return os.WIFSIGNALED(status)


def build(output: Path, title: str) -> None:
    config = SiteConfig(title=title, output=output, keep_previous=0)
    building.build_site(config, prepare=prepare_trees)


class Killing:
    """One output folder, two sites, and what was seen."""

    def __init__(self, folder: Path, moments: Moments) -> None:
        self.folder = folder
        self.moments = moments
        self.output = folder / "killed" / "dist"
        self.sites: dict[str, tuple[SiteFile, ...]] = {}
        self.known: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        for title in TITLES:
            self._build_known(title)
        self._write(TITLES[0], exchange)

    def _build_known(self, title: str) -> None:
        def keep(files: tuple[SiteFile, ...], *arguments: Any, **options: Any) -> list[Path]:
            small = [file for file in files if file.size < LARGE and file.path != REPORT][:FILES]
            record = record_of({file.path: file.content for file in small})
            self.sites[title] = (SiteFile(REPORT, json.dumps(record).encode()), *small)
            write_folder(self.sites[title], self.folder / title / "small", **options, force=False)
            return write_folder(files, *arguments, **options)

        building.write_folder = keep
        build(self.folder / title / "dist", title)
        building.write_folder = write_folder
        for name in ("dist", "small"):
            self.known[content(self.folder / title / name)] = title

    def found(self) -> str:
        """Return the title of the site that is there, or what is there instead."""
        if not self.output.is_dir():
            return "nothing"
        return self.known.get(content(self.output), "neither")

    def spread(self, start: tuple[str, str], times: int, way: Exchange) -> None:
        """Kill so many builds from `start` on: at each of the first moments, then evenly apart."""
        before = self.found()
        self.moments.count(start)
        self._write(other(before), way)
        last, before = self.moments.seen, other(before)
        first = min(EACH_OF_THE_FIRST, times)
        evenly = (first + turn * (last - first) // (times - first) for turn in range(times - first))
        for moment in (*range(1, first + 1), *evenly):

            def work(moment: int = moment, title: str = other(before)) -> None:
                self.moments.count(start, moment)
                self._write(title, way)

            killed = is_killed(in_child(work))
            found = self.found()
            if way is cannot and found == "nothing":
                clear_abandoned(self.output, REPORT)
                found = self.found()
                self.seen.update([f"moved back: {found == before}"])
            names = {before: "old", other(before): "new"}
            self.seen.update([f"killed: {killed}", f"found {names.get(found, found)}"])
            before = found if found in TITLES else before

    def _write(self, title: str, way: Exchange, force: bool = False) -> None:
        write_folder(self.sites[title], self.output, force, record=REPORT, exchange=way)

    def by_clock(self, times: int) -> None:
        """Kill whole builds at any moment."""
        chance = random.Random(9)
        began = time.monotonic()
        is_killed(in_child(lambda: build(self.output, TITLES[1])))
        duration = time.monotonic() - began
        for turn in range(times):
            child = in_child(lambda title=TITLES[turn % 2]: build(self.output, title))
            time.sleep(chance.uniform(0, duration))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self.seen.update(["found by the clock" if self.found() in TITLES else "lost"])

    def others_content(self, way: Exchange) -> None:
        """Kill `--force` at every moment, on what somebody else made; the next build says where."""
        moment, killed = 1, True
        while killed:
            shutil.rmtree(self.output.parent)
            self.output.mkdir(parents=True)
            (self.output / "thesis.txt").write_text("years of work")

            def work(moment: int = moment) -> None:
                self.moments.count(EXCHANGING, moment)
                self._write(TITLES[0], way, force=True)

            killed = is_killed(in_child(work))
            self._write(TITLES[1], way, force=True)
            asides = sorted(self.output.parent.glob("dist.replaced-*/thesis.txt"))
            kept = [aside.read_text() for aside in asides] == ["years of work"]
            is_whole = self.found() == TITLES[1]
            self.seen.update(["thesis kept" if kept and is_whole else "thesis lost"])
            moment += 1


def main(folder: Path) -> None:
    """Kill builds that would replace one site by another, and look at what is there each time."""
    killing = Killing(folder, Moments())
    killing.spread(EXCHANGING, EXCHANGES, exchange)
    killing.spread(EXCHANGING, BY_RENAMING, cannot)
    killing.spread(WRITING, WRITES, exchange)
    killing.by_clock(BY_CLOCK)
    build(killing.output, TITLES[0])
    whole = killing.found() == TITLES[0]
    beside = [path.name for path in killing.output.parent.iterdir() if path != killing.output]
    killing.others_content(exchange)
    killing.others_content(cannot)
    result = {"seen": killing.seen, "last build whole": whole, "left beside": beside}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
