"""A built site as its files say it is."""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from builder.errors import OutputError
from builder.site.description import GENERATOR, REPORT, WITHDRAWN, versions_of

INDEX = "index.html"


class BuiltSite:
    """The files of a folder that `build` wrote, wherever they may have come from since."""

    def __init__(self, root: Path) -> None:
        """Look at a folder. Raises OutputError where there is none, or no index.html in it."""
        if not root.is_dir():
            raise OutputError(
                f'There is no folder {root} to check. Run "classifier-pwa build" first, or name the'
                " folder that it wrote."
            )
        if not (root / INDEX).is_file():
            raise OutputError(f"{root} has no {INDEX}: it is not a built site.")
        self.root = root

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Size in bytes by path, sorted; links are not followed."""
        found = {}
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = Path(folder) / name
                found[path.relative_to(self.root).as_posix()] = path.lstat().st_size
        return dict(sorted(found.items()))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Paths of symbolic links, to files and to folders."""
        found = (path for path in self.root.rglob("*") if path.is_symlink())
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found))

    @cached_property
    def report(self) -> dict[str, Any] | None:
        """The content of site.json; None where it is missing or not ours."""
        try:
            report = json.loads(self.content(REPORT))
        except (OSError, ValueError):
            return None
        return report if isinstance(report, dict) and report.get("generator") == GENERATOR else None

    @property
    def withdrawn(self) -> bool:
        """Whether the site takes the app off devices instead of offering it (`--kill-switch`)."""
        return bool((self.report or {}).get(WITHDRAWN))

    @property
    def recorded(self) -> dict[str, dict[str, Any]]:
        """What site.json tells of each file, kept ones too: size and SHA-256 by path."""
        told = [version.get("files") for version in versions_of(self.report or {})]
        return {
            path: known
            for files in told
            if isinstance(files, dict)
            for path, known in files.items()
        }

    def is_copy(self, path: str) -> bool:
        """Return whether a file is a compressed copy (`--precompress`) of the one beside it."""
        return path.endswith((".br", ".gz")) and path[:-3] in self.sizes

    def content(self, path: str) -> bytes:
        """Return a file's bytes."""
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str:
        """Return a file's text; what is not UTF-8 in it becomes a replacement character."""
        return self.content(path).decode(errors="replace")

    def with_suffix(self, *suffixes: str) -> list[str]:
        """Return the paths that end in one of the suffixes."""
        return [path for path in self.sizes if path.endswith(suffixes)]
