"""One round of measurements of one model on ours and on every peer, in a real browser."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from builder.bench.host import BenchApp
from builder.bench.inference import open_page
from builder.bench.photos import made_up_photos
from builder.bench.profiles import UNTHROTTLED, NetworkProfile
from builder.bench.visits import OFFLINE, Visitor, rested_profile
from builder.hosting.server import LOOPBACK, PreviewServer
from builder.site.built import read_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

OURS = "classifier-pwa"
THREADS = (1, 2)
VISITED = (OURS, "tfjs", "onnx", "litert", "mediapipe")
"""Pages whose cold start is measured."""
TIMED = ("tfjs", "onnx", "litert", "litert int8", "mediapipe")
"""Peers whose answers are timed on an open page."""
_THREADLESS = {"mediapipe"}

_RUN = """
async ({ pixels, warmUp, count }) => {
  const { run } = await peer;
  const image = Float32Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
  const times = [];
  let answer;
  for (let i = 0; i < warmUp + count; i++) {
    const started = performance.now();
    answer = await run(image);
    times.push(performance.now() - started);
  }
  return { times: times.slice(warmUp), answer: Array.from(answer) };
}
"""
_CLICK = """
async ({ photo, count }) => {
  const { click, tensors } = await peer;
  const image = new Image();
  image.src = `data:image/jpeg;base64,${photo}`;
  await image.decode();
  const before = tensors();
  const times = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await click(image);
    times.push(performance.now() - started);
  }
  return { times: times.slice(1), tensors: (tensors() - before) / count };
}
"""


@dataclass(frozen=True)
class Subject:
    """A model that every engine runs."""

    name: str
    """For the table."""
    site: Path
    """What `classifier-pwa build` made of it."""
    peers: Path
    """What `stage` made of it."""


@contextmanager
def served(folder: Path, *, isolated: bool) -> Iterator[tuple[str, BenchApp]]:
    """Serve a folder on loopback while the context lasts; yield address and host."""
    app = BenchApp(folder, isolated=isolated)
    server = PreviewServer(app, LOOPBACK, 0)
    server.start()
    try:
        yield server.url, app
    finally:
        server.stop()


def latencies(browser: "Browser", subject: Subject, warm_up: int, count: int) -> Iterator[Any]:
    """Yield `(engine, threads, milliseconds)` of answers on an open page, ours first."""
    photos = made_up_photos()
    app = read_site(subject.site).app
    for threads in THREADS:
        with open_page(browser, subject.site, app, photos) as page:
            timings = page.timings("wasm", threads, count, warm_up)
        if timings:
            yield OURS, threads, [timing["inference"] for timing in timings]
            yield f"{OURS}, from file", threads, [timing["total"] for timing in timings]
    with served(subject.peers, isolated=True) as (url, _):
        for threads in THREADS:
            for engine in TIMED:
                if threads == 1 or engine not in _THREADLESS:
                    found = _run(browser, _address(url, engine, threads), warm_up, count)
                    yield engine, threads, found["times"]


def visits(playwright: "Playwright", subject: Subject, profile: NetworkProfile) -> Iterator[Any]:
    """Yield `(page, visit)` of first visits, and of ours with the host switched off."""
    photo = made_up_photos()[0]
    for engine in VISITED:
        folder = subject.site if engine == OURS else subject.peers
        app = BenchApp(folder)
        server = PreviewServer(app, LOOPBACK, 0)
        server.start()
        try:
            url = server.url if engine == OURS else f"{server.url}{engine}/"
            with rested_profile(playwright) as context:
                visitor = Visitor(context, url, app, photo)
                yield engine, visitor.visit(profile, 1)
                if engine == OURS and profile == UNTHROTTLED:
                    server.stop()
                    yield engine, visitor.visit(OFFLINE, 2)
        finally:
            server.stop()


def clicks(browser: "Browser", subject: Subject, count: int) -> tuple[list[float], float]:
    """Return milliseconds of each click that loads the model anew, and tensors left by each."""
    photo = base64.b64encode(made_up_photos()[0]).decode("ascii")
    with served(subject.peers, isolated=True) as (url, _):
        page = browser.new_page()
        page.goto(f"{url}mobilenet/")
        found = page.evaluate(_CLICK, {"photo": photo, "count": count + 1})
        page.close()
    return found["times"], found["tensors"]


def batches(browser: "Browser", subject: Subject, photos: int) -> Iterator[Any]:
    """Yield batches of ours with one worker and with one a core."""
    app = read_site(subject.site).app
    with open_page(browser, subject.site, app, made_up_photos()) as page:
        for workers in sorted({1, page.cores}):
            yield page.batch(workers, photos)


def answers(browser: "Browser", subject: Subject) -> dict[str, NDArray[Any]]:
    """Return every peer's probabilities for one picture, to prove that all run the same weights."""
    found = {}
    with served(subject.peers, isolated=True) as (url, _):
        for engine in ("mobilenet", *TIMED):
            told = _run(browser, _address(url, engine, 1), 0, 1)
            found[engine] = np.array(told["answer"])
    return found


def test_picture() -> NDArray[np.uint8]:
    """Return a picture [224, 224, 3] of coarse patches."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (7, 7, 3), dtype=np.uint8)
    return coarse.repeat(32, axis=0).repeat(32, axis=1)


def _address(url: str, engine: str, threads: int) -> str:
    peer, _, weights = engine.partition(" ")
    return f"{url}{peer}/?threads={threads}&weights={weights}"


def _run(browser: "Browser", address: str, warm_up: int, count: int) -> dict[str, Any]:
    page = browser.new_page()
    page.goto(address)
    pixels = base64.b64encode(test_picture().tobytes()).decode("ascii")
    found = page.evaluate(_RUN, {"pixels": pixels, "warmUp": warm_up, "count": count})
    page.close()
    return dict(found)
