"""The fault matrix: what becomes of a visit when one kind of file fails in one way.

Each cell has a host of its own, on which one kind of file fails until the page has said why or
works all the same; then the host is mended. A cell ends well when the app works, or when it has
said why within its deadlines and works again by itself or by one tap, without asking for ever.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.faults import (
    Fault,
    FaultyHost,
    both,
    corrupt,
    drop,
    header,
    html,
    instead,
    lengthen,
    shorten,
    stall,
    status,
)

Occasion = Literal["first visit", "later visit", "update"]
OCCASIONS: tuple[Occasion, ...] = ("first visit", "later visit", "update")
"""A later visit has lost the file on the device, and the browser's own copy too."""

KINDS: dict[str, str] = {
    "page": "",
    "styles": "app/*/page.css",
    "early script": "app/*/start.js",
    "entry module": "app/*/page/app.js",
    "shared module": "app/*/parts/chunk-*.js",
    "worker": "app/*/classifier/worker.js",
    "runtime": "runtime/*/tf.js",
    "shared runtime": "runtime/*/chunk-*.js",
    "backend": "runtime/*/backend-wasm.js",
    "WebAssembly": "runtime/*/*-wasm-relaxed-simd.wasm",
    "graph": "model/*/model.json",
    "metadata": "model/*/metadata.json",
    "weights": "model/*/*.bin",
    "texts": "app/*/messages/de.json",
    "class names": "app/*/classes/de.json",
    "other language": "app/*/messages/fr.json",
    "further screens": "app/*/page/screens/lazy.js",
    "icon": "app/*/icons/icon.svg",
    "manifest": "manifest.webmanifest",
    "offline page": "offline.html",
    "service worker": "sw.js",
}
"""Where each kind of file lies, relative to the site's root; the person speaks German."""

STABLE = ("page", "manifest", "offline page", "service worker")
"""Kinds of which each version has a file at the same address."""

STALLED_SECONDS = 6.0
"""How long an answer stays open that stalls: longer than the app waits in these tests."""

FOREVER = header("Cache-Control", "max-age=31536000, immutable")
"""What is wrong may be kept by the browser, as hosts say of content-addressed files."""


def _old(content: bytes) -> bytes:
    """Return what another version may have had in a file's place."""
    return content.replace(b"1", b"2") + b"\n"


FAULTS: dict[str, Callable[[bytes], Fault]] = {
    "stall": lambda content: stall(len(content) // 2, STALLED_SECONDS),
    "drop": lambda content: drop(len(content) // 2),
    "flip": lambda content: both(corrupt(len(content) // 2), FOREVER),
    "truncate": lambda content: both(shorten(len(content) // 2), FOREVER),
    "portal": lambda _content: both(html(), FOREVER),
    "503": lambda _content: both(status(503, b"busy"), header("Retry-After", "1")),
    "wrong length": lambda _content: both(lengthen(9), FOREVER),
    "stale": lambda content: both(instead(_old(content)), FOREVER),
}
"""From a file's content to what its host makes of it."""


@dataclass(frozen=True)
class Cell:
    """One kind of file that fails in one way on one occasion."""

    kind: str
    fault: str
    occasion: Occasion

    def __str__(self) -> str:
        """Return a name for people."""
        return f"{self.kind}, {self.fault}, {self.occasion}"


@dataclass(frozen=True)
class Outcome:
    """What became of a visit."""

    cell: Cell
    verdict: str
    """One of WELL, or what went wrong."""
    said: str
    """The reason that the page gave, "" where it works without a word."""
    requests: int
    """How often the host was asked for a file of this kind, that which it was asked for most."""
    total: int
    """How often it was asked for anything."""
    seconds: float
    """How long the person waited before the app worked or said why."""

    @property
    def is_well(self) -> bool:
        """Whether the cell ended as it must."""
        return self.verdict in WELL and self.requests <= MOST_REQUESTS and self.total <= MOST_IN_ALL


WORKS, ITSELF, TAP = "works", "says why; by itself", "says why; one tap"
HOSTS_PAGE = "host's page; reload"
"""A page of the host's own, as for signing in, is not the app's to mend."""
WELL = (WORKS, ITSELF, TAP, HOSTS_PAGE)
"""How a cell may end."""

MOST_REQUESTS = 20
"""Requests for one file in a cell."""
MOST_IN_ALL = 500
"""Requests in a cell."""

CELLS = tuple(
    Cell(kind, fault, occasion) for occasion in OCCASIONS for kind in KINDS for fault in FAULTS
)


def files_of(site: Path, kind: str) -> list[Path]:
    """Return the files of a kind."""
    if kind == "page":
        return [site / "index.html"]
    return sorted(site.glob(KINDS[kind]))


def order(host: FaultyHost, site: Path, other: Path, cell: Cell) -> None:
    """Have the host fail as the cell has it, whatever query the address carries.

    `other` is another version of the site, of which the stale files are that both have.
    """
    for file in files_of(site, cell.kind):
        path = address_of(site, file)
        fault = FAULTS[cell.fault](file.read_bytes())
        if cell.fault == "stale" and cell.kind in STABLE:
            fault = instead((other / file.relative_to(site)).read_bytes())
        for pattern in (path, f"{path}[?]*"):
            host.always(pattern, fault)


def address_of(site: Path, file: Path) -> str:
    """Return the path by which browsers ask for a file of the site."""
    return f"/{file.relative_to(site).as_posix()}".removesuffix("index.html")


def requests_for(host: FaultyHost, sites: Iterable[Path], kind: str) -> int:
    """Count the requests for that file of a kind, of whichever version, that was asked for most."""
    paths = {address_of(site, file) for site in sites for file in files_of(site, kind)}
    counts = Counter(served.path for served in host.served)
    return max(counts[path] for path in paths)
