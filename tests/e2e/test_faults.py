"""What survives a host and a network that fail: install and load, with every request counted."""

import pytest

from tests.e2e.impatient import Build, with_ballast
from tests.e2e.visiting import Visitor
from tests.faults import (
    Fault,
    corrupt,
    creep,
    drop,
    header,
    html,
    lengthen,
    redirect,
    shorten,
    stall,
    status,
    trickle,
)

SHARD = "/model/*/*.bin"
WASM = "/runtime/*/*-wasm-relaxed-simd.wasm"

# What goes wrong once with a file that the page itself checks, and how often the file is asked for.
ONCE: dict[str, tuple[Fault, int]] = {
    "hangs up": (drop(-1), 2),
    "dropped at byte 1": (drop(1), 2),
    "dropped half way": (drop(150_000), 2),
    "stalled": (stall(100_000), 2),
    "corrupted": (corrupt(70_000), 2),
    "html": (html(), 2),
    "404": (status(404, b"gone"), 2),
    "404 with the right bytes": (status(404), 2),
    "206 unasked": (status(206), 2),
    "half uploaded": (shorten(100_000), 2),
    "longer": (lengthen(7), 2),
    "redirected to a page": (redirect("/404.html"), 2),
    "redirected to itself": (redirect("?again"), 2),
    "trickling": (trickle(9, 1.8), 1),
    "of the wrong type": (header("Content-Type", "text/plain"), 1),
    "called a web page": (header("Content-Type", "text/html"), 1),
    "without a length": (header("Content-Length", None), 1),
    "never to be cached": (header("Cache-Control", "no-store"), 1),
}


SOME = ("dropped half way", "corrupted", "of the wrong type")


@pytest.mark.parametrize(
    ("file", "fault"), [(SHARD, fault) for fault in ONCE] + [(WASM, fault) for fault in SOME]
)
def test_a_file_that_fails_once_is_had_without_a_word(
    visitor: Visitor, file: str, fault: str
) -> None:
    wrong, requests = ONCE[fault]
    visitor.host.fault(file, wrong)
    visitor.arrive()
    visitor.sees_ready()
    # On a busy machine the page may come for a preloaded answer after Chromium has let go of it, or
    # has Chromium take up with a Range what it had of the file: that is no second transfer.
    answers = visitor.host.answers(file)
    whole = [answer for answer in answers if answer.range is None]
    assert len(answers) >= requests
    assert len(whole) <= requests + 1


def test_ten_megabytes_arrive_over_a_connection_that_drops_each_300_kilobytes(
    visitor: Visitor, impatient: Build
) -> None:
    visitor.host.folder = impatient("Heavy", with_ballast(visitor.host.folder, 10_000_000))
    visitor.host.always(SHARD, drop(300_000))
    visitor.arrive()
    visitor.sees_ready()
    parts = [served for served in visitor.host.served if served.path.endswith(".bin")]
    size = sum(file.stat().st_size for file in visitor.host.folder.glob("model/*/*.bin"))
    assert size > 10_000_000
    # Without going on from what has come it would never end. Chromium itself takes a broken answer
    # up once, and then drops what it has; a busy page may come too late for what was preloaded.
    assert len(parts) <= 2 * size / 300_000
    visitor.goes_offline()


def test_on_a_slow_line_everything_comes_and_is_asked_for_once(visitor: Visitor) -> None:
    """Six files at a time, each at 30 kB/s: as 5 kB/s to the app, whose waits are longer.

    The model alone takes longer than an answer may keep silent.
    """
    visitor.host.always("*", creep(30_000))
    visitor.arrive()
    visitor.sees_ready()
    assert visitor.page.locator("#boot-failed").count() == 0
    shards = [served.path for served in visitor.host.answers(SHARD)]
    # As above: a preloaded answer may have been let go of.
    assert len(shards) <= len(set(shards)) + 1
    visitor.goes_offline()
