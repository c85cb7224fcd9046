"""Earlier versions' content-addressed folders, kept beside the new ones for a while.

A page that was opened, or cached by a host, before an upload asks for its own version's modules and
model. They stay until `keep-previous` newer versions have been built into the same folder.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.hashing import sha256_hex
from builder.site.assembly import Site
from builder.site.description import (
    PREVIOUS,
    REPORT,
    WITHDRAWN,
    describe_files,
    read_report,
    report_file,
    versions_of,
)
from builder.site.files import SiteFile
from builder.site.headers import ADDRESSED_FOLDERS


def with_previous(site: Site, output: Path, count: int, warn: Callable[[str], None]) -> Site:
    """Return the site with the folders of at most `count` versions that lie in `output`.

    Folders that the new version has too are its own. A version that is not whole is left out, with
    a warning. The same version built again keeps what the first of these builds kept.
    """
    known = [_folders(site.report)]
    files = {file.path: file for file in site.files}
    kept: list[dict[str, Any]] = []
    report = read_report(output)
    # A withdrawn site has nothing that anybody still needs.
    for version in versions_of(report) if report and not report.get(WITHDRAWN) else ():
        folders = _folders(version)
        if len(kept) == count or folders in known:
            continue
        known.append(folders)
        try:
            own = [file for file in _read(output, version, folders) if file.path not in files]
        except ValueError as error:
            warn(f"An earlier version in {output} is not kept: {error}.")
            continue
        files |= {file.path: file for file in own}
        kept.append({**folders, "files": describe_files(own)})
    if not kept:
        return site
    told = {**site.report, PREVIOUS: kept}
    files[REPORT] = report_file(told)
    return Site(tuple(files[path] for path in sorted(files)), told)


def _folders(version: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(version.get(name)) for name in ADDRESSED_FOLDERS}


def _read(
    output: Path, version: Mapping[str, Any], folders: Mapping[str, str]
) -> Iterator[SiteFile]:
    """Yield a version's content-addressed files; ValueError if one is not as it was written."""
    for path, described in sorted(version.get("files", {}).items()):
        if path.startswith(tuple(folders.values())):
            try:
                file = SiteFile(path, (output / path).read_bytes())
            except OSError as error:
                raise ValueError(f"{path} cannot be read, {error.strerror}") from error
            if sha256_hex(file.content) != described.get("sha256"):
                raise ValueError(f"{path} was altered")
            yield file
