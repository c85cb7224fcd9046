"""Measures what many large photos leave in a browser's memory: they should leave nothing.

    python -m scripts.measure_batch dist --photos 1000 --at 100 --at 1000

Photos of 12 megapixels are handed to the table of many photos in headless Chromium. At each given
number of photos done, without a pause of the work: the page's JavaScript heap after a collection of
garbage, TensorFlow.js's tensors in all workers, and what the renderers hold as the system sees it.
One JSON object a line, on stdout.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from builder.bench.memory import renderer_memory
from builder.bench.photos import CAMERA_SIZE, made_up_photo
from builder.browser.launch import launch_browser
from builder.hosting.server import preview_server

DISTINCT = 8
"""Number of different photos that are made; the others are the same files under other names."""

REMEMBER_WORKERS = """
window.workersMade = [];
window.Worker = class extends Worker {
  constructor(...options) {
    super(...options);
    window.workersMade.push(this);
  }
};
"""

# The page's own protocol (classifier/rpc.js), with a call number that the page never uses.
COUNT_TENSORS = """async () => {
  const ask = (worker) => new Promise((resolve) => {
    const answered = ({ data }) => {
      if (data.id !== -1) return;
      worker.removeEventListener('message', answered);
      resolve(data.result?.value.numTensors ?? 0);
    };
    worker.addEventListener('message', answered);
    // A worker that has ended never answers.
    setTimeout(resolve, 30_000, 0);
    worker.postMessage({ id: -1, method: 'memory', args: [] });
  });
  const counts = await Promise.all(window.workersMade.map(ask));
  return counts.reduce((sum, count) => sum + count, 0);
}"""

DONE = "document.querySelector('#many-bar').value"


@dataclass(frozen=True)
class Moment:
    """What the browser held after a number of photos."""

    photos: int
    """Photos done, or a few more: the work goes on while it is measured."""
    seconds: float
    """Since the photos were handed over."""
    heap: int
    """The page's JavaScript heap, bytes."""
    tensors: int
    """In all workers."""
    memory: int | None
    """What renderers hold, bytes; None where the system does not report it."""


def measure(page: Page, photos: Sequence[Path], moments: Sequence[int]) -> Iterator[Moment]:
    """Hand photos to the table of an opened page and yield what it holds, at each number of them.

    The page must have been given `REMEMBER_WORKERS` before it was opened.
    """
    browser = page.context.browser
    assert browser is not None
    session = page.context.new_cdp_session(page)
    page.locator("#open-many").click()
    page.locator("#many-title:focus").wait_for()
    started = time.monotonic()
    page.set_input_files("#many-photos-input", photos)
    page.locator("#many-status:not(:empty)").wait_for()
    for moment in moments:
        while page.evaluate(DONE) * len(photos) < moment - 0.5:
            page.wait_for_timeout(100)
        seconds = time.monotonic() - started
        tensors = page.evaluate(COUNT_TENSORS)
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        yield Moment(moment, round(seconds, 1), int(heap), tensors, renderer_memory(browser))


def camera_photos(folder: Path, count: int, size: tuple[int, int] = CAMERA_SIZE) -> list[Path]:
    """Write photos as a camera makes them, and return their paths."""
    paths = [folder / f"{number:04}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        if number < DISTINCT:
            path.write_bytes(made_up_photo(*size, seed=number))
        else:
            path.hardlink_to(paths[number % DISTINCT])
    return paths


def main() -> None:
    """Measure, and print a line at each moment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path, help="a built site")
    parser.add_argument("--photos", type=int, default=1000, help="how many")
    parser.add_argument("--at", type=int, action="append", help="photos done (100 and all of them)")
    options = parser.parse_args()
    moments = sorted(options.at or {min(100, options.photos), options.photos})
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        preview_server(options.dist) as server,
        launch_browser(playwright) as browser,
    ):
        photos = camera_photos(Path(folder), options.photos)
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.add_init_script(REMEMBER_WORKERS)
        page.goto(server.url)
        page.wait_for_selector("html[data-state=ready]")
        for moment in measure(page, photos, moments):
            sys.stdout.write(json.dumps(asdict(moment)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
