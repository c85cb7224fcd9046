"""Several threads of WebAssembly, where the page is isolated and may share memory among them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_classifier_module import PHOTOS, run, text
from tests.e2e.test_page import answer, expect_state, picture, upload

ISOLATION = (
    "  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n"
)

CLASSIFY = """
const classes = (classifier) => classifier.classify(photo, { topK: 10 });
const photo = blob(argument);
"""


@pytest.fixture
def isolated_server(trees_site: Path, tmp_path: Path) -> Iterator[PreviewServer]:
    """Serve the small model's site with the headers that let it share memory between threads."""
    site = shutil.copytree(trees_site, tmp_path / "dist")
    headers = (site / "_headers").read_text()
    assert headers.startswith("/*\n")
    (site / "_headers").write_text(headers.replace("/*\n", f"/*\n{ISOLATION}", 1))
    with preview_server(site) as server:
        yield server


def probabilities(predictions: list[dict[str, Any]]) -> list[float]:
    """Return the probabilities by class."""
    return [item["probability"] for item in sorted(predictions, key=lambda p: p["classIndex"])]


def test_two_threads_answer_as_one_does_under_the_sites_own_policy(
    page: Page, isolated_server: PreviewServer
) -> None:
    page.goto(f"{isolated_server.url}404.html")
    one, two, threads = run(
        page,
        f"""{CLASSIFY}
        const one = await Classifier.load(root, {{ backend: 'wasm' }});
        const two = await Classifier.load(root, {{ backend: 'wasm:2' }});
        const answers = [await classes(one), await classes(two)];
        for (let i = 0; i < 20; i++) await two.classify(photo);
        return [...answers.map(({{ predictions }}) => predictions), two.backend];
        """,
        text(PHOTOS["jpeg"]),
    )
    assert threads == "wasm"
    assert probabilities(two) == pytest.approx(probabilities(one), abs=1e-4)
    paths = {path.rsplit("/", 1)[-1] for _, path, _ in isolated_server.requests}
    assert {"wasm-threads.js", "tfjs-backend-wasm-threaded-relaxed-simd.wasm"} <= paths


def test_the_fastest_way_is_found_and_answers_the_same(
    page: Page, isolated_server: PreviewServer
) -> None:
    page.goto(f"{isolated_server.url}404.html")
    variant, before, after = run(
        page,
        f"""{CLASSIFY}
        const classifier = await Classifier.load(root);
        const before = await classes(classifier);
        const variant = await classifier.improve();
        return [variant, before.predictions, (await classes(classifier)).predictions];
        """,
        text(PHOTOS["jpeg"]),
    )
    assert variant.split(":")[0] == "wasm"
    assert probabilities(after) == pytest.approx(probabilities(before), abs=1e-4)


def test_the_second_visit_is_isolated_and_works_offline(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(trees_server.url)
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
    assert page.evaluate("crossOriginIsolated") is False
    trees_server.stop()
    page.reload()
    expect_state(page, "ready")
    assert page.evaluate("crossOriginIsolated") is True
    page.set_input_files("#photo-input", upload(picture(1)))
    assert len(answer(page)) == 5
    held = page.evaluate(
        """async () => {
          const site = JSON.parse(document.querySelector('#site').textContent);
          const url = new URL(`${site.runtime}wasm-threads.js`, document.baseURI);
          return Boolean(await caches.match(url));
        }"""
    )
    assert held
