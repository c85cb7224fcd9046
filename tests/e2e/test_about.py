"""The About panel: what it tells of model and device, updates on request, and removal."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from builder.model.metadata_json import METADATA
from builder.model.pipeline import PreparedModel
from tests.e2e.impatient import model_files
from tests.e2e.test_accessibility import findings
from tests.e2e.test_page import answer, expect_state, picture, upload
from tests.e2e.visiting import wait_until

LEFT = """async () => ({
  caches: await caches.keys(),
  stored: Object.keys(localStorage).sort(),
  databases: (await indexedDB.databases()).map(({name}) => name).sort(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""

NEIGHBOUR = """async () => {
  await caches.open('classifier-pwa|/b/|files');
  localStorage.setItem('classifier-pwa|/b/|way', '1');
  await new Promise((resolve) => {
    indexedDB.open('classifier-pwa|/b/|history').onsuccess = ({target}) => {
      target.result.close();
      resolve();
    };
  });
  await caches.open('classifier-pwa|/|shared');
}"""


def open_about(page: Page, url: str) -> None:
    page.goto(url)
    expect_state(page, "ready")
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
    page.get_by_role("button", name="About this app").click()


def with_known_origin(site: Path, target: Path, **source: Any) -> Path:
    """Build a site again, around a model of which more is known."""
    files = model_files(site)
    known = json.loads(files[METADATA])
    known["source"] |= source
    files |= {METADATA: json.dumps(known).encode()}
    build_site(SiteConfig(output=target), prepare=lambda *_: PreparedModel(files))
    return target


def test_the_panel_tells_what_is_known_of_model_and_device(page: Page, trees_site: Path) -> None:
    with preview_server(trees_site) as server:
        open_about(page, server.url)
        about = page.get_by_role("dialog")
        expect(about.get_by_text("Accuracy", exact=True)).to_be_hidden()
        expect(about.get_by_text("No photo yet")).to_be_visible()
        expect(page.locator("#about-stored")).to_have_text(
            re.compile(r"^\d+(\.\d)? [kM]B: the app")
        )
        expect(page.locator("#about-estimate")).to_have_text(
            re.compile(r"counts \d.* [kM]B for .* up to \d.* [MG]B\.$")
        )
        page.keyboard.press("Escape")
        page.set_input_files("#photo-input", upload(picture(1)))
        answer(page)
        expect(page.locator("#about-speed")).to_have_text(re.compile(r"\d.* for the last photo"))


def test_accuracy_and_licence_are_told_where_they_are_known(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    measured = {"licence": "CC-BY-4.0", "accuracy": {"top1": 0.5048, "top5": 0.7716}}
    with preview_server(with_known_origin(trees_site, tmp_path / "dist", **measured)) as server:
        open_about(page, server.url)
        about = page.get_by_role("dialog")
        expect(about).to_contain_text("50.5% right at the first answer, 77.2% within five")
        expect(about).not_to_contain_text("as published")
        with page.expect_popup() as opened:
            about.get_by_role("link", name="CC-BY-4.0").click()
        expect(opened.value.locator("body")).to_contain_text("Licence: CC-BY-4.0")


def test_published_accuracy_is_told_as_such_with_its_source(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    origin = "https://example.org/weights"
    published = {"origin": origin, "accuracy": {"top1": 0.751, "source": origin}}
    with preview_server(with_known_origin(trees_site, tmp_path / "dist", **published)) as server:
        open_about(page, server.url)
        about = page.get_by_role("dialog")
        figure = about.get_by_role("link", name="75.1% right at the first answer, as published")
        expect(figure).to_have_attribute("href", origin)
        expect(about.get_by_role("link", name="example.org/weights")).to_be_visible()
        assert findings(page) == []


def test_an_update_comes_on_request_and_its_absence_is_told(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    site = tmp_path / "dist"
    shutil.copytree(trees_site, site)
    with preview_server(site) as server:
        open_about(page, server.url)
        check = page.get_by_role("button", name="Check for update")
        check.click()
        expect(page.get_by_text("This is the newest version.")).to_be_visible()
        worker = site / "sw.js"
        worker.write_text(f"{worker.read_text(encoding='utf-8')}\n// newer\n", encoding="utf-8")
        check.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#update-news")).to_have_text("A new version is ready.")
        take = page.get_by_role("dialog").get_by_role("button", name="Reload")
        expect(take).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect_state(page, "ready")
        expect(page.get_by_role("button", name="About this app")).to_be_visible()
        page.get_by_role("button", name="About this app").click()
    check.click()
    expect(page.get_by_text("The check needs a connection.")).to_be_visible()


def test_everything_is_removed_after_a_question_and_nothing_of_another_app(
    page: Page, trees_site: Path
) -> None:
    with preview_server(trees_site) as server:
        page.goto(server.url)
        expect_state(page, "ready")
        page.evaluate("localStorage.setItem('classifier-pwa|/|history', 'true')")
        page.evaluate(NEIGHBOUR)
        open_about(page, server.url)
        page.keyboard.press("Escape")
        page.set_input_files("#photo-input", upload(picture(1)))
        answer(page)
        page.get_by_role("button", name="About this app").click()
        remove = page.get_by_role("button", name="Remove everything from this device")
        remove.click()
        page.get_by_role("button", name="Keep").click()
        expect(remove).to_be_focused()
        before = page.evaluate(LEFT)
        assert before["workers"] == 1
        assert "classifier-pwa|/|history" in before["databases"]
        remove.click()
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(page.get_by_text("Everything is gone from this device.")).to_be_visible()
        left = {
            "caches": ["classifier-pwa|/b/|files"],
            "stored": ["classifier-pwa|/b/|way"],
            "databases": ["classifier-pwa|/b/|history"],
            "workers": 0,
        }
        wait_until(page, lambda: page.evaluate(LEFT) == left)
        with page.expect_navigation():
            page.get_by_role("button", name="Reload").click()
        expect_state(page, "ready")
