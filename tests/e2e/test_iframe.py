"""The app in a page of a CMS, as examples/iframe/ has it."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from builder.hosting.hosts import GITHUB_PAGES
from builder.hosting.server import preview_server
from tests.conftest import ROOT


def test_the_app_works_in_the_frame(trees_site: Path, tmp_path: Path, page: Page) -> None:
    shutil.copy(ROOT / "examples" / "iframe" / "index.html", tmp_path)
    shutil.copytree(trees_site, tmp_path / "what")
    with preview_server(tmp_path, emulated=GITHUB_PAGES) as server:
        page.goto(server.url)
        app = page.frame_locator("iframe")
        expect(app.locator("html")).to_have_attribute("data-state", "ready")
        camera = page.locator("iframe").evaluate(
            "frame => frame.contentDocument.featurePolicy.allowsFeature('camera')"
        )
        assert camera
