"""The measurement of a site as a table of contents, and its result."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.bench.inference import Batch, Latency, OpenPage, open_page
from builder.bench.photos import CAMERA_SIZE, made_up_photo, made_up_photos
from builder.bench.profiles import NetworkProfile
from builder.bench.visits import Visit, cold_starts
from builder.errors import BrowserError
from builder.extras import require_package
from builder.site.backends import read_backends
from builder.site.built import read_site
from builder.typed_json import camel_case, to_json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ShowLine = Callable[[str], None]

BROWSER_ARGS = (
    # Makes the browser measure a page's memory at once: it would otherwise wait up to a minute.
    "--enable-blink-features=ForceEagerMeasureMemory",
)
_WARM_UP = 30
"""Answers of the warm-up, which are not timed: V8 compiles WebAssembly anew after some 25 runs."""


@dataclass(frozen=True)
class Options:
    """What to measure."""

    profiles: tuple[NetworkProfile, ...]
    """Networks for the cold start."""
    rounds: int
    """How often each cold start and each batch is measured, in turn."""
    backends: tuple[str, ...]
    """Names of the backends to time."""
    answers: int
    """Answers timed on each backend."""
    photos: int
    """Photos in a batch."""


@dataclass(frozen=True)
class Report:
    """What was measured."""

    site: dict[str, Any]
    """Title, model and versions, of site.json."""
    machine: dict[str, Any]
    """System, cores and browser."""
    visits: tuple[Visit, ...]
    """Every visit, in the order in which they were made."""
    latencies: tuple[Latency, ...]
    """By backend and number of threads."""
    camera: Latency | None
    """The same for photos of 12 megapixels, on the first backend."""
    batches: tuple[Batch, ...]
    """By number of workers, the median of the rounds."""

    def as_json(self) -> dict[str, Any]:
        """Return all of it for `--json`."""
        return asdict(self)


def bench_site(site: Path, options: Options, say: ShowLine) -> Report:
    """Measure a built site in a headless browser.

    Raises BrowserError where no browser is found, the folder is not a built site, or the site
    fails, and MissingPackageError where Playwright is not installed.
    """
    require_package("playwright", "bench")
    from playwright.sync_api import Error, sync_playwright

    from builder.browser.launch import launch_browser

    description = read_site(site)
    photos = made_up_photos()
    try:
        with (
            sync_playwright() as playwright,
            launch_browser(playwright, args=BROWSER_ARGS) as browser,
        ):
            say("Opening the site as a new visitor and as one who returns")
            visits = [
                found
                for _ in range(options.rounds)
                for profile in options.profiles
                for found in cold_starts(playwright, site, photos[0], profile)
            ]
            with open_page(browser, site, description.app, photos) as page:
                say("Timing answers on each backend")
                latencies = _latencies(page, options)
            # A new page: to measure the memory of the first one, the browser would wait a minute
            # for threads of workers that have ended.
            with open_page(browser, site, description.app, photos) as page:
                say(f"Classifying {options.photos} photos in a row")
                batches = _batches(page, options)
            say("Timing photos of 12 megapixels")
            camera = _camera(browser, site, description.app, latencies, options)
            measured_on = machine(browser)
    except Error as error:
        raise BrowserError(f"The site {site} failed in the browser: {error.message}") from error
    shown = ("title", "version", "model_info", "tools")
    described = {camel_case(name): to_json(getattr(description, name)) for name in shown}
    return Report(described, measured_on, tuple(visits), latencies, camera, batches)


def _latencies(page: OpenPage, options: Options) -> tuple[Latency, ...]:
    in_threads = {backend.name for backend in read_backends() if backend.has_threads}
    wanted = [
        (backend, threads)
        for backend in options.backends
        for threads in sorted({1, page.cores} if backend in in_threads else {1})
    ]
    warm_up = min(_WARM_UP, options.answers)
    found = [page.latency(*one, options.answers, warm_up) for one in wanted]
    return tuple(latency for latency in found if latency)


def _batches(page: OpenPage, options: Options) -> tuple[Batch, ...]:
    """Return the median batch by number of workers; the rounds take turns."""
    sizes = sorted({1, page.cores})
    rounds = [[page.batch(size, options.photos) for size in sizes] for _ in range(options.rounds)]
    return tuple(_median_batch([one[i] for one in rounds]) for i in range(len(sizes)))


def _median_batch(batches: Sequence[Batch]) -> Batch:
    return sorted(batches, key=lambda batch: batch.rate)[(len(batches) - 1) // 2]


def _camera(
    browser: "Browser", site: Path, app: str, latencies: Sequence[Latency], options: Options
) -> Latency | None:
    if not latencies:
        return None
    fastest = min(latencies, key=lambda latency: latency.steps["total"][0])
    photo = made_up_photo(*CAMERA_SIZE, seed=0)
    with open_page(browser, site, app, [photo]) as page:
        return page.latency(fastest.backend, fastest.threads, min(options.answers, 10), 2)


def machine(browser: "Browser") -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "browser": f"Chromium {browser.version}",
    }


def _processor() -> str:
    """Return the processor's name where the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
