"""What a visit costs over the wire, from the precache manifest: as `build` counts it."""

from builder.check.built_site import BuiltSite
from builder.check.precache_rules import WORKER, read_entries
from builder.site.backends import common_groups, read_backends
from builder.site.files import SiteFile
from builder.site.precache import EXTRAS
from builder.site.transfer import cost
from builder.typed_json import to_json

Transfers = dict[str, dict[str, int]]
"""By occasion ("firstVisit", "appUpdate", and "update" from a version that was compared): files,
their bytes, and "brotli", the bytes that a compressing host sends."""


def measure_transfers(site: BuiltSite, previous: BuiltSite | None = None) -> Transfers | None:
    """Return what visits cost; None where the precache manifest cannot be read.

    `update` is what a device with the previous version fetches: it keeps files with known hashes.
    """
    entries = read_entries(site)
    if entries is None:
        return None
    groups = {*common_groups(read_backends()), EXTRAS}
    kept = {entry.path: entry.sha256 for entry in entries if groups & set(entry.groups)}
    lasting = tuple(filter(None, (site.folder("model"), site.folder("runtime"))))
    changing = [path for path in kept if not (lasting and path.startswith(lasting))]
    transfers = {
        "firstVisit": _cost(site, [*kept, WORKER]),
        "appUpdate": _cost(site, [*changing, WORKER]),
    }
    if previous is not None:
        there = {entry.sha256 for entry in read_entries(previous) or ()}
        new = [path for path, sha256 in kept.items() if sha256 not in there]
        transfers["update"] = _cost(site, [*new, WORKER] if new else [])
    return transfers


def _cost(site: BuiltSite, paths: list[str]) -> dict[str, int]:
    files = [SiteFile(path, site.content(path)) for path in paths if path in site.sizes]
    return dict(to_json(cost(files)))
