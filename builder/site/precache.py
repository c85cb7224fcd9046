"""The precache manifest: what the service worker keeps, and how it knows that it is whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from builder.hashing import sha256_hex
from builder.site.backends import CORE
from builder.site.files import SiteFile
from builder.site.headers import ISOLATION_HEADERS, SECURITY_HEADERS
from builder.site.json_text import canonical_json
from builder.site.media_types import media_type

EXTRAS = "extras"
"""The group of files that every device keeps, but without which the app works."""

_INDEX = "index.html"


def precache_manifest(
    core: Iterable[SiteFile],
    runtime: Iterable[SiteFile],
    groups: Mapping[str, Iterable[str]],
    *,
    extras: Iterable[SiteFile] = (),
    headers: Mapping[str, str] = SECURITY_HEADERS,
    threads: bool = True,
) -> dict[str, Any]:
    """Return the manifest of files for all devices, needed and extra, and of the runtime by group.

    `groups` maps a group's name to file names of the runtime. Runtime files in no group are left
    out. `headers` go to documents and scripts. Without `threads` no device isolates the page from
    other origins. The version is a hash over entries and headers: it changes when any of them does.
    """
    entries = [_entry(file, [CORE]) for file in core]
    entries += [_entry(file, [EXTRAS]) for file in extras]
    for file in runtime:
        name = file.path.rsplit("/", 1)[-1]
        memberships = sorted(group for group, names in groups.items() if name in names)
        if memberships:
            entries.append(_entry(file, memberships))
    entries.sort(key=lambda entry: entry["url"])
    isolation = ISOLATION_HEADERS if threads else {}
    content = {"entries": entries, "headers": dict(headers), "isolation": isolation}
    return {"version": sha256_hex(canonical_json(content).encode())[:16], **content}


def _entry(file: SiteFile, groups: list[str]) -> dict[str, Any]:
    # Hosts redirect index.html to the folder, and a redirected response cannot answer a navigation.
    return {
        "url": "./" if file.path == _INDEX else file.path,
        "sha256": file.sha256,
        "size": file.size,
        "type": media_type(file.path),
        "groups": groups,
    }
