"""A walk through everything that the app can show, for what must hold in each state."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

Photos = Sequence[Path] | Sequence[FilePayload]


def states(page: Page, url: str, photos: Photos) -> Iterator[str]:
    """Yield the name of each state when the page is in it, with a camera and some photos.

    The texts are English; `photos` are three or more.
    """
    html = page.locator("html")
    page.goto(url)
    expect(html).to_have_attribute("data-state", "ready")
    page.wait_for_function("() => document.querySelector('#camera').readyState >= 2")
    expect(html).to_have_attribute("data-offline", "ready")
    yield "camera"
    yield from _live(page)
    page.locator("#shutter").click()
    expect(html).to_have_attribute("data-state", "result")
    yield "taken"
    page.set_input_files("#photo-input", photos[0])
    expect(page.locator("#print img")).to_be_visible()
    expect(html).to_have_attribute("data-state", "result")
    page.locator("button.where").first.click()
    expect(page.locator("#heat")).to_be_visible()
    yield "where"
    yield from _about(page)
    yield from _screens(page, photos)
    yield from _troubles(page)


def _live(page: Page) -> Iterator[str]:
    live = page.get_by_role("switch", name="Live")
    live.check()
    page.get_by_role("button", name="Show speed").click()
    expect(page.locator("#live-speed")).not_to_be_empty()
    page.evaluate("scrollTo(0, 0)")
    yield "live"
    live.uncheck()


def _about(page: Page) -> Iterator[str]:
    """Yield the panel, its question, and what its setting leads to."""
    page.locator("#open-about").click()
    expect(page.locator("#about-stored")).not_to_be_empty()
    yield "about"
    page.locator("#remove-all").scroll_into_view_if_needed()
    yield "about-end"
    page.locator("#remove-all").click()
    yield "remove"
    page.locator("#remove-keep").click()
    page.locator("#sure-from").fill("95")
    page.locator("#sure-from").blur()
    page.locator("#close-about").click()
    expect(page.locator("#results")).to_have_attribute("data-certainty", "probably")
    yield "probably"


def _screens(page: Page, photos: Photos) -> Iterator[str]:
    page.locator("#open-many").click()
    expect(page.locator("#many-title")).to_be_focused()
    yield "many-empty"
    page.set_input_files("#many-photos-input", photos)
    expect(page.locator("#many-status")).to_have_text(f"{len(photos)} photos done")
    _see_pictures(page, "#many-rows")
    yield "many"
    page.locator("#open-history").click()
    yield "history-empty"
    page.locator("#history-on").check()
    page.locator("#screen-history .screen-back").click()
    for photo in photos[1:3]:
        page.set_input_files("#photo-input", photo)
        expect(page.locator("html")).to_have_attribute("data-state", "result")
    page.locator("#open-history").click()
    expect(page.locator("#history-rows li")).to_have_count(2)
    _see_pictures(page, "#history-rows")
    yield "history"
    page.locator("#history-clear").click()
    yield "history-question"
    page.locator("#history-keep").click()
    page.locator("#screen-history .screen-back").click()


def _see_pictures(page: Page, rows: str) -> None:
    """Scroll through the rows, whose pictures come with their coming into view, and back."""
    for row in page.locator(f"{rows} > *").all():
        row.scroll_into_view_if_needed()
        picture = row.locator("img")
        expect(picture).to_be_visible()
        picture.evaluate("(image) => image.decode()")
    page.evaluate("scrollTo(0, 0)")


def _troubles(page: Page) -> Iterator[str]:
    """Yield an unreadable photo, what is offered, a camera lost or denied, and the end."""
    text: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no photo"}
    page.set_input_files("#photo-input", text)
    expect(page.locator("html")).to_have_attribute("data-state", "error")
    yield "error"
    page.evaluate("window.dispatchEvent(new Event('beforeinstallprompt', {cancelable: true}))")
    page.evaluate(
        """() => {
          document.querySelector('#update').hidden = false;
          document.querySelector('#update-text').textContent = 'A new version is ready.';
        }"""
    )
    yield "update"
    page.locator("#dismiss-update").click()
    expect(page.locator("#install-offer")).to_be_visible()
    yield "install"
    page.locator("#dismiss-install").click()
    page.locator("#shutter").click()
    page.wait_for_function("() => document.querySelector('#camera').readyState >= 2")
    page.evaluate(
        "document.querySelector('#camera').srcObject.getVideoTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )
    expect(page.locator("#camera-notice")).to_be_visible()
    yield "no-camera"
    page.evaluate(
        """() => {
          MediaDevices.prototype.getUserMedia = async () => {
            throw new DOMException('', 'NotAllowedError');
          };
        }"""
    )
    page.locator("#retry-camera").click()
    expect(page.locator("#camera-notice")).to_contain_text("switched off for this site")
    yield "denied"
    page.locator("#open-about").click()
    page.locator("#remove-all").click()
    page.locator("#remove").click()
    expect(page.locator("#begin-anew")).to_be_visible()
    yield "removed"
