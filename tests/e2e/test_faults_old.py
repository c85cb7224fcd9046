"""A page of the browser's own cache that is older than all that its host still has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from builder.build import build_site
from builder.config import SiteConfig
from tests.e2e.impatient import Build, with_ballast
from tests.e2e.visiting import WAIT_MS, Visitor
from tests.faults import faulty_server, header, instead, status

PAGE, APP, SCRIPT = "/", "/app/*", "/sw.js"


@pytest.fixture(scope="module")
def forest(impatient: Build) -> Path:
    """Return the site of the new version, with none of the old one's files."""
    return impatient("Forest", with_ballast(impatient("Trees"), 40_000))


@pytest.fixture
def returning(browser: Browser, impatient: Build, photo: Path) -> Iterator[Visitor]:
    """Return a German whose browser has kept the page of "Trees", but none of its scripts."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    context.set_default_timeout(WAIT_MS)
    with faulty_server(impatient("Trees")) as (host, server):
        visitor = Visitor(context.new_page(), host, server, photo)
        host.always(PAGE, header("Cache-Control", "max-age=31536000"))
        host.always(APP, header("Cache-Control", "no-store"))
        host.always(SCRIPT, status(404, b""))
        visitor.arrive()
        visitor.page.wait_for_selector("html[data-state=ready]")
        visitor.page.goto("about:blank")
        host.heal()
        host.served.clear()
        yield visitor
    context.close()


def sees_why(visitor: Visitor) -> None:
    """See what is wrong, in the person's language, and nothing that does not work."""
    notice = visitor.page.locator("#boot-failed")
    expect(notice.get_by_role("alert")).to_contain_text("konnte nicht vollständig geladen werden")
    expect(notice).to_contain_text("/app/")
    expect(notice.get_by_role("button")).to_have_text("Neu laden")


def asks_for_the_newest(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Neu laden").click()


def test_an_old_page_of_which_nothing_is_left_brings_the_newest_by_itself(
    returning: Visitor, forest: Path
) -> None:
    returning.host.folder = forest
    returning.arrive()
    expect(returning.page).to_have_title("Forest")
    returning.sees_ready()
    returning.goes_offline()


def test_an_old_page_that_its_host_keeps_as_well_says_so_each_time_and_never_loops(
    returning: Visitor, forest: Path
) -> None:
    old = (returning.host.folder / "index.html").read_bytes()
    returning.host.folder = forest
    returning.host.always(PAGE, instead(old))
    returning.arrive()
    sees_why(returning)
    for _ in range(2):
        before = returning.host.count(PAGE)
        returning.page.wait_for_timeout(500)
        assert returning.host.count(PAGE) == before, "then it is asked for by the person only"
        with returning.page.expect_navigation():
            asks_for_the_newest(returning)
        sees_why(returning)
    returning.host.heal()
    asks_for_the_newest(returning)
    expect(returning.page).to_have_title("Forest")


def test_an_old_page_of_a_withdrawn_app_leads_to_its_end(
    returning: Visitor, tmp_path: Path
) -> None:
    build_site(SiteConfig(output=tmp_path / "dist", kill_switch=True, lang="de"))
    returning.host.folder = tmp_path / "dist"
    returning.arrive()
    # The old page says at first that it is being fetched anew.
    expect(returning.page.get_by_role("heading", name="zurückgezogen")).to_be_visible()
