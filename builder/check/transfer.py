"""What a visit costs over the wire, from the precache manifest: as `build` counts it."""

from builder.check.built_site import BuiltSite
from builder.check.precache_rules import WORKER, path_of, read_entries
from builder.site.files import SiteFile
from builder.site.transfer import COMMON_GROUPS, cost

Transfers = dict[str, dict[str, int]]
"""By occasion ("firstVisit", "appUpdate", and "update" from a version that was compared): files,
their bytes, and "brotli", the bytes that a host sends which compresses."""


def measure_transfers(site: BuiltSite, previous: BuiltSite | None = None) -> Transfers | None:
    """Return what visits cost; None where the precache manifest cannot be read.

    `update` is what a device fetches that has the previous version: what it has by hash stays.
    """
    entries = read_entries(site)
    if entries is None:
        return None
    kept = {
        path_of(entry): str(entry.get("sha256"))
        for entry in entries
        if set(COMMON_GROUPS) & set(entry.get("groups", ()))
    }
    report = site.report or {}
    lasting = tuple(str(report[name]) for name in ("model", "runtime") if report.get(name))
    changing = [path for path in kept if not (lasting and path.startswith(lasting))]
    transfers = {
        "firstVisit": _cost(site, [*kept, WORKER]),
        "appUpdate": _cost(site, [*changing, WORKER]),
    }
    if previous is not None:
        there = {str(entry.get("sha256")) for entry in read_entries(previous) or ()}
        new = [path for path, sha256 in kept.items() if sha256 not in there]
        transfers["update"] = _cost(site, [*new, WORKER] if new else [])
    return transfers


def _cost(site: BuiltSite, paths: list[str]) -> dict[str, int]:
    return cost([SiteFile(path, site.content(path)) for path in paths if path in site.sizes])
