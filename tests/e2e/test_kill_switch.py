"""An app that is withdrawn leaves the device, and takes nothing of others with it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from tests.e2e.test_offline import Host, host
from tests.e2e.visiting import classify, own_caches, update_offer, visit, wait_until

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
    expect(update_offer(page)).to_be_visible()
    update_offer(page).click()
    expect(page.get_by_role("heading")).to_contain_text("has been withdrawn")
    wait_until(page, lambda: page.evaluate(LEFT) == [[FOREIGN], [FOREIGN], [FOREIGN]])
    registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    wait_until(page, lambda: page.evaluate(registrations) == 0)
