"""Cold start: from navigation to the first answer, and when each phase on the way ended."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from builder.bench.host import BenchApp, bench_server
from builder.bench.photos import as_text
from builder.bench.profiles import UNTHROTTLED, NetworkProfile
from builder.bench.throttle import Throttle
from builder.browser.launch import launch_profile

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright, Request

PATIENCE = 300_000
"""Milliseconds after which a visit has failed."""

REST = 1000
"""Milliseconds for which a browser that has just started is left alone."""

OFFLINE = NetworkProfile("offline", 0, 0, 0)
"""Stands for a host that is switched off."""

# Gives the page a photo as soon as it can take one, and notes when its state changes.
_WATCH = """
(() => {
  const bytes = Uint8Array.from(atob(%s), (letter) => letter.charCodeAt(0));
  const seen = {};
  Object.defineProperty(globalThis, 'benchSeen', { value: seen });
  document.addEventListener('DOMContentLoaded', () => {
    const root = document.documentElement;
    const give = () => {
      const input = document.getElementById('photo-input');
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
      input.files = data.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    };
    new MutationObserver(() => {
      const { state } = root.dataset;
      seen[state] ??= performance.now();
      if (state === 'ready') give();
    }).observe(root, { attributes: true, attributeFilter: ['data-state'] });
    give();
  });
})();
"""
_READ = """() => ({
  origin: performance.timeOrigin,
  seen: benchSeen,
  marks: performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime]),
})"""


@dataclass(frozen=True)
class Visit:
    """One visit to a site."""

    profile: str
    """Name of the network profile; "offline" with the host switched off."""
    number: int
    """1: the browser knows nothing of the site; 2: it has been there before."""
    answer: float
    """Milliseconds from navigation to the first answer in the page."""
    phases: dict[str, float]
    """Milliseconds from navigation until the last file of each kind was there, and the page's own
    marks."""
    sent: int
    """Bytes of bodies over the wire until the first answer."""


def cold_starts(
    playwright: "Playwright", site: Path, photo: bytes, profile: NetworkProfile
) -> Iterator[Visit]:
    """Visit a site for the first and a second time; unthrottled, also with its host switched off.

    Raises Playwright's `Error` where the site gives no answer, `BrowserError` where there is no
    browser.
    """
    with bench_server(site) as (server, app), rested_profile(playwright) as context:
        visitor = Visitor(context, server.url, app, photo)
        yield visitor.visit(profile, 1)
        yield visitor.visit(profile, 2)
        if profile == UNTHROTTLED:
            server.stop()
            yield visitor.visit(OFFLINE, 2)


@contextmanager
def rested_profile(playwright: "Playwright") -> "Iterator[BrowserContext]":
    """Run a browser that knows no site yet, and has done what it does when it starts."""
    with launch_profile(playwright) as context:
        context.pages[0].wait_for_timeout(REST)
        yield context


@dataclass(frozen=True)
class Visitor:
    """Someone with a browser profile and a photo."""

    context: "BrowserContext"
    """The browser profile."""
    url: str
    """Address of the site."""
    app: BenchApp
    """The site's host."""
    photo: bytes
    """A JPEG."""

    def visit(self, profile: NetworkProfile, number: int) -> Visit:
        """Open the site in a new page, until it has answered and is kept for offline use."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        throttle = Throttle(page, profile)
        page.add_init_script(_WATCH % json.dumps(as_text(self.photo)))
        finished: list[Request] = []
        # Not the list's own method, which Playwright could not mark as its handler.
        page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108
        before = self.app.sent
        page.goto(self.url, wait_until="commit")
        page.wait_for_selector("html[data-state=result]", state="attached")
        sent = self.app.sent - before
        timing = page.evaluate(_READ)
        answer = timing["seen"]["result"]
        phases = phase_ends(finished, timing["origin"], answer)
        phases |= {name: round(at, 1) for name, at in timing["marks"] if at <= answer}
        throttle.lift()
        page.wait_for_selector("html[data-offline=ready]", state="attached")
        page.close()
        return Visit(profile.name, number, round(answer, 1), phases, sent)


def phase_ends(requests: "list[Request]", origin: float, answer: float) -> dict[str, float]:
    """Return when the last file of each kind had come, of those before the answer."""
    ends: dict[str, float] = {}
    for request in requests:
        timing = request.timing
        end = timing["startTime"] + timing["responseEnd"] - origin
        kind = _kind(request.url)
        if kind and timing["responseEnd"] >= 0 and end <= answer:
            ends[kind] = max(ends.get(kind, 0.0), round(end, 1))
    order = ("page", "app", "runtime", "wasm", "model")
    return {kind: ends[kind] for kind in order if kind in ends}


def _kind(url: str) -> str | None:
    if url.endswith(".wasm"):
        return "wasm"
    for folder in ("app", "runtime", "model"):
        if f"/{folder}/" in url:
            return folder
    return "page" if url.endswith("/") else None
