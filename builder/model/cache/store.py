"""The folder of converted models: one file each, the least recently used removed first."""

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from builder.errors import OutputError
from builder.model.cache.entry import Entry, pack, unpack
from builder.output.machine import surroundings
from builder.output.places import refusal_of_file

FOLDER_VARIABLE = "CLASSIFIER_PWA_CACHE"
"""Environment variable that names another folder than the platform's own."""

LIMIT_BYTES = 1024**3
"""How much the folder may hold; a large model takes half of it."""

_FOLDER = "conversions"
_SUFFIX = ".model"
_NEW = "conversion-"
_OURS = re.compile(rf"[0-9a-f]{{1,64}}{re.escape(_SUFFIX)}|{_NEW}\w+\.new")
"""Names of files that this module writes: it deletes no others."""


def cache_folder() -> Path:
    """Return the folder that the platform has for caches: `~/.cache/classifier-pwa` on Linux.

    Raises OutputError where the environment names a place of the system's.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if not named:
        return user_cache_path("classifier-pwa", appauthor=False)
    reason = refusal_of_file(Path(named).resolve() / _FOLDER / "file", surroundings())
    if reason:
        raise OutputError(
            f"{FOLDER_VARIABLE} names {named}, and what would be kept there {reason}. Name another"
            " folder, or leave it unset."
        )
    return Path(named)


class ConversionCache:
    """Converted models by key. A cache that cannot be read or written is as good as empty."""

    def __init__(self, folder: Path | None = None, limit: int = LIMIT_BYTES) -> None:
        """Use a folder, which need not exist, up to `limit` bytes."""
        self._folder = (folder or cache_folder()) / _FOLDER
        self._limit = limit

    def find(self, key: str) -> Entry | None:
        """Return what was kept under a key, if it is whole and what it depends on still holds."""
        path = self._folder / f"{key}{_SUFFIX}"
        try:
            entry = unpack(path.read_bytes())
        except OSError:
            return None
        if entry is None or not all(one.still_holds() for one in entry.dependencies):
            return None
        with suppress(OSError):
            os.utime(path)
        return entry

    def keep(self, key: str, entry: Entry) -> None:
        """Keep a conversion, and remove the least recently used ones beyond the limit."""
        packed = pack(entry)
        if len(packed) > self._limit:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / f"{key}{_SUFFIX}", packed)
            self._prune()

    def _write(self, path: Path, content: bytes) -> None:
        """Write beside the target and rename: two builds at once do not mix."""
        with tempfile.NamedTemporaryFile(
            dir=self._folder, prefix=_NEW, suffix=".new", delete=False
        ) as file:
            try:
                file.write(content)
                file.close()
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _prune(self) -> None:
        ours = (file for file in self._folder.iterdir() if _OURS.fullmatch(file.name))
        found = [(file, file.stat()) for file in ours]
        found.sort(key=lambda one: one[1].st_mtime_ns, reverse=True)
        total = 0
        for file, stat in found:
            total += stat.st_size
            if total > self._limit:
                file.unlink(missing_ok=True)
