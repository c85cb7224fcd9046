"""Copies of other versions that hosts hand out: CDNs that cache, and uploads that are half done."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.impatient import Build, with_ballast
from tests.e2e.visiting import FAILED, Visitor
from tests.faults import instead, status


@pytest.fixture(scope="module")
def forest(impatient: Build) -> Path:
    """Return the site of the new version, with none of the old one's files."""
    return impatient("Forest", with_ballast(impatient("Trees"), 40_000))


@pytest.fixture(scope="module")
def both(impatient: Build) -> Path:
    """Return the site of the new version with the previous one's folders, as `build` leaves it."""
    trees = impatient("Trees")
    return impatient("Woods", with_ballast(trees, 40_000), over=trees)


@pytest.fixture(scope="module")
def old_index(impatient: Build) -> bytes:
    return (impatient("Trees") / "index.html").read_bytes()


def test_an_update_passes_by_a_stale_copy_of_the_index(
    visitor: Visitor, forest: Path, old_index: bytes
) -> None:
    visitor.installs()
    visitor.host.folder = forest
    visitor.host.always("/", instead(old_index))
    visitor.host.served.clear()
    visitor.arrive()
    visitor.accepts_update("Forest")
    queries = [served.query for served in visitor.host.served if served.path == "/"]
    assert queries[0] == ""
    assert [query.split("=")[0] for query in queries[1:]] == ["revision"]


def test_a_stale_index_beside_a_new_service_worker_works_with_the_previous_files(
    visitor: Visitor, both: Path, old_index: bytes
) -> None:
    visitor.host.folder = both
    visitor.host.always("/", instead(old_index))
    visitor.arrive()
    visitor.sees_ready()
    assert visitor.page.title() == "Trees"
    visitor.goes_offline()
    assert visitor.page.title() == "Woods"


def test_a_first_visit_during_an_upload_says_so_and_works_once_it_is_done(visitor: Visitor) -> None:
    visitor.host.always("/model/*", status(404, b""))
    visitor.arrive()
    expect(visitor.page.get_by_role("alert")).not_to_be_empty()
    visitor.page.wait_for_selector(FAILED)
    visitor.host.heal()
    visitor.page.get_by_role("button", name="Retry saving for offline").click()
    visitor.sees_ready()
    visitor.goes_offline()


def test_new_files_that_come_before_the_index_change_nothing(visitor: Visitor, both: Path) -> None:
    old = visitor.host.folder
    visitor.installs()
    visitor.host.folder = both
    for name in ("index.html", "sw.js"):
        visitor.host.always(
            f"/{name.removeprefix('index.html')}", instead((old / name).read_bytes())
        )
    visitor.arrive()
    visitor.sees_ready()
    assert visitor.looks_for_update() == "looked"
    visitor.sees_no_update()
    visitor.goes_offline()
