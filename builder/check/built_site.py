"""A built site as its files say it is."""

import os
from functools import cached_property
from pathlib import Path

from builder.errors import OutputError
from builder.output.records import Recorded, RecordError
from builder.site.report import Report, SiteReport, WithdrawnReport, read_report

INDEX = "index.html"


class BuiltSite:
    """The files of a folder that `build` wrote, wherever they may have come from since."""

    def __init__(self, root: Path) -> None:
        """Look at a folder. Raises OutputError where it does not exist or has no index.html."""
        if not root.is_dir():
            raise OutputError(
                f'There is no folder {root} to check. Run "classifier-pwa build" first, or name the'
                " folder that it wrote."
            )
        if not (root / INDEX).is_file():
            raise OutputError(f"{root} has no {INDEX}: it is not a built site.")
        self.root = root

    @cached_property
    def _paths(self) -> dict[str, Path]:
        """All that lies in the folder except folders, by path, sorted; links are not followed."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            for name in (*names, *folders):
                path = Path(folder) / name
                if path.is_symlink() or not path.is_dir():
                    found[path.relative_to(self.root).as_posix()] = path
        return dict(sorted(found.items()))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Size of each file in bytes by path, sorted; of a link, that of what it leads to."""
        return {path: file.stat().st_size for path, file in self._paths.items() if file.is_file()}

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Paths of symbolic links, to files and to folders."""
        return tuple(path for path, file in self._paths.items() if file.is_symlink())

    @cached_property
    def specials(self) -> tuple[str, ...]:
        """Paths of all but files, folders and links: pipes, devices, sockets."""
        return tuple(
            path
            for path, file in self._paths.items()
            if not file.is_file() and not file.is_symlink()
        )

    @cached_property
    def _read(self) -> tuple[Report | None, str]:
        try:
            return read_report(self.root), ""
        except RecordError as error:
            return None, f"{error}."
        except OSError as error:
            return None, f"cannot be read: {error.strerror}."

    @property
    def report(self) -> Report | None:
        """The content of site.json; None where it is missing, not ours, or malformed."""
        return self._read[0]

    @property
    def report_fault(self) -> str:
        """What is wrong with site.json, the rest of a sentence; "" where nothing is."""
        return self._read[1]

    @property
    def withdrawn(self) -> bool:
        """Whether the site takes the app off devices instead of offering it (`--kill-switch`)."""
        return isinstance(self.report, WithdrawnReport)

    @cached_property
    def recorded(self) -> dict[str, Recorded]:
        """What site.json says of each file, by path, files of kept versions included."""
        kept = self.report.previous if isinstance(self.report, SiteReport) else ()
        versions = (self.report, *kept) if self.report else ()
        return {path: file for version in versions for path, file in version.files.items()}

    def folder(self, name: str) -> str:
        """Return the path of a content-addressed folder, with a slash at the end; "" for none."""
        return str(getattr(self.report, name, ""))

    def is_copy(self, path: str) -> bool:
        """Return whether a file is a compressed copy (`--precompress`) of the one beside it."""
        return path.endswith((".br", ".gz")) and path[:-3] in self.sizes

    def content(self, path: str) -> bytes:
        """Return a file's bytes."""
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str:
        """Return a file's text; what is not UTF-8 in it becomes a replacement character."""
        return self.content(path).decode(errors="replace")

    def own(self, *suffixes: str) -> list[str]:
        """Return the paths of the app's own files that end in one of the suffixes.

        What others have put beside it, such as a page that proves whose the address is, is not the
        app's. Where site.json cannot be read, every file is taken for its own.
        """
        known = self.recorded or self.sizes
        return [path for path in self.sizes if path.endswith(suffixes) and path in known]
