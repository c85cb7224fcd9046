"""The hashes that pages name: browsers refuse files that have another one."""

import json
from collections.abc import Iterator

from builder.check.built_site import BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.check.references import read_page
from builder.site.startup import integrity

_RULE = "integrity"


def check_integrity(site: BuiltSite) -> Iterator[Finding]:
    """Check the files that a page names with a hash, in attributes and in its import map.

    Files that are not there are found by the rules for files and links.
    """
    for path in site.own(".html"):
        page = read_page(site.text(path))
        named = [(each.address, each.integrity) for each in page.references if each.integrity]
        for script in page.scripts:
            if script.kind == "importmap":
                hashes = _hashes(script.text)
                if hashes is None:
                    yield Finding(_RULE, path, "has an import map that is not JSON.", REBUILD)
                named += [(address, str(each)) for address, each in (hashes or {}).items()]
        for address, expected in dict.fromkeys(named):
            name = address.removeprefix("./")
            if name in site.sizes and integrity(site.content(name)) != expected:
                problem = f"is not the file whose hash {path} names: browsers refuse it."
                yield Finding(_RULE, name, problem, REBUILD)


def _hashes(text: str) -> dict[str, object] | None:
    try:
        hashes = json.loads(text).get("integrity", {})
    except (ValueError, AttributeError, RecursionError):
        return None
    return hashes if isinstance(hashes, dict) else None
