"""The service worker's precache manifest against the files that it will ask for."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.check.built_site import INDEX, BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.hashing import sha256_hex
from builder.site.media_types import media_type
from builder.site.screenshots import FOLDER as SCREENSHOTS

WORKER = "sw.js"

_RULE = "precache"
_MANIFEST = re.compile(r"^const manifest = (\{.*\});$", re.MULTILINE)


def read_entries(site: BuiltSite) -> list[dict[str, Any]] | None:
    """Return the entries of the precache manifest in sw.js; None where there is none."""
    try:
        found = _MANIFEST.search(site.text(WORKER))
        entries = json.loads(found[1])["entries"] if found else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return entries if isinstance(entries, list) else None


def path_of(entry: Mapping[str, Any]) -> str:
    """Return the path of an entry's file."""
    url = str(entry.get("url"))
    return INDEX if url == "./" else url


def check_precache(site: BuiltSite) -> Iterator[Finding]:
    """Check that everything that the app needs offline will be kept, and can be."""
    if site.withdrawn or WORKER not in site.sizes:
        return  # the first keeps nothing, the second is told by the rule for files
    entries = read_entries(site)
    if entries is None:
        yield Finding(_RULE, WORKER, "has no precache manifest that can be read.", REBUILD)
        return
    for entry in entries:
        problem = _fault(site, entry)
        if problem:
            yield Finding(_RULE, path_of(entry), f"{problem}: the app cannot install.", REBUILD)
    kept = {path_of(entry) for entry in entries}
    for path in _needed_offline(site):
        if path not in kept:
            problem = f"is not in the precache manifest of {WORKER}: it will be missing offline."
            yield Finding(_RULE, path, problem, REBUILD)


def _fault(site: BuiltSite, entry: Mapping[str, Any]) -> str | None:
    path = path_of(entry)
    if path not in site.sizes:
        return f"is missing; the precache manifest of {WORKER} wants it"
    if site.sizes[path] != entry.get("size"):
        return f"has {site.sizes[path]:,} bytes, {WORKER} wants {entry.get('size'):,}"
    if sha256_hex(site.content(path)) != entry.get("sha256"):
        return f"is not the file that {WORKER} wants, by its SHA-256"
    if entry.get("type") != media_type(path):
        return f"would be answered as {entry.get('type')} instead of {media_type(path)}"
    return None


def _needed_offline(site: BuiltSite) -> list[str]:
    report = site.report or {}
    folders = tuple(str(report[name]) for name in ("app", "model") if report.get(name))
    pages = (INDEX, "offline.html", "manifest.webmanifest", "boot.js")
    inside = (path for path in site.sizes if folders and path.startswith(folders))
    shown = f"{report.get('app')}{SCREENSHOTS}"
    kept = (path for path in inside if not site.is_copy(path) and not path.startswith(shown))
    return [*kept, *pages]
