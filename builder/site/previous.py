"""Earlier versions' content-addressed folders, kept beside the new ones for a while.

A page that was opened, or cached by a host, before an upload asks for its own version's modules and
model. They stay until `keep-previous` newer versions have been built into the same folder.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.output.records import (
    Recorded,
    RecordError,
    files_of,
    read_record,
    versions_of,
)
from builder.site.assembly import Site
from builder.site.description import describe_files
from builder.site.files import SiteFile
from builder.site.headers import ADDRESSED_FOLDERS
from builder.site.report import REPORT, WITHDRAWN, KeptVersion, SiteReport, report_file


def with_previous(site: Site, output: Path, count: int, warn: Callable[[str], None]) -> Site:
    """Return the site with the folders of at most `count` versions that lie in `output`.

    Folders that the new version has too are its own. A version that is not whole is left out, with
    a warning. The same version built again keeps what the first of these builds kept.
    """
    if not isinstance(site.report, SiteReport):
        return site
    try:
        report = read_record(output / REPORT)
    except (OSError, RecordError):
        return site
    # A withdrawn site has nothing that anybody still needs.
    versions = [] if report.get(WITHDRAWN) else versions_of(report)
    # What several versions have is recorded with the newest of them alone, which may not be whole.
    recorded = {path: file for version in versions for path, file in files_of(version).items()}
    known = [_folders(vars(site.report))]
    files = {file.path: file for file in site.files}
    kept: list[KeptVersion] = []
    for version in versions:
        folders = _folders(version)
        if len(kept) == count or folders in known:
            continue
        known.append(folders)
        try:
            own = _read(output, recorded, folders)
        except ValueError as error:
            warn(f"An earlier version in {output} is not kept: {error}.")
            continue
        own = [file for file in own if file.path not in files]
        files |= {file.path: file for file in own}
        kept.append(KeptVersion(**folders, files=describe_files(own)))
    if not kept:
        return site
    extended = replace(site.report, previous=tuple(kept))
    files[REPORT] = report_file(extended)
    return Site(tuple(files[path] for path in sorted(files)), extended)


def _folders(version: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(version.get(name)) for name in ADDRESSED_FOLDERS}


def _read(
    output: Path, recorded: Mapping[str, Recorded], folders: Mapping[str, str]
) -> list[SiteFile]:
    """Return a version's content-addressed files; ValueError if one is not as it was written."""
    for name, folder in folders.items():
        if not re.fullmatch(rf"{name}/[0-9a-f]{{16}}/", folder):
            raise ValueError(f"{REPORT} has no folder for {name} but {folder[:80]!a}")
    files = []
    for path, known in sorted(recorded.items()):
        if path.startswith(tuple(folders.values())):
            try:
                file = SiteFile(path, (output / path).read_bytes())
            except OSError as error:
                raise ValueError(f"{path} cannot be read, {error.strerror}") from error
            if file.sha256 != known.sha256:
                raise ValueError(f"{path} was altered")
            files.append(file)
    return files
