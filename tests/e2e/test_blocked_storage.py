"""A browser that lets the site keep nothing: photos are answered, and the reason is named."""

import json
from pathlib import Path

from playwright.sync_api import Playwright, expect

from builder.browser.launch import launch_profile
from builder.hosting.server import PreviewServer
from tests.e2e.test_history import open_history
from tests.e2e.visiting import FAILED, WAIT_MS, classify

BLOCK_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}
"""Chromium's own setting, "Don't allow sites to save data on your device"."""


def test_blocked_cookies_are_named_as_such_and_photos_are_answered(
    playwright: Playwright, trees_server: PreviewServer, photo: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps(BLOCK_COOKIES))
    with launch_profile(playwright, user_data_dir=tmp_path) as context:
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(trees_server.url)
        page.wait_for_selector(FAILED)
        expect(page.locator("#offline")).to_have_text("Cookies are blocked")
        expect(page.locator("#retry-offline")).to_be_hidden()
        assert len(classify(page, photo)) == 5
        page.get_by_role("button", name="About this app").click()
        told = page.locator("#about-offline")
        expect(told).to_contain_text(
            "No: the browser doesn’t let this site keep anything. Allow cookies"
        )
        page.keyboard.press("Escape")
        open_history(page)
        expect(page.locator("#history-news")).to_contain_text("Allow cookies and site data")
        expect(page.locator("#history-rows li")).to_have_count(0)
