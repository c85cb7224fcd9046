"""The small model's site answers on WebGPU, which Chromium has in software, as on WebAssembly."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright

from builder.browser.launch import SOFTWARE_WEBGPU, launch_browser
from builder.hosting.server import PreviewServer
from builder.site.built import read_site
from tests.e2e.visiting import WAIT_MS
from tests.models import CLASSES

CLASSIFY = """
async ([module, base, backend, photo, count]) => {
  const { Classifier } = await import(module);
  const classifier = await Classifier.load(base, { backend });
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const { predictions } = await classifier.classify(new Blob([bytes]), { topK: count });
  const embedding = Array.from(await classifier.embed(new Blob([bytes])));
  const row = new Array(count).fill(0);
  for (const { classIndex, probability } of predictions) row[classIndex] = probability;
  const used = classifier.backend;
  await classifier.dispose();
  return { row, embedding, used };
}
"""


@pytest.fixture(scope="module")
def gpu_browser(playwright: Playwright) -> Iterator[Browser]:
    with launch_browser(playwright, args=[SOFTWARE_WEBGPU]) as it:
        yield it


def test_webgpu_answers_as_webassembly_does(
    gpu_browser: Browser, trees_site: Path, trees_server: PreviewServer, photo: Path
) -> None:
    page = gpu_browser.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{trees_server.url}404.html")
    module = f"{trees_server.url}{read_site(trees_site).app}classifier.js"
    content = base64.b64encode(photo.read_bytes()).decode()

    def asked(backend: str) -> dict[str, Any]:
        given = [module, trees_server.url, backend, content, len(CLASSES)]
        return dict(page.evaluate(CLASSIFY, given))

    expected, found = asked("wasm"), asked("webgpu")
    assert (expected["used"], found["used"]) == ("wasm", "webgpu")
    np.testing.assert_allclose(found["row"], expected["row"], atol=1e-4)
    np.testing.assert_allclose(found["embedding"], expected["embedding"], rtol=1e-3, atol=1e-3)
