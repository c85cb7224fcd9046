"""People in front of the app, as the tests of offline have them: what they do and what they see."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from builder.hosting.server import PreviewServer
from tests.faults import FaultyHost

READY = "html[data-offline=ready]"
FAILED = "html[data-offline=failed]"

WAIT_MS = 120_000
"""Milliseconds that nothing waited for takes, even on a machine with much else to do."""

LOOK_FOR_UPDATE = """() => navigator.serviceWorker.getRegistration()
    .then((registration) => registration.update())
    .then(() => 'looked', () => 'refused')"""

INSTALLING = "navigator.serviceWorker.getRegistration().then((r) => Boolean(r.installing))"


def visit(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(READY)


def classify(page: Page, photo: Path) -> list[tuple[str | None, str | None]]:
    page.set_input_files("#photo-input", photo)
    page.wait_for_selector("html[data-state=result]")
    rows = page.locator("#results li")
    return [
        (row.get_attribute("data-class-name"), row.get_attribute("data-probability"))
        for row in rows.all()
    ]


def own_caches(page: Page) -> list[str]:
    names = page.evaluate("caches.keys()")
    return [name for name in names if name.startswith("classifier-pwa|/|")]


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Let the browser work until the condition holds; fail where it doesn't come to."""
    for _ in range(WAIT_MS // 50):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"waited for {WAIT_MS} ms in vain")


def update_offer(page: Page) -> Locator:
    return page.locator("#apply-update")


@dataclass
class Visitor:
    """A person with a browser in front of a host that fails."""

    page: Page
    host: FaultyHost
    server: PreviewServer
    photo: Path

    def arrive(self, *, patient: bool = True) -> None:
        """Open the app, whatever comes of it; without waiting for all files where not `patient`."""
        self.page.goto(self.server.url, wait_until="load" if patient else "commit")

    def installs(self) -> None:
        """Open the app and stay until it works offline."""
        visit(self.page, self.server.url)

    def sees_ready(self) -> None:
        """Wait until the app classifies and works offline."""
        self.page.wait_for_selector(READY)
        assert len(classify(self.page, self.photo)) == 5

    def goes_offline(self) -> None:
        """Stop the server, open the app anew, classify."""
        self.server.stop()
        self.page.reload()
        self.sees_ready()

    def looks_for_update(self) -> str:
        """Have the browser ask for sw.js; return whether it "looked", or "refused" what it got."""
        return str(self.page.evaluate(LOOK_FOR_UPDATE))

    def sees_no_update(self) -> None:
        """Wait until no update is being installed, and see that none waits."""
        wait_until(self.page, lambda: not self.page.evaluate(INSTALLING))
        expect(update_offer(self.page)).to_be_hidden()

    def accepts_update(self, title: str) -> None:
        """Take the update that is offered, and classify with it."""
        expect(update_offer(self.page)).to_be_visible()
        update_offer(self.page).click()
        expect(self.page).to_have_title(title)
        self.sees_ready()
