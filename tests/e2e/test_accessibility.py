"""Everyone: axe-core's findings in each state of the page, and the way around by keyboard."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.states import states
from tests.e2e.test_camera import open_camera
from tests.e2e.test_page import picture, upload
from tests.e2e.visiting import WAIT_MS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

RUN = """async () => {
  const {violations} = await axe.run(document, {runOnly: {type: 'tag', values: [
    'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}});
  return violations.flatMap(({id, help, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${help}: ${target}: ${failureSummary}`));
}"""


def findings(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    camera_browser: Browser, trees_server: PreviewServer, scheme: Literal["light", "dark"]
) -> None:
    context = camera_browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
        # A color in the middle of a transition is no color of ours.
        reduced_motion="reduce",
        bypass_csp=True,
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    photos: list[Any] = [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2, 3)]
    found = {state: findings(page) for state in states(page, trees_server.url, photos)}
    context.close()
    assert len(found) >= 18
    assert {"denied", "removed"} <= set(found)
    assert {state: each for state, each in found.items() if each} == {}


def test_one_thing_is_asked_at_a_time_and_the_offer_to_install_comes_last(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(trees_server.url)
    page.evaluate(
        "for (const toast of document.querySelectorAll('.toast')) toast.hidden = false;"
        "for (const words of document.querySelectorAll('.toast p')) words.textContent = 'News';"
    )
    toasts = ["#update", "#history-full", "#install-offer"]
    for place, shown in enumerate(toasts):
        expect(page.locator(shown)).to_be_visible()
        for later in toasts[place + 1 :]:
            expect(page.locator(later)).to_be_hidden()
        page.locator(shown).evaluate("(it) => { it.hidden = true; }")


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused in reached or not focused:
            break
        reached.append(focused)
    assert reached == [
        *("open-many", "open-history", "open-about"),
        *("live", "pick-photo", "shutter"),
    ]


COVER = """() => {
  const focused = document.activeElement;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  const seen = hit && (focused.contains(hit) || hit.contains(focused));
  return seen ? null : `${focused.outerHTML} is covered by ${hit?.outerHTML}`;
}"""


def test_what_has_the_focus_is_in_sight(page: Page, trees_server: PreviewServer) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(trees_server.url)
    page.set_input_files("#photo-input", upload(picture(1)))
    expect(page.locator("html")).to_have_attribute("data-state", "result")
    offer = "window.dispatchEvent(new Event('beforeinstallprompt', {cancelable: true}))"
    for shown in ("", offer):
        page.evaluate(f"document.activeElement.blur(); scrollTo(0, 0); {shown}")
        for _ in range(page.locator("button:visible, a:visible, input:visible").count()):
            page.keyboard.press("Tab")
            assert page.evaluate(COVER) is None


def test_what_goes_out_of_sight_hands_the_focus_on(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    live = page.get_by_role("switch", name="Live")
    live.press("Space")
    page.get_by_role("button", name="Show speed").focus()
    page.set_input_files("#photo-input", upload(picture(1)))
    expect(page.locator("#shutter")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-state", "result")
