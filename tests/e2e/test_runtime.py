"""The bundled TensorFlow.js runtime by itself: in a module worker, under the site's own policy."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from builder.resources import assets
from builder.serve import PreviewServer, preview_server
from builder.site.headers import CSP

PAGE = '<!doctype html><title>Runtime</title><p id="answer"><script src="page.js"></script>'
PAGE_SCRIPT = """
const policy = trustedTypes.createPolicy('classifier-pwa', { createScriptURL: (url) => url });
const url = policy.createScriptURL(`worker.js${location.search}`);
const worker = new Worker(url, { type: 'module' });
worker.onmessage = ({ data }) => { document.querySelector('#answer').textContent = data; };
"""
WORKER_SCRIPT = """
import { runAll } from './operators.js';
const question = new URLSearchParams(location.search);
const [bundle, backend] = [question.get('bundle'), question.get('backend')];
try {
  const tf = await import(`./runtime/${bundle}/tf.js`);
  const { useModule } = await import(`./runtime/${bundle}/backend-${backend}.js`);
  const binary = new URL('runtime/tfjs-backend-wasm-simd.wasm', location.href);
  useModule?.(await WebAssembly.compileStreaming(fetch(binary)));
  if (!(await tf.setBackend(backend))) throw new Error(`${backend} does not start`);
  const isolated = crossOriginIsolated;
  postMessage(JSON.stringify({ backend: tf.getBackend(), isolated, operators: await runAll(tf) }));
} catch (error) {
  postMessage(JSON.stringify({ error: error.stack }));
}
"""
ISOLATION = """\
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
"""
Ask = Callable[[str, str], dict[str, Any]]


@pytest.fixture(params=[False, True], ids=["plain", "isolated"])
def isolated(request: pytest.FixtureRequest) -> bool:
    """Return whether the page may share memory between threads; it must start none unasked."""
    return bool(request.param)


@pytest.fixture
def runtime_server(isolated: bool, tmp_path: Path) -> Iterator[PreviewServer]:
    """Serve a page that runs each operator in a worker, under the site's policy."""
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "page.js").write_text(PAGE_SCRIPT)
    (tmp_path / "worker.js").write_text(WORKER_SCRIPT)
    shutil.copy(Path(__file__).with_name("operators.js"), tmp_path)
    shutil.copytree(assets() / "runtime", tmp_path / "runtime")
    headers = f"/*\n  Content-Security-Policy: {CSP}\n"
    (tmp_path / "_headers").write_text(headers + (ISOLATION if isolated else ""))
    with preview_server(tmp_path) as server:
        yield server


@pytest.fixture
def ask(runtime_server: PreviewServer, page: Page) -> Ask:
    """Return a function from bundle and backend to what the operators answer."""

    def ask_worker(bundle: str, backend: str) -> dict[str, Any]:
        page.goto(f"{runtime_server.url}?bundle={bundle}&backend={backend}")
        answer = page.locator("#answer")
        expect(answer).not_to_be_empty()
        return dict(json.loads(answer.text_content() or ""))

    return ask_worker


@pytest.mark.parametrize("backend", ["wasm", "cpu", "webgl"])
def test_every_promised_operator_computes_as_in_the_full_runtime(
    ask: Ask, backend: str, isolated: bool
) -> None:
    reference = ask("full", "cpu")
    assert "error" not in reference
    answer = ask("lean", backend)
    assert (answer.get("backend"), answer.get("isolated")) == (backend, isolated), answer
    promised = json.loads((assets() / "runtime/runtime.json").read_text("utf-8"))["operators"]
    assert {*answer["operators"], "Placeholder", "Const"} == set(promised)
    for name, result in answer["operators"].items():
        assert result["shape"] == reference["operators"][name]["shape"], name
        np.testing.assert_allclose(
            result["data"], reference["operators"][name]["data"], rtol=1e-3, atol=1e-3, err_msg=name
        )
