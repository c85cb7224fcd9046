"""Built sites, a preview server and a browser for the end-to-end tests."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from builder.browser.launch import find_headless_shell, launch_browser
from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from builder.model.pipeline import PreparedModel
from tests.conftest import Once
from tests.e2e.impatient import Build, impatient_builds, model_files
from tests.e2e.visiting import WAIT_MS, Visitor
from tests.faults import faulty_server
from tests.models import save_lively_mobilenet

RED, BLUE = (200, 30, 30), (30, 30, 200)
"""What the fake camera sees on the left and on the right."""

GERMAN = {
    **{"ash": "Esche", "birch": "Birke", "cedar": "Zeder", "elm": "Ulme", "fir": "Tanne"},
    **{"hazel": "Hasel", "larch": "Lärche", "maple": "Ahorn", "oak": "Eiche", "pine": "Kiefer"},
}
"""The small model's classes, as Germans call them."""

# No test may depend on the machine's speed.
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def trees_model(once: Once) -> tuple[Path, Path]:
    """Return paths of a small random-weight model of ten classes and of its labels."""
    folder = once("model", save_lively_mobilenet)
    return folder / "trees.keras", folder / "trees.txt"


@pytest.fixture(scope="session")
def trees_site(trees_model: tuple[Path, Path], once: Once) -> Path:
    """Return a dist/ built from the small random-weight model; tests must not change it."""
    model, labels = trees_model
    # Bytes with scales of our own: what TensorFlow.js could not read by itself.
    config = SiteConfig(
        model=str(model),
        labels=labels,
        preprocessing="mobilenet",
        quantize="mixed",
        min_agreement=0.0,
        max_divergence=100.0,
    )
    config = replace(config, title="Trees")
    folder = once("trees", lambda folder: build_site(replace(config, output=folder / "dist")))
    return folder / "dist"


@pytest.fixture(scope="session")
def bilingual_site(trees_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small model's site with its classes called in English and German."""
    folder = tmp_path_factory.mktemp("class names")
    labels = folder / "trees.csv"
    lines = [f"{name},{german}" for name, german in GERMAN.items()]
    labels.write_text("\n".join(["en,de", *lines]), encoding="utf-8")
    config = SiteConfig(labels=labels, title="Trees", output=folder / "dist", deny=("oak",))
    build_site(config, prepare=lambda *_: PreparedModel(model_files(trees_site)))
    return config.output


@pytest.fixture(scope="session")
def imagenet_site(shared: Path, once: Once) -> Callable[[str], Path]:
    """Return a function from a quantization to a dist/ with the real ImageNet weights."""

    def site(quantize: str) -> Path:
        config = SiteConfig(
            model="mobilenet",
            alpha=0.25,
            weights=str(shared / "weights" / "mobilenet_2_5_224_tf.h5"),
            quantize=quantize,
        )
        folder = once(
            f"imagenet-{quantize}",
            lambda folder: build_site(replace(config, output=folder / "dist")),
        )
        return folder / "dist"

    return site


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return the running Playwright driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return a headless Chromium without a camera: its shell, where there is one."""
    with launch_browser(playwright, path=find_headless_shell()) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page in a browser profile of its own, at a phone's size."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def trees_server(trees_site: Path) -> Iterator[PreviewServer]:
    """Serve the small model's site on loopback."""
    with preview_server(trees_site) as server:
        yield server


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a photo-like picture: coarse random colours, the same in every run."""
    path = tmp_path_factory.mktemp("photos") / "photo.jpg"
    coarse = np.random.default_rng(1).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(coarse).resize((240, 180), Image.Resampling.BICUBIC).save(path, quality=92)
    return path


@pytest.fixture(scope="session")
def impatient(trees_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds the small model's site with short waits."""
    return impatient_builds(trees_site, tmp_path_factory.mktemp("impatient"))


@pytest.fixture
def visitor(page: Page, impatient: Build, photo: Path) -> Iterator[Visitor]:
    """Return a first-time visitor of the small model's site on a host that fails on order."""
    with faulty_server(impatient("Trees")) as (host, server):
        yield Visitor(page, host, server, photo)


@pytest.fixture(scope="module")
def camera_browser(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Return a Chromium whose one camera sees red on the left and blue on the right."""
    picture = Image.new("RGB", (1280, 960), RED)
    picture.paste(BLUE, (640, 0, 1280, 960))
    frame = io.BytesIO()
    picture.save(frame, "JPEG", subsampling="4:2:0")
    video = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    video.write_bytes(frame.getvalue() * 4)
    with launch_browser(
        playwright, args=camera_flags(f"--use-file-for-fake-video-capture={video}")
    ) as it:
        yield it


def camera_flags(*more: str, devices: int = 1) -> list[str]:
    """Return switches that give Chromium cameras without asking anyone."""
    fake = f"--use-fake-device-for-media-stream=device-count={devices}"
    return ["--use-fake-ui-for-media-stream", fake, *more]


@pytest.fixture
def camera_page(camera_browser: Browser) -> Iterator[Page]:
    """Return an empty page in a profile of its own."""
    context = camera_browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()
