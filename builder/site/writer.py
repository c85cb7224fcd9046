"""Writing a site: whole in a folder beside the target, then exchanged with it in one step.

Whatever goes wrong, the target holds the old site or the new one, never a part of either. Where the
system cannot exchange two folders, they are renamed one after the other; a build that is killed
between the two leaves the old site beside the target, and the next build moves it back.
"""

import errno
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from builder.errors import OutputError
from builder.site.exchange import exchange as exchange_folders
from builder.site.files import SiteFile
from builder.site.ownership import KEPT, check_output
from builder.site.staging import clear_abandoned, delete, stage_beside

Rename = Callable[[Path, Path], object]
Exchange = Callable[[Path, Path], bool]


def write_site(
    files: Iterable[SiteFile],
    output: Path,
    force: bool,
    rename: Rename = Path.rename,
    exchange: Exchange = exchange_folders,
) -> None:
    """Replace the folder `output` by a site of these files and no others but KEPT ones.

    Raises OutputError if the folder is not ours to replace (see `check_output`) or the disk
    refuses; ValueError if two files have paths that differ in nothing but case.
    """
    site = sorted(files, key=lambda file: file.path)
    _check_distinct(site)
    target = output.resolve() if not output.is_symlink() else output
    try:
        recover(target, rename)
        check_output(output, force)
        target.parent.mkdir(parents=True, exist_ok=True)
        with stage_beside(target) as stage:
            _fill(stage, site, target)
            _swap(stage, target, rename, exchange)
    except OSError as error:
        reason = error.strerror or str(error)
        rival = error.errno in (errno.EEXIST, errno.ENOENT, errno.ENOTEMPTY)
        hint = " Another build may be writing there: run this one again after it." if rival else ""
        raise OutputError(
            f"The output {output} cannot be written: {reason}. What was there is unchanged.{hint}"
        ) from error


def recover(target: Path, rename: Rename = Path.rename) -> None:
    """Finish what builds left that were killed: while they wrote, or between two renames.

    In the latter case the old site lies beside the target: it moves back if the target is missing,
    and is deleted if the new one is in place.
    """
    clear_abandoned(target)
    old = _old_of(target)
    if old.is_dir() and not target.exists():
        rename(old, target)
    elif old.is_dir():
        delete(old)


def _check_distinct(site: Sequence[SiteFile]) -> None:
    seen: dict[str, str] = {}
    for file in site:
        other = seen.setdefault(file.path.casefold(), file.path)
        if other is not file.path:
            raise ValueError(f"two files of the site have the path {other} or {file.path}")


def _fill(stage: Path, site: Sequence[SiteFile], target: Path) -> None:
    for file in site:
        path = stage / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    for name in KEPT:
        if (target / name).is_file():
            shutil.copyfile(target / name, stage / name)


def _swap(stage: Path, target: Path, rename: Rename, exchange: Exchange) -> None:
    if not target.exists():
        rename(stage, target)
        return
    old = stage if exchange(stage, target) else _swap_by_renaming(stage, target, rename)
    # The new site is in place: what cannot be deleted now, the next build deletes.
    with suppress(OSError):
        delete(old)


def _swap_by_renaming(stage: Path, target: Path, rename: Rename) -> Path:
    """Return where the old site lies now."""
    old = _old_of(target)
    try:
        rename(target, old)
        rename(stage, target)
    except BaseException:  # Ctrl-C between the renames included
        if old.is_dir() and not target.exists():
            rename(old, target)
        raise
    return old


def _old_of(target: Path) -> Path:
    return target.parent / f".{target.name}-old-classifier-pwa"
