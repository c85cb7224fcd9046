"""The app's modules: merged, unless one of them was changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.hashing import sha256_hex

Imports = Mapping[str, tuple[str, ...]]
"""What a module imports before it runs, by path; paths are those in the app's folder."""


@dataclass(frozen=True)
class MergedModules:
    """What the package's build made of the app's modules, by path in the app's folder."""

    sources: Mapping[str, str]
    """SHA-256 of each module that went in."""
    files: Mapping[str, bytes]
    """What came out."""
    source_imports: Imports
    """Of the modules that went in."""
    file_imports: Imports
    """Of those that came out."""


@dataclass(frozen=True)
class AppModules:
    """The files of the app's folder, and how its modules hang together."""

    contents: Mapping[str, bytes]
    """By path."""
    imports: Imports
    """Of each module, as far as the package's build has seen it: one of the user's own is taken to
    import what the package's does."""
    merged: bool
    """Whether these are the modules that the package's build has merged."""

    def graph(self, entry: str) -> tuple[str, ...]:
        """Return the modules that `entry` loads before it runs, itself first, then sorted.

        The page preloads them all at once, where the browser would find them import by import.
        """
        found: set[str] = set()
        waiting = [entry]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += self.imports[module]
        return (entry, *sorted(found - {entry}))


def with_merged_modules(app: Mapping[str, bytes], merged: MergedModules) -> AppModules:
    """Return the app's files with the merged modules in place of those they were made from.

    Merged modules lack a module of the user's own, and one edited in a checkout since: with such a
    module, all stay as they are. Modules that no page imports, such as parts of scripts, are left
    out.
    """
    rest = {path: content for path, content in app.items() if not path.endswith(".js")}
    sources = {path: app[path] for path in merged.sources if path in app}
    if {path: sha256_hex(content) for path, content in sources.items()} != merged.sources:
        return AppModules(rest | sources, merged.source_imports, merged=False)
    return AppModules(rest | dict(merged.files), merged.file_imports, merged=True)
