"""An app that is withdrawn leaves the device, and takes nothing of others with it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from tests.e2e.test_offline import Host, host
from tests.e2e.visiting import (
    FAILED,
    LOOK_FOR_UPDATE,
    classify,
    own_caches,
    update_offer,
    visit,
    wait_until,
)

__all__ = ["host"]

FOREIGN = "classifier-pwa|/sibling/|kept"

PUT_FOREIGN = """async (name) => {
    await caches.open(name);
    localStorage.setItem(name, '1');
    localStorage.setItem('classifier-pwa|/|camera', '{}');
    for (const each of [name, 'classifier-pwa|/|history']) {
        await new Promise((resolve) => {
            const opening = indexedDB.open(each);
            opening.onsuccess = () => resolve(opening.result.close());
        });
    }
}"""

LEFT = """async () => [
    await caches.keys(),
    Object.keys(localStorage),
    (await indexedDB.databases()).map(({ name }) => name),
]"""


def test_a_withdrawn_app_leaves_the_device_and_other_apps_stay(
    page: Page, host: Host, photo: Path
) -> None:
    visit(page, host.url)
    classify(page, photo)
    page.evaluate(PUT_FOREIGN, FOREIGN)
    assert own_caches(page)
    build_site(SiteConfig(output=host.folder, kill_switch=True))

    # The page of the device is shown once more while the browser finds the new service worker.
    page.reload()
    expect_no_promise(page)
    expect(update_offer(page)).to_be_visible()
    update_offer(page).click()
    expect(page.get_by_role("heading")).to_contain_text("has been withdrawn")
    wait_until(page, lambda: page.evaluate(LEFT) == [[FOREIGN], [FOREIGN], [FOREIGN]])
    registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    wait_until(page, lambda: page.evaluate(registrations) == 0)


def test_any_address_of_a_withdrawn_app_clears_up(page: Page, tmp_path: Path) -> None:
    address = "https://example.org/app/"
    build_site(SiteConfig(output=tmp_path / "dist", base_url=address, kill_switch=True))
    with preview_server(tmp_path / "dist", prefix="/app/") as server:
        page.goto(f"{server.url}withdrawn/page.js")  # a page of this origin, without scripts
        page.evaluate("localStorage.setItem('classifier-pwa|/app/|camera', '{}')")
        page.evaluate("localStorage.setItem('classifier-pwa|/|camera', '{}')")
        page.goto(f"{server.url}some/deep/page?from=a-bookmark")
        expect(page.get_by_role("heading")).to_contain_text("has been withdrawn")
        left = "Object.keys(localStorage)"
        wait_until(page, lambda: page.evaluate(left) == ["classifier-pwa|/|camera"])


def expect_no_promise(page: Page) -> None:
    """See that the page does not say that it works offline, or will."""
    page.wait_for_selector(FAILED)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#offline-status")).to_be_empty()
    expect(page.locator("#about-offline")).to_contain_text("offline use was switched off")


def test_a_page_that_is_open_while_the_app_is_withdrawn_promises_nothing_any_more(
    page: Page, host: Host
) -> None:
    visit(page, host.url)
    expect(page.locator("#offline")).to_contain_text("Works offline")
    build_site(SiteConfig(output=host.folder, kill_switch=True))
    assert page.evaluate(LOOK_FOR_UPDATE) == "looked"
    expect_no_promise(page)
    # Coming back to it later changes nothing, and registers nothing.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    expect_no_promise(page)
    registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    wait_until(page, lambda: page.evaluate(registrations) == 0)
