"""Many photos leave nothing behind; scripts/measure_batch.py measures a thousand of them."""

from pathlib import Path

from playwright.sync_api import Browser

from builder.hosting.server import PreviewServer
from scripts.measure_batch import REMEMBER_WORKERS, camera_photos, measure

PHOTOS = 16
DECODED = 4000 * 3000 * 4
"""Bytes of one photo's pixels."""


def test_photos_of_12_megapixels_do_not_stay_in_memory(
    browser: Browser, trees_server: PreviewServer, tmp_path: Path
) -> None:
    context = browser.new_context()
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.add_init_script(REMEMBER_WORKERS)
    page.goto(trees_server.url)
    page.wait_for_selector("html[data-state=ready]")
    photos = camera_photos(tmp_path, PHOTOS)
    early, late = measure(page, photos, [4, PHOTOS])
    context.close()
    assert early.tensors > 0
    assert late.tensors == early.tensors
    # A row with its thumbnail takes some kilobytes.
    assert late.heap - early.heap < 2_000_000
    if early.memory is not None and late.memory is not None:
        assert late.memory - early.memory < (PHOTOS - 4) / 2 * DECODED
