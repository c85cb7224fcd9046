"""The demo model, which can tell what is unlike all that it has learned, in the page."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from tests.e2e.test_page import RESULTS, expect_state, upload


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dist/ with the demo model."""
    output = tmp_path_factory.mktemp("demo") / "dist"
    return build_site(SiteConfig(model="demo", output=output)).output


def drawn(orange: bool) -> bytes:
    """Return a photo of nothing, or of an orange, which is one of the model's classes."""
    photo = Image.new("RGB", (96, 96), (240, 240, 240) if orange else (128, 128, 128))
    if orange:
        ImageDraw.Draw(photo).ellipse((18, 18, 78, 78), fill=(240, 130, 20))
    out = io.BytesIO()
    photo.save(out, "PNG")
    return out.getvalue()


def test_what_is_unlike_all_it_has_learned_is_said_to_be(page: Page, demo_site: Path) -> None:
    nothing = "None of the 100 things that I have learned"
    with preview_server(demo_site) as server:
        page.goto(server.url)
        expect_state(page, "ready")
        page.set_input_files("#photo-input", upload(drawn(orange=True)))
        expect(page.locator(RESULTS).first).to_have_attribute("data-class-name", "orange")
        expect(page.get_by_text(nothing)).to_have_count(0)
        page.set_input_files("#photo-input", upload(drawn(orange=False)))
        expect(page.get_by_text(nothing).first).to_be_visible()
        expect(page.locator(RESULTS)).to_have_count(5)
