"""The bundled TensorFlow.js runtime by itself: in a module worker, under the site's own policy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.resources import assets
from builder.serve import PreviewServer, preview_server
from builder.site.headers import CSP

PAGE = '<!doctype html><title>Runtime</title><p id="answer"><script src="page.js"></script>'
PAGE_SCRIPT = """
const worker = new Worker(`worker.js${location.search}`, { type: 'module' });
worker.onmessage = ({ data }) => { document.querySelector('#answer').textContent = data; };
"""
WORKER_SCRIPT = """
const backend = location.search.slice(1);
try {
  const tf = await import('./runtime/tf.js');
  const { setWasmPaths } = await import(`./runtime/backend-${backend}.js`);
  setWasmPaths?.(new URL('runtime/', location.href).href);
  await tf.setBackend(backend);
  const x = tf.tensor([1, 2, 3, 4], [1, 2, 2]);
  const attributes = { transposeA: false, transposeB: false };
  const product = tf.engine().runKernel('BatchMatMul', { a: x, b: x }, attributes);
  const numbers = (await product.data()).join(' ');
  postMessage(`${tf.getBackend()}: ${numbers}, isolated: ${crossOriginIsolated}`);
} catch (error) {
  postMessage(`failed: ${error.message ?? error}`);
}
"""
ISOLATION = """\
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
"""


@pytest.fixture(params=[False, True], ids=["plain", "isolated"])
def isolated(request: pytest.FixtureRequest) -> bool:
    """Return whether the page may share memory between threads; it must start none all the same."""
    return bool(request.param)


@pytest.fixture
def runtime_server(isolated: bool, tmp_path: Path) -> Iterator[PreviewServer]:
    """Serve a page that multiplies two matrices in a worker, under the site's policy."""
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "page.js").write_text(PAGE_SCRIPT)
    (tmp_path / "worker.js").write_text(WORKER_SCRIPT)
    shutil.copytree(assets() / "runtime", tmp_path / "runtime")
    headers = f"/*\n  Content-Security-Policy: {CSP}\n"
    (tmp_path / "_headers").write_text(headers + (ISOLATION if isolated else ""))
    with preview_server(tmp_path) as server:
        yield server


@pytest.mark.parametrize("backend", ["wasm", "cpu", "webgl"])
def test_backend_computes_in_a_worker(
    runtime_server: PreviewServer, page: Page, backend: str, isolated: bool
) -> None:
    page.goto(f"{runtime_server.url}?{backend}")
    answer = page.locator("#answer")
    expect(answer).not_to_be_empty()

    assert answer.text_content() == f"{backend}: 7 10 15 22, isolated: {str(isolated).lower()}"
