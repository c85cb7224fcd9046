"""What the page needs is requested by its HTML, once."""

from collections import Counter
from pathlib import Path

from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.test_page import expect_state
from tests.e2e.visiting import wait_until


def test_model_and_webassembly_are_requested_before_the_app_runs(
    page: Page, trees_site: Path, trees_server: PreviewServer
) -> None:
    binary = next(trees_site.glob("runtime/*/tfjs-backend-wasm-relaxed-simd.wasm"))
    early = [*trees_site.glob("model/*/*"), binary]
    addresses = {f"/{path.relative_to(trees_site).as_posix()}" for path in early}
    page.route("**/*.js", lambda _route: None)
    page.route("**/start.js", lambda route: route.continue_())
    page.goto(trees_server.url, wait_until="commit")
    # Of low priority, so that they may come after the page's load event.
    wait_until(page, lambda: addresses <= {path for _, path, _ in trees_server.requests})


def test_nothing_is_loaded_twice_or_in_vain(page: Page, trees_server: PreviewServer) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(trees_server.url)
    expect_state(page, "ready")
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
    requests = Counter(path for _, path, _ in trees_server.requests)
    # Those with stable names the service worker asks for anew.
    addressed = {path: count for path, count in requests.items() if path.count("/") > 1}
    assert addressed
    assert set(addressed.values()) == {1}
    # Chromium complains of preloaded files that nobody takes.
    assert said == []
