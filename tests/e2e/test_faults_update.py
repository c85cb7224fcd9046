"""What survives a host and a network that fail while a new version comes: each request counted.

The app of "Trees" is on the device, and the host has "Forest": another index.html, another module
of the app, and one weight shard more.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.impatient import Build, with_ballast
from tests.e2e.visiting import FAILED, Visitor
from tests.faults import (
    Fault,
    both,
    corrupt,
    drop,
    header,
    html,
    redirect,
    shorten,
    stall,
    status,
    trickle,
)

SCRIPT = "/sw.js"
INDEX = "/"
MODULE = "/app/*/page/startup/end.js"
SHARD = "/model/*/ballast0.bin"

MISTYPED = header("Content-Type", "text/plain", validators=True)

PORTAL = both(html(), header("Cache-Control", "no-store"))


@pytest.fixture(scope="session")
def forest(impatient: Build) -> Path:
    """Return the site of the new version."""
    return impatient("Forest", with_ballast(impatient("Trees"), 40_000))


@pytest.fixture
def resident(visitor: Visitor, forest: Path) -> Visitor:
    """Return a person who has the app on the device while its host has got a newer one."""
    visitor.installs()
    visitor.host.folder = forest
    visitor.host.served.clear()
    return visitor


# What goes wrong once with a file of the new version, and how often that is asked for. The fault
# matrix has more of it, and tests/js/shared/resumable-fetch.test.js what is requested when.
ONCE: dict[tuple[str, str], tuple[Fault, int]] = {
    (INDEX, "hangs up"): (drop(-1), 2),
    (INDEX, "stalled"): (stall(1000), 2),
    (INDEX, "a portal's page"): (PORTAL, 2),
    (INDEX, "404"): (status(404, b"gone"), 2),
    (INDEX, "redirected"): (redirect("/404.html"), 2),
    (INDEX, "trickling"): (trickle(9, 1.8), 1),
    (INDEX, "of the wrong type"): (header("Content-Type", "text/plain"), 1),
    (MODULE, "corrupted"): (corrupt(-3), 2),
    (SHARD, "dropped at byte 30000"): (drop(30_000), 2),
    (SHARD, "half uploaded"): (shorten(20_000), 2),
}


@pytest.mark.parametrize(("file", "fault"), ONCE)
def test_an_update_of_which_a_file_fails_once_comes_without_a_word(
    resident: Visitor, file: str, fault: str
) -> None:
    wrong, requests = ONCE[file, fault]
    resident.host.fault(file, wrong)
    resident.arrive()
    resident.accepts_update("Forest")
    # A busy machine may let a connection seem broken: what is then asked for is the rest only.
    whole = [answer for answer in resident.host.answers(file) if answer.range is None]
    assert resident.host.count(file) >= requests >= len(whole)
    shards = [path for path in resident.host.since(0) if path.endswith(".bin")]
    assert all(path.endswith("/ballast0.bin") for path in shards), "the other shard is there"


# What the host does with sw.js for a while, besides what the fault matrix has. None of it is a new
# version.
NO_SCRIPT: dict[str, Fault] = {
    "hangs up": drop(-1),
    "404": status(404, b"gone"),
    "redirected": redirect("/sw.js?again"),
    "of the wrong type": header("Content-Type", "text/plain"),
}


@pytest.mark.parametrize("fault", NO_SCRIPT)
def test_without_a_right_service_worker_the_old_version_works_until_there_is_one(
    resident: Visitor, fault: str
) -> None:
    resident.host.always("/sw.js*", NO_SCRIPT[fault])
    resident.arrive()
    resident.sees_ready()
    assert resident.looks_for_update() == "refused"
    resident.sees_no_update()
    assert set(resident.host.since(0)) <= {SCRIPT}, "nothing else is asked for"
    resident.host.heal()
    resident.arrive()
    resident.accepts_update("Forest")


def test_a_service_worker_of_which_the_host_mends_the_type_only_brings_the_update_when_asked(
    resident: Visitor,
) -> None:
    resident.host.always("/sw.js*", MISTYPED)
    resident.arrive()
    resident.sees_ready()
    assert resident.looks_for_update() == "refused"
    # From now on the browser has a copy with the old type, unless it has let go of it meanwhile.
    resident.host.heal()
    resident.page.get_by_role("button", name="About this app").click()
    resident.page.get_by_role("button", name="Check for update").click()
    expect(resident.page.locator("#update-news")).to_have_text("A new version is ready.")


def test_a_service_worker_of_which_the_host_mends_the_type_only_is_registered(
    visitor: Visitor,
) -> None:
    visitor.host.always("/sw.js*", MISTYPED)
    visitor.arrive()
    visitor.page.wait_for_selector(FAILED)
    visitor.host.heal()
    visitor.arrive()
    visitor.sees_ready()
    visitor.goes_offline()


# What the host does with sw.js that doesn't keep it from being right.
RIGHT_SCRIPT: dict[str, Fault] = {
    "trickling": trickle(9, 1.8),
    "206 unasked": status(206),
    "a comment corrupted": corrupt(20),
}


@pytest.mark.parametrize("fault", RIGHT_SCRIPT)
def test_a_service_worker_that_comes_in_an_odd_way_brings_the_update(
    resident: Visitor, fault: str
) -> None:
    resident.host.fault(SCRIPT, RIGHT_SCRIPT[fault])
    resident.arrive()
    resident.accepts_update("Forest")


# What else than in the fault matrix keeps the new version's files from coming for a while.
LASTING: dict[str, dict[str, Fault]] = {
    "a module that is missing": {MODULE: status(404, b"")},
    "only sw.js uploaded yet": {
        path: status(404, b"") for path in (MODULE, SHARD, "/model/*/model.json")
    },
}


@pytest.mark.parametrize("trouble", LASTING)
def test_an_update_that_cannot_come_leaves_the_old_version_working_until_it_can(
    resident: Visitor, trouble: str
) -> None:
    for file, wrong in LASTING[trouble].items():
        resident.host.always(file, wrong)
        resident.host.always(f"{file}[?]*", wrong)
    resident.arrive()
    resident.sees_ready()
    resident.looks_for_update()
    resident.sees_no_update()
    assert resident.host.count(next(iter(LASTING[trouble]))) >= 2
    assert resident.page.title() == "Trees"
    before = len(resident.host.served)
    resident.host.heal()
    resident.arrive()
    resident.accepts_update("Forest")
    good = {path for path in resident.host.since(before) if not path.startswith(SCRIPT)}
    bad = len(LASTING[trouble])
    assert len(good) == bad, "only what was wrong is fetched again"
