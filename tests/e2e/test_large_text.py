"""Letters of twice their size: nothing is cut off, and everything is in reach (WCAG 2.2, 1.4.4)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from builder.hosting.server import PreviewServer
from tests.e2e.states import states
from tests.e2e.test_page import picture, upload
from tests.e2e.visiting import WAIT_MS

FAULTS = (Path(__file__).parent / "legible.js").read_text(encoding="utf-8")
SCREENS = ((360, 640), (1280, 800))


def faults(page: Page) -> dict[str, list[str]]:
    """Return what cannot be read or reached, by the width of the screen."""
    former = page.viewport_size
    assert former is not None
    found = {}
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 100)))")
        found[str(width)] = page.evaluate(FAULTS)
    page.set_viewport_size(former)
    return {width: each for width, each in found.items() if each}


def test_letters_of_twice_their_size_can_be_read_and_everything_reached(
    camera_browser: Browser, trees_server: PreviewServer
) -> None:
    context = camera_browser.new_context(
        viewport={"width": 360, "height": 640}, reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    # The browser's own setting, which style sheets see in `rem`, also in their media queries.
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    photos: list[Any] = [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2, 3)]
    found = {state: faults(page) for state in states(page, trees_server.url, photos)}
    size = page.evaluate("getComputedStyle(document.body).fontSize")
    context.close()
    assert size == "32px"
    assert len(found) >= 16
    assert {state: each for state, each in found.items() if each} == {}


def test_what_is_cut_off_or_covered_is_found(page: Page, trees_server: PreviewServer) -> None:
    page.goto(trees_server.url)
    page.wait_for_selector("html[data-state=ready]")
    page.evaluate(
        """() => {
          const style = (id, rules) => Object.assign(document.getElementById(id).style, rules);
          style('status', { width: '1rem', overflow: 'hidden', whiteSpace: 'nowrap' });
          style('open-many', { pointerEvents: 'none' });
          style('hint', { position: 'relative', left: '20rem', width: '20rem' });
        }"""
    )
    told = "\n".join(page.evaluate(FAULTS))
    assert "#status cuts" in told
    assert "#open-many is covered by" in told
    assert "leaves the screen" in told
