"""What breaks on the way is told in plain words, and the next photo works."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_page import RESULTS, answer, expect_state, picture, ready_page, upload

__all__ = ["ready_page"]

KEEP_WORKERS = """
window.workers = [];
window.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    window.workers.push(this);
  }
};
"""

COUNT_ADDRESSES = """
window.addresses = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  window.addresses.add(address);
  return address;
};
URL.revokeObjectURL = (address) => {
  window.addresses.delete(address);
  revokeObjectURL.call(URL, address);
};
"""


def plain(width: int, height: int) -> bytes:
    """Return a JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (40, 120, 60)).save(out, "JPEG", quality=30)
    return out.getvalue()


def heic() -> bytes:
    """Return what a HEIC file begins with, which is all that a browser without HEIC looks at."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)


def test_a_damaged_model_is_told_and_after_its_repair_the_waiting_photo_is_answered(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    site = shutil.copytree(trees_site, tmp_path / "dist")
    shard = next(site.glob("model/*/*.bin"))
    whole = shard.read_bytes()
    shard.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with preview_server(site) as server:
        page.goto(server.url)
        expect_state(page, "error")
        expect(page.get_by_role("alert")).to_contain_text("damaged")
        page.set_input_files("#photo-input", upload(picture(1)))
        expect(page.get_by_alt_text("The photo you chose")).to_be_visible()
        expect_state(page, "error")
        shard.write_bytes(whole)
        page.get_by_role("button", name="Try again", exact=True).click()
        waited = answer(page)
        expect(page.get_by_role("alert")).to_be_empty()
        page.set_input_files("#photo-input", upload(picture(2)))
        expect(page.locator(RESULTS).first).not_to_have_attribute(
            "data-probability", waited[0][1] or ""
        )
        assert len(answer(page)) == 5


def test_after_the_worker_crashed_the_next_photo_is_answered(
    page: Page, trees_server: PreviewServer
) -> None:
    page.add_init_script(KEEP_WORKERS)
    page.goto(trees_server.url)
    expect_state(page, "ready")
    page.set_input_files("#photo-input", upload(picture(1)))
    before = answer(page)
    page.evaluate("workers[0].dispatchEvent(new ErrorEvent('error', {message: 'out of memory'}))")
    page.set_input_files("#photo-input", upload(picture(2)))
    expect(page.locator(RESULTS).first).not_to_have_attribute(
        "data-probability", before[0][1] or ""
    )
    page.set_input_files("#photo-input", upload(picture(1)))
    expect(page.locator(RESULTS).first).to_have_attribute("data-probability", before[0][1] or "")
    assert answer(page) == before
    assert page.evaluate("workers.length") == 2


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 900), (12_000, 9_000)])
def test_a_photo_of_any_size_is_answered(ready_page: Page, width: int, height: int) -> None:
    ready_page.set_input_files("#photo-input", upload(plain(width, height)))
    assert len(answer(ready_page)) == 5


def test_a_format_that_the_browser_cannot_read_is_named_as_such(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(heic(), "photo.heic", "image/heic"))
    expect_state(ready_page, "error")
    expect(ready_page.get_by_role("alert")).to_contain_text("can’t open this kind of photo")
    expect(ready_page.get_by_text("No picture to show")).to_be_visible()
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    answer(ready_page)
    expect(ready_page.get_by_text("No picture to show")).to_be_hidden()


def test_many_photos_leave_nothing_behind_in_the_page(
    page: Page, trees_server: PreviewServer
) -> None:
    page.add_init_script(COUNT_ADDRESSES)
    page.goto(trees_server.url)
    expect_state(page, "ready")
    nodes = []
    for seed in (1, 2, 3, 1, 2, 3, 1, 2):
        page.set_input_files("#photo-input", upload(picture(seed)))
        answer(page)
        nodes.append(page.locator("*").count())
        assert page.evaluate("addresses.size") == 1
    assert len(set(nodes)) == 1
