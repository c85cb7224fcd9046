"""What can be set on the camera: lens, light and zoom, and the way to allow it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from builder.browser.launch import launch_browser
from builder.hosting.server import PreviewServer
from tests.e2e.conftest import camera_flags
from tests.e2e.test_camera import NO_CAMERA, open_camera
from tests.e2e.visiting import WAIT_MS

# Chromium's fake cameras have neither.
LIGHT_AND_ZOOM = """
const getCapabilities = MediaStreamTrack.prototype.getCapabilities;
MediaStreamTrack.prototype.getCapabilities = function () {
  return {...getCapabilities.call(this), torch: true, zoom: {min: 100, max: 400, step: 1}};
};
window.applied = [];
MediaStreamTrack.prototype.applyConstraints = async ({advanced}) => {
  window.applied.push(JSON.stringify(advanced));
  if (window.broken) throw new DOMException('', 'OverconstrainedError');
};
"""

DEVICE = "document.querySelector('#camera').srcObject?.getVideoTracks()[0].getSettings().deviceId"


@pytest.fixture(scope="module")
def two_cameras(playwright: Playwright) -> Iterator[Browser]:
    """Return a Chromium with two cameras."""
    with launch_browser(playwright, args=camera_flags(devices=2)) as browser:
        yield browser


@pytest.fixture
def phone(two_cameras: Browser) -> Iterator[Page]:
    """Return a page on a touch screen."""
    context = two_cameras.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def test_a_lens_is_chosen_by_its_name_and_remembered(
    phone: Page, trees_server: PreviewServer
) -> None:
    open_camera(phone, trees_server.url)
    lens = phone.get_by_role("combobox", name="Camera")
    first, second = lens.locator("option").all()
    assert first.inner_text().startswith("fake_device_0")
    assert second.inner_text().startswith("fake_device_1")
    wanted = second.get_attribute("value")
    lens.focus()
    lens.select_option(wanted)
    phone.wait_for_function(f"(id) => {DEVICE} === id", arg=wanted)
    expect(lens).to_be_focused()
    open_camera(phone, trees_server.url)
    assert phone.evaluate(DEVICE) == wanted
    expect(phone.get_by_role("combobox", name="Camera")).to_have_value(wanted or "")


def test_zoom_and_light_are_set_on_the_camera_that_has_them(
    phone: Page, trees_server: PreviewServer
) -> None:
    phone.add_init_script(LIGHT_AND_ZOOM)
    open_camera(phone, trees_server.url)
    zoom = phone.get_by_role("slider", name="Zoom")
    expect(phone.locator("#zoom-text")).to_have_text("1.0×")
    zoom.fill("400")
    expect(phone.locator("#zoom-text")).to_have_text("4.0×")
    assert phone.evaluate("applied.at(-1)") == '[{"zoom":400}]'
    light = phone.get_by_role("switch", name="Light")
    light.focus()
    phone.keyboard.press("Space")
    expect(light).to_be_checked()
    assert phone.evaluate("applied.at(-1)") == '[{"torch":true}]'
    light.uncheck()
    assert phone.evaluate("applied.at(-1)") == '[{"torch":false}]'
    phone.evaluate("window.broken = true")
    light.click()
    expect(light).not_to_be_checked()


def test_a_camera_that_was_denied_tells_how_to_allow_it_here(
    phone: Page, trees_server: PreviewServer
) -> None:
    phone.add_init_script(f"({NO_CAMERA})('NotAllowedError')")
    phone.goto(trees_server.url)
    notice = phone.locator("#camera-notice")
    expect(notice).to_contain_text("Click the icon beside the address, allow the camera")
    expect(notice).to_contain_text("choose a photo")
    expect(phone.get_by_role("switch", name="Live")).to_be_hidden()
