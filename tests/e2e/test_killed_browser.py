"""A browser that dies while a version is being kept loses nothing: the next visit goes on.

The device has a profile on disk; its browser is crashed in the middle, as a system does that ends
it for memory, and started anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from builder.browser.launch import QUIET_FLAGS, find_browser
from tests.e2e.impatient import Build, with_ballast
from tests.e2e.visiting import WAIT_MS, Visitor, wait_until
from tests.faults import faulty_server, stall

LAST = "/offline.html"
"""A file that only the service worker asks for."""
SHARD = "/model/*/ballast0.bin"
"""Of the new version only."""


@contextmanager
def started(playwright: Playwright, profile: Path) -> Iterator[Page]:
    """Run a browser on a profile; it may be dead at the end."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=find_browser(), args=[*QUIET_FLAGS]
    )
    context.set_default_timeout(WAIT_MS)
    try:
        yield context.pages[0]
    finally:
        with suppress(Error):
            context.close()


def crash(page: Page) -> None:
    """End the browser on the spot, without a word to its pages and its storage."""
    context: BrowserContext = page.context
    gone: list[bool] = []
    context.on("close", lambda _: gone.append(True))
    with suppress(Error):
        context.new_cdp_session(page).send("Browser.crash")
    with suppress(Error):
        wait_until(page, lambda: bool(gone))
    assert gone


@pytest.fixture
def hosted(impatient: Build, photo: Path) -> Iterator[Visitor]:
    """Return a person without a browser, in front of the small model's site."""
    with faulty_server(impatient("Trees")) as (host, server):
        yield Visitor(None, host, server, photo)  # type: ignore[arg-type]


def test_a_browser_that_dies_while_the_app_is_being_kept_goes_on_at_the_next_visit(
    playwright: Playwright, hosted: Visitor, tmp_path: Path
) -> None:
    hosted.host.always(LAST, stall(10, 1000))
    with started(playwright, tmp_path) as hosted.page:
        hosted.arrive()
        wait_until(hosted.page, lambda: hosted.host.count(LAST) > 0)
        crash(hosted.page)
    hosted.host.heal()
    with started(playwright, tmp_path) as hosted.page:
        hosted.arrive()
        hosted.sees_ready()
        assert len(hosted.host.answers("/model/*/*.bin")) <= 2 * _shards(hosted.host.folder)
        hosted.goes_offline()


def test_a_browser_that_dies_during_an_update_has_the_old_version_and_then_the_new(
    playwright: Playwright, hosted: Visitor, impatient: Build, tmp_path: Path
) -> None:
    with started(playwright, tmp_path) as hosted.page:
        hosted.installs()
        hosted.host.folder = impatient("Forest", with_ballast(impatient("Trees"), 40_000))
        hosted.host.always(SHARD, stall(1000, 1000))
        hosted.arrive()
        hosted.looks_for_update()
        wait_until(hosted.page, lambda: hosted.host.count(SHARD) > 0)
        crash(hosted.page)
    with started(playwright, tmp_path) as hosted.page:
        hosted.arrive()
        hosted.sees_ready()
        expect(hosted.page).to_have_title("Trees")
        hosted.host.heal()
        hosted.looks_for_update()
        hosted.accepts_update("Forest")
        hosted.goes_offline()


def _shards(folder: Path) -> int:
    return len(list(folder.glob("model/*/*.bin")))
