"""Built sites, a preview server and a browser for the end-to-end tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from builder.browser import launch_browser
from builder.build import build_site
from builder.config import SiteConfig
from builder.serve import PreviewServer, preview_server
from tests.models import save_lively_mobilenet


@pytest.fixture(scope="session")
def trees_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return paths of a small random-weight model of ten classes and of its labels."""
    return save_lively_mobilenet(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def trees_site(trees_model: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dist/ built from the small random-weight model; tests must not change it."""
    model, labels = trees_model
    output = tmp_path_factory.mktemp("trees") / "dist"
    build_site(SiteConfig(model=str(model), labels=labels, title="Trees", output=output))
    return output


@pytest.fixture(scope="session")
def imagenet_site(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function from a quantization to a dist/ with the real ImageNet weights."""
    built: dict[str, Path] = {}

    def site(quantize: str) -> Path:
        if quantize not in built:
            output = tmp_path_factory.mktemp(f"imagenet-{quantize}") / "dist"
            config = SiteConfig(
                model="mobilenet",
                alpha=0.25,
                weights=str(shared / "weights" / "mobilenet_2_5_224_tf.h5"),
                quantize=quantize,
                output=output,
            )
            build_site(config)
            built[quantize] = output
        return built[quantize]

    return site


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return the running Playwright driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return a headless Chromium without a camera."""
    with launch_browser(playwright) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page in a browser profile of its own, at a phone's size."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def trees_server(trees_site: Path) -> Iterator[PreviewServer]:
    """Serve the small model's site on loopback."""
    with preview_server(trees_site) as server:
        yield server
