"""Starts builds and kills them: `python -m tests.integration.killed_builds FOLDER TIMES`.

A process of its own, because it forks for each build: the children are real processes that run the
real `build_site` around a stand-in model, without importing everything a hundred times. Prints as
JSON what it saw.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from builder.build import build_site
from builder.config import SiteConfig
from builder.hashing import folder_hash
from tests.unit.sites import prepare_trees

TITLES = ("Old trees", "New trees")


def build(output: Path, title: str) -> None:
    build_site(SiteConfig(title=title, output=output, keep_previous=0), prepare=prepare_trees)


def content(folder: Path) -> str:
    """Return a hash over every path and byte of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return folder_hash({str(path.relative_to(folder)): path.read_bytes() for path in files})


def stages(output: Path) -> set[Path]:
    return set(output.parent.glob(f".{output.name}-new-*"))


def start(output: Path, title: str) -> int:
    """Build in a new process; return its id."""
    child = os.fork()
    if child == 0:
        try:
            build(output, title)
            os._exit(0)
        finally:
            os._exit(1)
    return child


def is_running(child: int) -> bool:
    """Return whether a child lives; one that has ended stays until it is waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def kill_one(output: Path, title: str, duration: float, chance: random.Random) -> str:
    """Start a build and kill it; return what it was doing.

    Half of them are killed at any moment, the other half while they write, on any machine.
    """
    left_over = stages(output)
    while_writing = chance.random() < 0.5
    child = start(output, title)
    if while_writing:
        while is_running(child) and stages(output) <= left_over:
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, duration / 4))
    else:
        time.sleep(chance.uniform(0, duration))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return "done"
    return "writing" if stages(output) - left_over else "before or after"


def main(folder: Path, times: int) -> None:
    """Kill builds that would replace one site by another, and look at what is there each time."""
    chance = random.Random(9)
    known = {}
    for title in TITLES:
        build(folder / title / "dist", title)
        known[content(folder / title / "dist")] = title
    output = folder / "killed" / "dist"
    build(output, TITLES[0])
    began = time.monotonic()
    os.waitpid(start(output, TITLES[1]), 0)
    duration = time.monotonic() - began
    seen: Counter[str] = Counter()
    for turn in range(times):
        doing = kill_one(output, TITLES[turn % 2], duration, chance)
        found = known.get(content(output), "neither") if output.is_dir() else "nothing"
        seen.update((f"killed {doing}", f"found {found}"))
    build(output, TITLES[0])
    whole = known.get(content(output)) == TITLES[0]
    beside = [path.name for path in output.parent.iterdir() if path != output]
    json.dump({"seen": seen, "last build whole": whole, "left beside": beside}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
