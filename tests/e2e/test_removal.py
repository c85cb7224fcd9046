"""The person has everything removed while something is still on its way."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_about import LEFT
from tests.e2e.test_history import remembered
from tests.e2e.visiting import INSTALLING, Visitor, own_caches, visit, wait_until
from tests.faults import both, drop, faulty_server, hold

NOTHING = {"caches": [], "stored": [], "databases": [], "workers": 0}


@pytest.fixture
def patient(page: Page, trees_site: Path, photo: Path) -> Iterator[Visitor]:
    """Return a first-time visitor whose app waits longer than this test takes."""
    with faulty_server(trees_site) as (host, server):
        yield Visitor(page, host, server, photo)


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    """Return what the host waits for before it answers."""
    event = threading.Event()
    yield event
    event.set()


def remove_everything(page: Page) -> None:
    page.get_by_role("button", name="About this app").click()
    page.get_by_role("button", name="Remove everything from this device").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Everything is gone from this device.")).to_be_visible()


def sees_nothing_come_back(page: Page) -> None:
    wait_until(page, lambda: page.evaluate(LEFT) == NOTHING)
    page.wait_for_timeout(1000)
    assert page.evaluate(LEFT) == NOTHING


def test_a_version_that_is_being_installed_is_not_kept(
    patient: Visitor, let_go: threading.Event
) -> None:
    page = patient.page
    patient.host.always("/offline.html*", hold(let_go))
    patient.arrive()
    wait_until(page, lambda: bool(own_caches(page)) and page.evaluate(INSTALLING))
    remove_everything(page)
    let_go.set()
    sees_nothing_come_back(page)


def test_parts_of_a_model_that_is_being_loaded_are_not_kept(
    patient: Visitor, let_go: threading.Event
) -> None:
    patient.host.always("*.bin", both(hold(let_go), drop(5000)))
    patient.arrive()
    remove_everything(patient.page)
    let_go.set()
    sees_nothing_come_back(patient.page)


REFUSE = "() => { IDBFactory.prototype.deleteDatabase = () => { throw new Error('refused'); }; }"


def test_what_cannot_be_removed_is_named_and_the_rest_goes(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1)
    visit(page, trees_server.url)
    page.evaluate(REFUSE)
    page.get_by_role("button", name="About this app").click()
    page.get_by_role("button", name="Remove everything from this device").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "Still on this device: your history."
    )
    left = NOTHING | {"databases": ["classifier-pwa|/|history"]}
    wait_until(page, lambda: page.evaluate(LEFT) == left)
    # Half of what the page needs is gone: it begins anew, however the question is closed.
    with page.expect_navigation():
        page.keyboard.press("Escape")


def test_a_withdrawn_app_names_what_it_cannot_clear_away(page: Page, tmp_path: Path) -> None:
    build_site(SiteConfig(output=tmp_path / "dist", kill_switch=True))
    page.add_init_script(f"({REFUSE})()")
    with preview_server(tmp_path / "dist") as server:
        page.goto(f"{server.url}site.json")
        page.evaluate("localStorage.setItem('classifier-pwa|/|camera', '{}')")
        page.goto(server.url)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("not everything that it had saved")
        expect(alert.get_by_role("listitem")).to_have_text(["your history"])
        expect(page.locator("#cleared")).to_be_hidden()
        assert page.evaluate("Object.keys(localStorage)") == []
