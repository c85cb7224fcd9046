"""Screens whose modules cannot be had say so, keep the photos, and are tried again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer
from builder.model.pipeline import PreparedModel
from tests.e2e.impatient import model_files
from tests.e2e.test_history import ROWS
from tests.e2e.test_page import expect_state, picture, upload
from tests.faults import FaultyHost, drop, faulty_server, html, status

SCREENS = "/app/*/page/screens/lazy.js"
PHOTOS = [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2)]

Hosted = tuple[FaultyHost, PreviewServer]


@pytest.fixture
def hosted(trees_site: Path) -> Iterator[Hosted]:
    """Serve the small model's site without a service worker."""
    with faulty_server(trees_site) as (host, server):
        host.always("/sw.js", status(404, b""))
        yield host, server


def without_worker(host: FaultyHost) -> None:
    host.heal()
    host.always("/sw.js", status(404, b""))


def failure(page: Page) -> None:
    """See that the screen says that it could not be loaded."""
    told = page.locator("#screen-waiting")
    expect(told).to_contain_text("This part of the app could not be loaded. Check the connection")
    expect(page.locator("#main")).to_be_hidden()


def test_photos_are_kept_until_their_screen_can_be_had(page: Page, hosted: Hosted) -> None:
    host, server = hosted
    page.goto(server.url)
    expect_state(page, "ready")
    host.always(SCREENS, drop(-1))
    page.set_input_files("#photo-input", PHOTOS)
    failure(page)
    expect(page.get_by_text("Photos kept until then: 2")).to_be_visible()

    # Neither leaving nor further trouble loses them.
    page.get_by_role("button", name="Back to the camera").click()
    expect(page.locator("#main")).to_be_visible()
    without_worker(host)
    host.always(SCREENS, html())
    page.set_input_files("#photo-input", PHOTOS)
    failure(page)
    expect(page.get_by_text("Photos kept until then: 4")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    failure(page)

    without_worker(host)
    # Not a click, which waits for the button: the app may have tried again by itself already.
    page.locator("#waiting-again").dispatch_event("click")
    expect(page.get_by_role("heading", name="Many photos")).to_be_focused()
    expect(page.locator("#many-status")).to_have_text("4 photos done")
    expect(page.locator("#screen-waiting")).to_be_hidden()


def test_a_screen_comes_by_itself_with_the_connection_and_answers_wait_for_it(
    page: Page, hosted: Hosted
) -> None:
    host, server = hosted
    page.goto(server.url)
    page.evaluate("localStorage.setItem('classifier-pwa|/|history', 'true')")
    expect_state(page, "ready")
    host.always(SCREENS, status(503, b""))
    page.set_input_files("#photo-input", PHOTOS[0])
    expect_state(page, "result")
    page.get_by_role("link", name="History").click()
    failure(page)
    expect(page.get_by_role("heading", name="History")).to_be_focused()
    without_worker(host)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(ROWS)).to_contain_text(["1.jpg"])


def deployed(site: Path, output: Path, color: str, keep: int) -> None:
    """Build a version that differs in its app folder over what lies there."""
    config = SiteConfig(title="Trees", theme_color=color, output=output, keep_previous=keep)
    build_site(config, prepare=lambda *_: PreparedModel(model_files(site)))


def test_elder_pages_without_a_service_worker_work_for_as_many_versions_as_are_kept(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    output = tmp_path / "dist"
    deployed(trees_site, output, "#112233", 2)
    with faulty_server(output) as (host, server):
        without_worker(host)
        first, second, third = (page.context.new_page() for _ in range(3))
        for elder in (first, second, third):
            elder.goto(server.url)
            expect_state(elder, "ready")
        deployed(trees_site, output, "#445566", 2)
        open_many(first)
        deployed(trees_site, output, "#778899", 2)
        open_many(second)
        deployed(trees_site, output, "#aabbcc", 2)
        third.set_input_files("#photo-input", PHOTOS)
        told = third.locator("#screen-waiting")
        expect(told).to_contain_text("This page is from an older version of the app")
        expect(told).to_contain_text("Photos kept until then: 2")
        with third.expect_navigation():
            told.get_by_role("button", name="Reload").click()
        open_many(third)


def open_many(page: Page) -> None:
    page.set_input_files("#photo-input", PHOTOS)
    expect(page.locator("#many-status")).to_have_text("2 photos done")
