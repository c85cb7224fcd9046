"""The service worker's precache manifest against the files that it will ask for."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builder.check.built_site import INDEX, BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.hashing import sha256_hex
from builder.output.records import is_portable
from builder.site.media_types import media_type
from builder.site.screenshots import FOLDER as SCREENSHOTS

WORKER = "sw.js"

_RULE = "precache"
_MANIFEST = re.compile(r"^const manifest = (\{.*\});$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A file that the service worker keeps."""

    path: str
    """Below the site's root."""
    size: int
    """Bytes."""
    sha256: str
    """Of its content."""
    type: str
    """Content type that the file is answered with."""
    groups: tuple[str, ...]
    """Which devices keep it."""


def read_entries(site: BuiltSite) -> list[Entry] | None:
    """Return the entries of the precache manifest in sw.js; None where it is missing or
    malformed."""
    try:
        found = _MANIFEST.search(site.text(WORKER))
        entries = json.loads(found[1])["entries"] if found else None
        return None if entries is None else [_entry(**entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _entry(*, url: str, size: int, sha256: str, type: str, groups: list[str], **_: Any) -> Entry:  # noqa: A002
    """Return an entry of these members. Raises TypeError or ValueError for other members."""
    path = INDEX if url == "./" else url
    texts = (url, sha256, type, *groups)
    if not all(isinstance(text, str) for text in texts) or not isinstance(size, int):
        raise TypeError("a member is of another type")
    if not is_portable(path):
        raise ValueError(f"{path!r} leads out of the site")
    return Entry(path, size, sha256, type, tuple(groups))


def check_precache(site: BuiltSite) -> Iterator[Finding]:
    """Check that everything that the app needs offline will be kept, and can be."""
    if site.withdrawn or WORKER not in site.sizes:
        return  # the first keeps nothing, the rule for files finds the second
    entries = read_entries(site)
    if entries is None:
        yield Finding(_RULE, WORKER, "has no precache manifest that can be read.", REBUILD)
        return
    for entry in entries:
        problem = _fault(site, entry)
        if problem:
            yield Finding(_RULE, entry.path, f"{problem}: the app cannot install.", REBUILD)
    kept = {entry.path for entry in entries}
    for path in _needed_offline(site):
        if path not in kept:
            problem = f"is not in the precache manifest of {WORKER}: it will be missing offline."
            yield Finding(_RULE, path, problem, REBUILD)


def _fault(site: BuiltSite, entry: Entry) -> str | None:
    if entry.path not in site.sizes:
        return f"is missing; the precache manifest of {WORKER} wants it"
    if site.sizes[entry.path] != entry.size:
        return f"has {site.sizes[entry.path]:,} bytes, {WORKER} wants {entry.size:,}"
    if sha256_hex(site.content(entry.path)) != entry.sha256:
        return f"is not the file that {WORKER} wants, by its SHA-256"
    if entry.type != media_type(entry.path):
        return f"would be answered as {entry.type} instead of {media_type(entry.path)}"
    return None


def _needed_offline(site: BuiltSite) -> list[str]:
    folders = tuple(filter(None, (site.folder("app"), site.folder("model"))))
    pages = (INDEX, "offline.html", "manifest.webmanifest")
    inside = (path for path in site.sizes if folders and path.startswith(folders))
    shown = f"{site.folder('app')}{SCREENSHOTS}"
    kept = (path for path in inside if not site.is_copy(path) and not path.startswith(shown))
    return [*kept, *pages]
