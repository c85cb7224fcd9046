"""Where the system takes the colors over, as contrast themes do: all can still be told apart."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.states import states
from tests.e2e.test_camera import open_camera
from tests.e2e.test_page import picture, upload
from tests.e2e.visiting import WAIT_MS

CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: of what is needed to make a control out."""

CONTROLS = """() => {
  const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  const found = [];
  for (const it of scope.querySelectorAll('a[href], button, input:not([type=file]), select')) {
    const { left, top, right, bottom, width, height } = it.getBoundingClientRect();
    const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!it.checkVisibility() || !inside || !(it === hit || it.contains(hit))) continue;
    found.push([it.id || it.className || it.localName, left, top, right, bottom]);
  }
  return found;
}"""

RING = """() => {
  const it = document.activeElement;
  const rings = [it, it.parentElement].map((ringed) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
    return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth);
  });
  return [it.id || it.className || it.localName, Math.max(...rings)];
}"""


@pytest.fixture
def forced_page(camera_browser: Browser) -> Iterator[Page]:
    """Return an empty page under a theme of high contrast."""
    context = camera_browser.new_context(
        viewport={"width": 390, "height": 844}, forced_colors="active", reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def shot(target: Page | Locator) -> Image.Image:
    return Image.open(io.BytesIO(target.screenshot())).convert("RGB")


def contrast(image: Image.Image) -> float:
    """Return the contrast of an image's ground, its commonest color, with what stands out most."""
    colors, counts = np.unique(np.asarray(image).reshape(-1, 3), axis=0, return_counts=True)
    part = colors / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    light = linear @ (0.2126, 0.7152, 0.0722)
    ground = light[counts.argmax()]
    # Fewer pixels of one color are the edge of something.
    drawn = light[counts >= 8]
    lighter, darker = np.maximum(drawn, ground), np.minimum(drawn, ground)
    return float(((lighter + 0.05) / (darker + 0.05)).max())


def invisible(page: Page) -> list[str]:
    """Return the controls on the screen that cannot be made out."""
    whole = shot(page)
    return [
        name
        for name, left, top, right, bottom in page.evaluate(CONTROLS)
        if contrast(whole.crop((int(left) - 2, int(top) - 2, int(right) + 2, int(bottom) + 2)))
        < CONTRAST
    ]


def test_every_control_can_be_made_out_in_every_state(
    forced_page: Page, trees_server: PreviewServer
) -> None:
    photos: list[Any] = [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2, 3)]
    found = {}
    for state in states(forced_page, trees_server.url, photos):
        assert forced_page.evaluate(CONTROLS), state
        found[state] = invisible(forced_page)
    assert {state: each for state, each in found.items() if each} == {}


def test_the_focus_has_a_ring_wherever_it_is(
    forced_page: Page, trees_server: PreviewServer
) -> None:
    open_camera(forced_page, trees_server.url)
    forced_page.get_by_role("switch", name="Live").check()
    rings = {}
    forced_page.evaluate("document.activeElement.blur()")
    inside = {"open-many": "many-folder", "open-history": "history-on", "open-about": "close-about"}
    for opener in ("", *inside):
        if opener:
            forced_page.locator(f"#{opener}").click()
            expect(forced_page.locator(f"#{inside[opener]}")).to_be_visible()
        for _ in range(12):
            forced_page.keyboard.press("Tab")
            name, width = forced_page.evaluate(RING)
            rings[name] = width
    assert {"shutter", "live", "open-about", *inside.values()} <= set(rings)
    # A screen's title has the focus for reading on from there: it is no control.
    controls = {name: width for name, width in rings.items() if not name.endswith("-title")}
    controls.pop("body", None)
    assert {name: width for name, width in controls.items() if width < 2} == {}


def test_what_is_chosen_differs_from_what_is_not(
    forced_page: Page, trees_server: PreviewServer
) -> None:
    page = forced_page
    open_camera(page, trees_server.url)
    live = page.locator(".tool").filter(has=page.locator("#live"))
    assert differs(page, live, page.locator("#live").check), "live"
    # The fake camera has no light.
    page.evaluate("document.querySelector('#torch').closest('.tool').hidden = false")
    torch = page.locator(".tool").filter(has=page.locator("#torch"))
    on = "document.querySelector('#torch').checked = true"
    assert differs(page, torch, lambda: page.evaluate(on)), "torch"
    page.set_input_files("#photo-input", upload(picture(1)))
    expect(page.locator("html")).to_have_attribute("data-state", "result")
    where = page.locator("button.where").first
    assert differs(page, where, where.click), "where"
    page.locator("#open-history").click()
    on = page.locator("#history-on")
    assert differs(page, on, on.check), "history"


def differs(page: Page, control: Locator, choose: Any) -> bool:
    """Choose, and return whether the control then looks otherwise, also without the focus."""
    former = shot(control)
    choose()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    changed = np.abs(np.asarray(shot(control), dtype=int) - np.asarray(former, dtype=int))
    return bool((changed.max(axis=2) > 64).sum() >= 20)
