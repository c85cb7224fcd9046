"""The live mode, with Chromium's fake camera."""

from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.test_camera import SET_HIDDEN, open_camera, trigger
from tests.e2e.test_page import expect_state
from tests.e2e.visiting import wait_until

WATCHED = """
window.locks = 0;
window.told = [];
Object.defineProperty(navigator, 'wakeLock', {value: {request: async () => {
  window.locks += 1;
  return Object.assign(new EventTarget(), {
    released: false,
    async release() { this.released = true; window.locks -= 1; },
  });
}}});
"""

# The list changes with every frame; what is read out is this element.
LISTEN = """() => {
  const status = document.querySelector('#status');
  new MutationObserver(() => told.push(status.textContent)).observe(status, {childList: true});
}"""

FRAMES = """() => {
  window.frames_seen = 0;
  new MutationObserver(() => { window.frames_seen += 1; }).observe(
    document.querySelector('#live-speed'), {childList: true});
}"""


def wait_for_frames(page: Page, count: int) -> None:
    page.evaluate("window.frames_seen = 0")
    page.wait_for_function("(count) => window.frames_seen >= count", arg=count)


def test_live_classifies_without_a_press_until_a_photo_is_taken_and_afterwards(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    page.add_init_script(WATCHED)
    open_camera(page, trees_server.url)
    page.evaluate(FRAMES)
    page.evaluate(LISTEN)
    live = page.get_by_role("switch", name="Live")
    live.focus()
    page.keyboard.press("Space")
    rows = page.locator("#results li")
    expect(rows).to_have_count(5)
    best = rows.first.get_attribute("data-class-name") or ""
    expect_state(page, "ready")
    page.evaluate("document.querySelector('#results li').marked = true")
    wait_for_frames(page, 3)
    # A still picture gives the same answer: the rows stay, and nothing new is read out.
    assert page.evaluate("document.querySelector('#results li').marked")
    assert page.evaluate("told") in (
        ["Live: point the camera at something", f"Most likely: {best}"],
        ["Live: point the camera at something", "Not sure what this is"],
    )
    assert page.evaluate("locks") == 1
    page.get_by_role("button", name="Show speed").click()
    expect(page.locator("#live-speed")).to_contain_text("per second")
    trigger(page, "Take photo")
    expect_state(page, "result")
    expect(live).to_be_hidden()
    page.wait_for_function("locks === 0")
    trigger(page, "Back to camera")
    expect(live).to_be_checked()
    wait_for_frames(page, 1)
    expect(rows).to_have_count(5)
    live.uncheck()
    expect(rows).to_have_count(0)
    expect(page.locator("#hint")).to_be_visible()


def test_who_only_looks_live_gets_the_fastest_way_to_run_the_model_too(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    page.evaluate(FRAMES)
    page.get_by_role("switch", name="Live").check()
    wait_until(
        page, lambda: bool(page.evaluate("localStorage.getItem('classifier-pwa|/|backend-choice')"))
    )
    # It goes on afterwards.
    wait_for_frames(page, 2)
    expect(page.locator("#results li")).to_have_count(5)


def test_live_rests_while_the_page_is_hidden(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    page.add_init_script(WATCHED)
    open_camera(page, trees_server.url)
    page.evaluate(FRAMES)
    page.get_by_role("switch", name="Live").check()
    wait_for_frames(page, 1)
    page.evaluate(SET_HIDDEN, True)
    page.wait_for_function("locks === 0")
    page.evaluate("window.frames_seen = 0")
    page.wait_for_timeout(500)
    assert page.evaluate("frames_seen") == 0
    expect(page.locator("#results li")).to_have_count(0)
    page.evaluate(SET_HIDDEN, False)
    wait_for_frames(page, 1)
    expect(page.get_by_role("switch", name="Live")).to_be_checked()


def test_what_was_seen_stays_while_the_picture_is_scrolled_out_of_view(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    """The camera rests then; who reads the answers in large letters scrolls to them."""
    page = camera_page
    open_camera(page, trees_server.url)
    page.evaluate(FRAMES)
    page.get_by_role("switch", name="Live").check()
    rows = page.locator("#results li")
    expect(rows).to_have_count(5)
    page.evaluate("document.querySelector('.findings').style.paddingBottom = '200vh'")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("() => document.querySelector('#camera').srcObject === null")
    expect(rows).to_have_count(5)
    expect(page.get_by_role("button", name="Show speed")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    wait_for_frames(page, 2)
    expect(rows).to_have_count(5)
