"""The app's modules as a browser gets them: merged, where nobody changed one."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.hashing import sha256_hex


@dataclass(frozen=True)
class MergedModules:
    """What the package's build made of the app's modules, by path in the app's folder."""

    sources: Mapping[str, str]
    """SHA-256 of each module that went in."""
    files: Mapping[str, bytes]
    """What came out."""


def with_merged_modules(app: Mapping[str, bytes], merged: MergedModules) -> dict[str, bytes]:
    """Return the app's files with the merged modules in place of those they were made from.

    A module of the user's own, or one edited in a checkout since, is in none of them: then all
    modules stay as they are.
    """
    present = {path: sha256_hex(app[path]) for path in merged.sources if path in app}
    if present != merged.sources:
        return dict(app)
    return {path: app[path] for path in app if path not in merged.sources} | dict(merged.files)
