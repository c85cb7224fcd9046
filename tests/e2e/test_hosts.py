"""The app installs, works offline and shows its 404 page on every host, with that host's ways."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.hosting.hosts import HOSTS, NGINX
from builder.hosting.server import preview_server


@pytest.mark.parametrize("name", HOSTS)
def test_the_app_installs_and_reloads_offline(page: Page, trees_site: Path, name: str) -> None:
    # Below a folder, as GitHub Pages has it for all but one site of a user.
    with preview_server(trees_site, prefix="/photos/", emulated=HOSTS[name]) as server:
        lost = page.goto(f"{server.url}gone/too.html")
        assert lost is not None
        assert lost.status == 404
        if HOSTS[name] is not NGINX:
            assert page.title().startswith("Page not found"), page.title()
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("data-offline", "ready")
        server.stop()
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-state", "ready")
        page.goto(f"{server.url}index.html")
        expect(page.locator("html")).to_have_attribute("data-state", "ready")
