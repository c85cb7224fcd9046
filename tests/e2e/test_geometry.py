"""Photos stretched, padded or resized as by a canvas: the page and the Python reference."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from builder.model.emitted import EmittedModel
from builder.model.images.photos import decode_photo, prepare
from builder.model.metadata import Preprocessing
from builder.model.pipeline import PreparedModel
from tests.e2e.impatient import model_files
from tests.e2e.test_page import expect_state, upload

WAYS = {
    "stretch": Preprocessing(96, 96, crop_fraction=1.0, fit="stretch"),
    "pad": Preprocessing(96, 96, crop_fraction=1.0, fit="pad"),
    "canvas": Preprocessing(96, 96, crop_fraction=1.0, resampling="canvas"),
    "half": Preprocessing(96, 96, crop_fraction=0.5),
}


@pytest.fixture(scope="module")
def site_of(trees_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that builds the small model's site with another geometry."""

    def build(way: str) -> Path:
        files = model_files(trees_site)
        metadata = json.loads(files["metadata.json"])
        wanted = WAYS[way]
        metadata["preprocessing"].update(
            resize=[wanted.resize_height, wanted.resize_width],
            cropFraction=wanted.crop_fraction,
            fit=wanted.fit,
            resampling=wanted.resampling,
        )
        files["metadata.json"] = json.dumps(metadata).encode()
        output = tmp_path_factory.mktemp(way) / "dist"
        build_site(SiteConfig(output=output), prepare=lambda *_: PreparedModel(files))
        return output

    return build


def photo(width: int, height: int) -> bytes:
    coarse = np.random.default_rng(width).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


CLASSIFY = """
async (photos) => {
  const site = await (await fetch('site.json')).json();
  const { Classifier } = await import(new URL(site.app + 'classifier.js', location.href));
  const classifier = await Classifier.load(location.href);
  const answers = [];
  for (const photo of photos) {
    const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
    const { predictions } = await classifier.classify(new Blob([bytes]), { topK: 10 });
    const row = new Array(10);
    for (const { classIndex, probability } of predictions) row[classIndex] = probability;
    answers.push(row);
  }
  return answers;
}
"""


@pytest.mark.parametrize("way", WAYS)
def test_each_geometry_answers_as_the_reference(
    way: str, page: Page, site_of: Callable[[str], Path]
) -> None:
    site = site_of(way)
    photos = [photo(*size) for size in [(300, 200), (121, 333), (40, 30), (700, 61), (96, 96)]]
    with preview_server(site) as server:
        page.goto(f"{server.url}404.html")
        encoded = [base64.b64encode(content).decode() for content in photos]
        answers = page.evaluate(CLASSIFY, encoded)
    prepared = np.stack([prepare(decode_photo(content), WAYS[way]) for content in photos])
    expected = EmittedModel(model_files(site)).predict(prepared)
    np.testing.assert_allclose(answers, expected, atol=1e-4)
    usual = replace(WAYS[way], crop_fraction=0.875, fit="crop", resampling="antialias")
    others = np.stack([prepare(decode_photo(content), usual) for content in photos])
    assert np.abs(EmittedModel(model_files(site)).predict(others) - expected).max() > 0.01


@pytest.mark.parametrize("way", ["stretch", "pad"])
def test_the_frame_and_the_heat_map_lie_over_the_whole_photo(
    way: str, page: Page, site_of: Callable[[str], Path]
) -> None:
    with preview_server(site_of(way)) as server:
        page.goto(server.url)
        expect_state(page, "ready")
        page.set_input_files("#photo-input", upload(photo(300, 100)))
        expect_state(page, "result")
        page.locator("button.where").first.click()
        expect(page.locator("#heat")).to_be_visible()
        view = page.locator("#viewfinder").bounding_box()
        for part in ("#crop", "#heat"):
            box = page.locator(part).bounding_box()
            assert view is not None
            assert box is not None
            width = min(view["width"], 3 * view["height"])
            assert box["width"] == pytest.approx(width, abs=2)
            assert box["height"] == pytest.approx(width / 3, abs=2)
