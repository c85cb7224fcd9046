"""Where the app sees what, when it isn't sure, in gray, and classes that it never tells."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_page import RESULTS, expect_state, picture, upload
from tests.models import CLASSES


def answer(page: Page, url: str) -> list[str]:
    """Open the app, give it a photo, and return the names that it lists."""
    page.goto(url)
    expect_state(page, "ready")
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")
    return names(page)


def names(page: Page) -> list[str]:
    return [row.get_attribute("data-class-name") or "" for row in page.locator(RESULTS).all()]


def set_range(page: Page, name: str, value: int) -> None:
    page.get_by_role("slider", name=name).fill(str(value))


def test_where_a_prediction_is_seen_is_shown_and_told(
    page: Page, trees_server: PreviewServer
) -> None:
    first, second, *_ = answer(page, trees_server.url)
    page.get_by_role("button", name=f"Where do you see it? {first}").press("Enter")
    told = page.locator("#where-text")
    expect(told).to_contain_text(".")
    heat = page.locator("#heat")
    expect(heat).to_be_visible()
    colors = "(canvas) => canvas.getContext('2d').getImageData(0, 0, 64, 64).data.join()"
    before = heat.evaluate(colors)
    set_range(page, "Strength of the heat map", 40)
    expect(heat).to_have_css("opacity", "0.4")
    page.get_by_role("button", name=f"Where do you see it? {second}").click()
    expect(page.locator("button.where[aria-pressed='true']")).to_have_count(1)
    expect(heat).to_be_visible()
    assert heat.evaluate(colors) != before
    page.get_by_role("button", name=f"Where do you see it? {second}").click()
    expect(heat).to_be_hidden()
    expect(told).to_be_hidden()


def test_the_app_says_how_sure_it_is_as_the_person_wishes(
    page: Page, trees_server: PreviewServer
) -> None:
    answer(page, trees_server.url)
    page.get_by_role("button", name="About this app").click()
    set_range(page, "Say “probably” below", 95)
    page.get_by_role("slider", name="Say “probably” below").blur()
    page.get_by_role("button", name="Close").click()
    results = page.locator("#results")
    expect(results).to_have_attribute("data-certainty", "probably")
    expect(page.locator("#status")).to_have_text(re.compile("^Probably .+"))
    # Kept for the next visit; what it guesses is still told.
    guesses = answer(page, trees_server.url)
    expect(results).to_have_attribute("data-certainty", "probably")
    expect(page.locator("#status")).to_be_visible()
    assert len(guesses) == 5
    page.get_by_role("button", name="About this app").click()
    set_range(page, "Say “probably” below", 0)
    page.get_by_role("slider", name="Say “probably” below").blur()
    page.get_by_role("button", name="Close").click()
    expect(results).to_have_attribute("data-certainty", "sure")


def test_gray_is_a_switch(page: Page, trees_server: PreviewServer) -> None:
    answer(page, trees_server.url)
    first = page.locator(RESULTS).first
    probability = first.get_attribute("data-probability") or ""
    page.get_by_role("button", name="About this app").click()
    page.get_by_role("switch", name="See in shades of gray").check()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(f"#results [data-probability='{probability}']")).to_have_count(0)
    expect(page.locator("#print")).to_have_css("filter", "grayscale(1)")


def test_classes_that_are_denied_are_never_told(
    page: Page, trees_model: tuple[Path, Path], trees_server: PreviewServer, tmp_path: Path
) -> None:
    usual = answer(page, trees_server.url)
    model, labels = trees_model
    config = SiteConfig(
        model=str(model), labels=labels, deny=(usual[0],), top_k=10, output=tmp_path / "dist"
    )
    build_site(config)
    with preview_server(config.output) as server:
        told = answer(page, server.url)
    assert told[0] == usual[1]
    assert set(told) == set(CLASSES) - {usual[0]}
