"""What the classifier does on an open page: latency, throughput, memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from builder.bench.host import bench_server
from builder.bench.memory import renderer_memory
from builder.bench.photos import as_text
from builder.site.backends import read_backends

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SECONDS_A_BACKEND = 15

_IMPORT = """
async ([app, photos]) => {
  const { Classifier } = await import(new URL(app + 'classifier.js', document.baseURI));
  const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const blobs = photos.map((text) => new Blob([decode(text)], { type: 'image/jpeg' }));
  const root = new URL('./', location.href);
  Object.assign(globalThis, { Classifier, blobs, root });
  return { cores: navigator.hardwareConcurrency, isolated: crossOriginIsolated };
}
"""
_LATENCY = """
async ({ backend, count, warmUp, seconds }) => {
  let classifier;
  try {
    classifier = await Classifier.load(root, { backend });
  } catch (error) {
    if (error.code === 'no-backend') return null;
    throw error;
  }
  try {
    const timings = [];
    const until = performance.now() + 1000 * seconds;
    for (let i = 0; i < warmUp + count; i++) {
      const started = performance.now();
      const answer = await classifier.classify(blobs[i % blobs.length]);
      timings.push({ ...answer.timings, total: performance.now() - started });
      if (performance.now() > until && timings.length > 2) break;
    }
    return timings.slice(timings.length > warmUp ? warmUp : timings.length >> 1);
  } finally {
    await classifier.dispose();
  }
}
"""
_POOL = """
async ({ workers, backend }) => {
  globalThis.pool = await Classifier.loadPool(root, { backend, workers });
  return pool.size();
}
"""
_BATCH = """
async ({ first, end }) => {
  const photos = function* () {
    for (let i = first; i < end; i++) yield blobs[i % blobs.length];
  };
  const started = performance.now();
  for await (const { error } of pool.classifyAll(photos())) if (error) throw error;
  return performance.now() - started;
}
"""
_MEMORY = """
async () => {
  const { numTensors } = await pool.memory();
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return { tensors: numTensors, scripts: bytes };
}
"""


@dataclass(frozen=True)
class Latency:
    """How long answers take on one backend, milliseconds by step: (median, 95th percentile)."""

    backend: str
    """The backend's name in TensorFlow.js."""
    threads: int
    """Number of threads that compute."""
    steps: dict[str, tuple[float, float]]
    """"decode", "preprocess", "inference", and "total" with the way to the worker and back."""
    answers: int
    """How many were timed, after a warm-up."""


@dataclass(frozen=True)
class Memory:
    """What a page holds at one moment."""

    photos: int
    """Photos that were classified before."""
    tensors: int
    """Tensors of TensorFlow.js, in all workers."""
    scripts: int
    """Bytes that belong to JavaScript in page and workers, by the browser's own account."""
    process: int | None
    """Bytes of the renderer's process, with WebAssembly's; None where the system does not report
    it."""


@dataclass(frozen=True)
class Batch:
    """Many photos in a row through a pool of workers."""

    workers: int
    """Number of workers that answered."""
    photos: int
    """How many photos there were."""
    rate: float
    """Photos a second, after a warm-up."""
    memories: tuple[Memory, ...]
    """After a tenth of the photos, and after all of them."""


class OpenPage:
    """An open page of a site that has nothing but the classifier in it."""

    def __init__(self, browser: "Browser", page: "Page", cores: int) -> None:
        """Take over an opened page; `open_page` opens one."""
        self._browser = browser
        self._page = page
        self.cores = cores
        """Number of logical processors that the browser reports."""

    def latency(self, backend: str, threads: int, count: int, warm_up: int) -> Latency | None:
        """Time `count` answers on a backend; None where browser or site do not have it."""
        found = self.timings(backend, threads, count, warm_up)
        if found is None:
            return None
        steps = {step: summarized([timing[step] for timing in found]) for step in found[0]}
        return Latency(backend, threads, steps, len(found))

    def timings(
        self, backend: str, threads: int, count: int, warm_up: int
    ) -> list[dict[str, float]] | None:
        """Return the milliseconds of each step of each answer, or None as `latency` does."""
        found: list[dict[str, float]] | None = self._page.evaluate(
            _LATENCY,
            {
                # The classifier's own name for a number of threads.
                "backend": backend if threads == 1 else f"{backend}:{threads}",
                "count": count,
                "warmUp": warm_up,
                "seconds": _SECONDS_A_BACKEND,
            },
        )
        return found

    def batch(self, workers: int, count: int) -> Batch:
        """Answer `count` photos through a pool of workers, a tenth of them as a warm-up.

        It runs on the backend that the app tries first.
        """
        backend = read_backends()[0].name
        size = self._page.evaluate(_POOL, {"workers": workers, "backend": backend})
        try:
            warm = max(1, count // 10)
            self._page.evaluate(_BATCH, {"first": 0, "end": warm})
            before = self._memory(warm)
            time = self._page.evaluate(_BATCH, {"first": warm, "end": count})
            after = self._memory(count)
        finally:
            self._page.evaluate("() => pool.dispose()")
        return Batch(size, count, round(1000 * (count - warm) / time, 2), (before, after))

    def _memory(self, photos: int) -> Memory:
        measured = self._page.evaluate(_MEMORY)
        process = renderer_memory(self._browser)
        return Memory(photos, measured["tensors"], measured["scripts"], process)


@contextmanager
def open_page(
    browser: "Browser", site: Path, app: str, photos: Sequence[bytes]
) -> Iterator[OpenPage]:
    """Open a page of the site, cross-origin isolated as threads need it.

    `app` is the folder of the page's modules. Raises Playwright's `Error`.
    """
    with bench_server(site, isolated=True) as (server, _):
        context = browser.new_context()
        try:
            page = context.new_page()
            page.goto(f"{server.url}404.html")
            measured = page.evaluate(_IMPORT, [app, [as_text(photo) for photo in photos]])
            yield OpenPage(browser, page, measured["cores"])
        finally:
            context.close()


def summarized(values: Sequence[float]) -> tuple[float, float]:
    """Return median and 95th percentile."""
    if len(values) == 1:
        return round(values[0], 2), round(values[0], 2)
    return round(median(values), 2), round(quantiles(values, n=20, method="inclusive")[-1], 2)
