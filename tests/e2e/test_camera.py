"""The camera path, with Chromium's fake camera showing a picture."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from builder.browser.launch import launch_browser
from builder.hosting.server import PreviewServer
from tests.e2e.conftest import RED, camera_flags
from tests.e2e.visiting import wait_until

FRONT = """
const getSettings = MediaStreamTrack.prototype.getSettings;
MediaStreamTrack.prototype.getSettings = function () {
  return {...getSettings.call(this), facingMode: 'user'};
};
"""

# Chromium runs a fake camera without a page being in front, so the event is all there is to fake.
SET_HIDDEN = """(hidden) => {
  Object.defineProperty(document, 'hidden', {configurable: true, value: hidden});
  document.dispatchEvent(new Event('visibilitychange'));
}"""

NO_CAMERA = """(name) => {
  MediaDevices.prototype.getUserMedia = async () => { throw new DOMException('', name); };
}"""


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-state", state)


def open_camera(page: Page, url: str) -> None:
    """Open the app and wait for model and picture; remember the first stream as `stream`."""
    page.goto(url)
    expect_state(page, "ready")
    page.wait_for_function("() => document.querySelector('#camera').videoWidth > 0")
    page.evaluate("window.stream = document.querySelector('#camera').srcObject")


def trigger(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def frozen_colors(page: Page) -> list[list[int]]:
    """Return the frozen photo's colours at a quarter and three quarters of its width."""
    colors: list[list[int]] = page.evaluate(
        """() => {
          const canvas = document.querySelector('#print canvas');
          const pixels = canvas.getContext('2d');
          return [0.25, 0.75].map((x) => [...pixels.getImageData(
            canvas.width * x, canvas.height / 2, 1, 1).data.slice(0, 3)]);
        }"""
    )
    return colors


def assert_red_then_blue(colors: list[list[int]]) -> None:
    (left_red, _, left_blue), (right_red, _, right_blue) = colors
    assert left_red > 150 > left_blue
    assert right_blue > 150 > right_red


def test_the_trigger_takes_freezes_answers_and_goes_back(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    trigger(page, "Take photo")
    expect_state(page, "result")
    expect(page.locator("#results li")).to_have_count(5)
    expect(page.get_by_role("img", name="The photo you took")).to_be_visible()
    assert_red_then_blue(frozen_colors(page))
    trigger(page, "Back to camera")
    expect_state(page, "ready")
    expect(page.locator("#results li")).to_have_count(0)
    expect(page.locator("#print")).to_be_hidden()
    expect(page.get_by_role("button", name="Take photo")).to_be_visible()


def test_the_photo_s_pixels_are_what_the_model_sees(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    trigger(page, "Take photo")
    expect_state(page, "result")
    taken = page.locator("#results li").first.get_attribute("data-probability") or ""
    # The same pixels once more, as a file, through the picker.
    page.evaluate(
        """async () => {
          const canvas = document.querySelector('#print canvas');
          const blob = await new Promise((resolve) => canvas.toBlob(resolve));
          const transfer = new DataTransfer();
          transfer.items.add(new File([blob], 'same.png', {type: 'image/png'}));
          const input = document.querySelector('#photo-input');
          document.querySelector('#results').replaceChildren();
          input.files = transfer.files;
          input.dispatchEvent(new Event('change'));
        }"""
    )
    expect(page.locator("#results li").first).to_have_attribute("data-probability", taken)


def test_the_photo_leaves_with_an_animation_unless_less_motion_is_wanted(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    print_animations = """() => {
      document.querySelector('#shutter').click();
      return document.querySelector('#print').getAnimations().length;
    }"""
    open_camera(page, trees_server.url)
    trigger(page, "Take photo")
    expect_state(page, "result")
    assert page.evaluate(print_animations) == 1
    expect(page.locator("#print")).to_be_hidden()
    page.emulate_media(reduced_motion="reduce")
    trigger(page, "Take photo")
    expect_state(page, "result")
    assert page.evaluate(print_animations) == 0
    assert page.locator("#print").is_hidden()


def test_the_trigger_works_by_keyboard_and_keeps_the_focus(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "shutter":
            break
    page.keyboard.press("Enter")
    expect_state(page, "result")
    back = page.get_by_role("button", name="Back to camera")
    expect(back).to_be_focused()
    page.keyboard.press("Space")
    expect_state(page, "ready")
    expect(page.get_by_role("button", name="Take photo")).to_be_focused()


def test_the_front_camera_is_mirrored_on_screen_and_not_in_the_photo(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    page.add_init_script(FRONT)
    open_camera(page, trees_server.url)
    transform = "getComputedStyle(document.querySelector('#camera')).transform"
    assert page.evaluate(transform) == "matrix(-1, 0, 0, 1, 0, 0)"
    trigger(page, "Take photo")
    expect_state(page, "result")
    assert_red_then_blue(frozen_colors(page))


def test_a_camera_of_unknown_side_is_not_mirrored(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    open_camera(camera_page, trees_server.url)
    transform = "getComputedStyle(document.querySelector('#camera')).transform"
    assert camera_page.evaluate(transform) == "none"


def test_a_hidden_page_stops_the_camera_and_a_visible_one_starts_it(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    page.evaluate(SET_HIDDEN, True)
    assert page.evaluate("stream.getTracks().every((track) => track.readyState === 'ended')")
    assert page.evaluate("document.querySelector('#camera').srcObject") is None
    page.evaluate(SET_HIDDEN, False)
    page.wait_for_function("() => document.querySelector('#camera').srcObject?.active")
    page.wait_for_function("() => document.querySelector('#camera').readyState >= 2")
    trigger(page, "Take photo")
    expect_state(page, "result")


def test_a_page_that_was_hidden_over_a_frozen_photo_starts_the_camera_on_the_way_back(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    trigger(page, "Take photo")
    expect_state(page, "result")
    page.evaluate(SET_HIDDEN, True)
    page.evaluate(SET_HIDDEN, False)
    expect(page.get_by_role("img", name="The photo you took")).to_be_visible()
    assert page.evaluate("document.querySelector('#camera').srcObject") is None
    trigger(page, "Back to camera")
    page.wait_for_function("() => document.querySelector('#camera').srcObject?.active")
    expect(page.get_by_role("button", name="Take photo")).to_be_visible()


def test_a_lost_camera_is_explained_and_can_be_had_again(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    open_camera(page, trees_server.url)
    page.evaluate("stream.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.get_by_role("heading", name="The camera went away")).to_be_visible()
    expect(page.get_by_role("button", name="Choose a photo")).to_be_visible()
    page.get_by_role("button", name="Try the camera again").click()
    expect(page.get_by_role("button", name="Take photo")).to_be_visible()


@pytest.mark.parametrize(
    ("error", "heading"),
    [
        ("NotAllowedError", "The camera is switched off for this site"),
        ("NotFoundError", "No camera here"),
        ("NotReadableError", "The camera is busy"),
        ("UnknownError", "The camera didn\u2019t start"),
    ],
)
def test_a_camera_that_does_not_start_is_explained_and_photos_work(
    camera_page: Page, trees_server: PreviewServer, tmp_path: Path, error: str, heading: str
) -> None:
    page = camera_page
    page.add_init_script(f"({NO_CAMERA})('{error}')")
    page.goto(trees_server.url)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    photo = tmp_path / "photo.png"
    Image.new("RGB", (300, 200), RED).save(photo)
    page.set_input_files("#photo-input", photo)
    expect_state(page, "result")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 320), (360, 640), (1440, 900)])
def test_the_way_to_try_again_is_in_sight_on_any_screen(
    camera_browser: Browser, trees_server: PreviewServer, width: int, height: int
) -> None:
    context = camera_browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(f"({NO_CAMERA})('NotAllowedError')")
    page.goto(trees_server.url)
    retry = page.get_by_role("button", name="Try the camera again")
    retry.scroll_into_view_if_needed()
    button, frame = retry.bounding_box(), page.locator("#viewfinder").bounding_box()
    assert button is not None
    assert frame is not None
    assert button["y"] + button["height"] <= frame["y"] + frame["height"]
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    context.close()


def test_the_other_camera_is_a_press_away_and_remembered(
    playwright: Playwright, trees_server: PreviewServer
) -> None:
    device = (
        "document.querySelector('#camera').srcObject.getVideoTracks()[0].getSettings().deviceId"
    )
    with launch_browser(playwright, args=camera_flags(devices=2)) as browser:
        page = browser.new_page()
        open_camera(page, trees_server.url)
        first = page.evaluate(device)
        page.get_by_role("button", name="Switch camera").click()
        page.wait_for_function(
            """(first) => {
              const track = document.querySelector('#camera').srcObject?.getVideoTracks()[0];
              return track && track.getSettings().deviceId !== first;
            }""",
            arg=first,
        )
        second = page.evaluate(device)
        assert page.evaluate("Object.keys(localStorage)") == ["classifier-pwa|/|camera"]
        open_camera(page, trees_server.url)
        assert page.evaluate(device) == second


def test_switching_by_keyboard_keeps_the_focus(
    playwright: Playwright, trees_server: PreviewServer
) -> None:
    with launch_browser(playwright, args=camera_flags(devices=2)) as browser:
        page = browser.new_page()
        open_camera(page, trees_server.url)
        switch = page.get_by_role("button", name="Switch camera")
        switch.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "() => document.querySelector('#camera').srcObject?.active"
            " && document.querySelector('#camera').srcObject !== stream"
        )
        expect(switch).to_be_focused()
        expect(switch).to_have_attribute("aria-disabled", "false")


def test_a_double_click_takes_one_photo_and_keeps_it(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    open_camera(camera_page, trees_server.url)
    camera_page.get_by_role("button", name="Take photo").dblclick()
    expect_state(camera_page, "result")
    expect(camera_page.get_by_role("img", name="The photo you took")).to_be_visible()


def test_a_camera_without_a_frame_yet_gives_no_blank_photo(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    open_camera(camera_page, trees_server.url)
    camera_page.evaluate(
        """() => Object.defineProperty(document.querySelector('#camera'), 'readyState',
          {configurable: true, value: HTMLMediaElement.HAVE_METADATA})"""
    )
    trigger(camera_page, "Take photo")
    expect(camera_page.get_by_role("alert")).to_contain_text("hasn\u2019t delivered a picture")
    camera_page.evaluate("() => { delete document.querySelector('#camera').readyState; }")
    trigger(camera_page, "Take photo")
    expect_state(camera_page, "result")
    expect(camera_page.get_by_role("alert")).to_be_empty()


def test_one_camera_needs_no_switch(camera_page: Page, trees_server: PreviewServer) -> None:
    open_camera(camera_page, trees_server.url)
    expect(camera_page.locator("#switch-camera")).to_be_hidden()


RECORD = """
window.tracks = [];
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (...wishes) {
  const stream = await open.apply(this, wishes);
  tracks.push(...stream.getTracks());
  return stream;
};
"""

RUNNING = "() => tracks.filter(({ readyState }) => readyState === 'live').length"

PLUG = "() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"


def end_camera(page: Page) -> None:
    page.evaluate(
        "document.querySelector('#camera').srcObject.getVideoTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )
    expect(page.get_by_role("heading", name="The camera went away")).to_be_visible()


def open_screen(page: Page, link: str, heading: str) -> None:
    page.locator(link).click()
    expect(page.locator(heading)).to_be_focused()


HIDING: dict[str, tuple[Callable[[Page], object], Callable[[Page], object]]] = {
    "history": (
        lambda page: open_screen(page, "#open-history", "#history-title"),
        lambda page: page.locator("#screen-history .screen-back").click(),
    ),
    "many photos": (
        lambda page: open_screen(page, "#open-many", "#many-title"),
        lambda page: page.go_back(),
    ),
    "about": (
        lambda page: page.locator("#open-about").click(),
        lambda page: page.keyboard.press("Escape"),
    ),
    "another tab": (
        lambda page: page.evaluate(SET_HIDDEN, True),
        lambda page: page.evaluate(SET_HIDDEN, False),
    ),
    "scrolled": (
        lambda page: page.evaluate("document.body.style.paddingTop = '300vh'; scrollTo(0, 0)"),
        lambda page: page.evaluate("document.body.style.paddingTop = ''"),
    ),
}


def test_no_camera_runs_while_its_picture_is_out_of_sight(
    camera_page: Page, trees_server: PreviewServer
) -> None:
    page = camera_page
    page.add_init_script(RECORD)
    open_camera(page, trees_server.url)
    for hide, come_back in HIDING.values():
        for lost in (False, True):
            wait_until(page, lambda: page.evaluate(RUNNING) == 1)
            if lost:
                end_camera(page)
            hide(page)
            wait_until(page, lambda: page.evaluate(RUNNING) == 0)
            page.evaluate(PLUG)
            page.wait_for_timeout(100)
            assert page.evaluate(RUNNING) == 0
            come_back(page)
            expect(page.get_by_role("button", name="Take photo")).to_be_visible()


def test_no_camera_runs_behind_a_photo(camera_page: Page, trees_server: PreviewServer) -> None:
    page = camera_page
    page.add_init_script(RECORD)
    open_camera(page, trees_server.url)
    trigger(page, "Take photo")
    expect_state(page, "result")
    assert page.evaluate(RUNNING) == 0
    page.evaluate(PLUG)
    page.evaluate(SET_HIDDEN, True)
    page.evaluate(SET_HIDDEN, False)
    page.wait_for_timeout(300)
    assert page.evaluate(RUNNING) == 0
    trigger(page, "Back to camera")
    # Pressed before the first picture is there: it is taken when it is.
    trigger(page, "Take photo")
    expect_state(page, "result")
    assert page.evaluate("tracks.length") == 2
