"""Writing a site: whole in a folder beside the target, then swapped in by renaming.

Whatever goes wrong, the target holds the old site or the new one, never a part of either.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from builder.errors import OutputError
from builder.site.files import SiteFile
from builder.site.ownership import KEPT, check_output

Rename = Callable[[Path, Path], object]


def write_site(
    files: Iterable[SiteFile], output: Path, force: bool, rename: Rename = Path.rename
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
        stage = target.parent / f".{target.name}-new-{secrets.token_hex(4)}"
        try:
            stage.mkdir()
            _fill(stage, site, target)
            _swap(stage, target, rename)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        rival = error.errno in (errno.EEXIST, errno.ENOENT, errno.ENOTEMPTY)
        hint = " Another build may be writing there: run this one again after it." if rival else ""
        raise OutputError(
            f"The output {output} cannot be written: {reason}. What was there is unchanged.{hint}"
        ) from error


def recover(target: Path, rename: Rename = Path.rename) -> None:
    """Finish what a build left that was killed between the two renames of a swap.

    The old site lies beside the target then: it moves back if the target is missing, and is
    deleted if the new one is in place.
    """
    old = _old_of(target)
    if old.is_dir() and not target.exists():
        rename(old, target)
    elif old.is_dir():
        _delete(old)


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


def _swap(stage: Path, target: Path, rename: Rename) -> None:
    old = _old_of(target)
    if not target.exists():
        rename(stage, target)
        return
    try:
        rename(target, old)
        rename(stage, target)
    except BaseException:  # Ctrl-C between the renames included
        if old.is_dir() and not target.exists():
            rename(old, target)
        raise
    # The new site is in place: what cannot be deleted now, the next build deletes.
    with suppress(OSError):
        _delete(old)


def _delete(folder: Path) -> None:
    """Delete a folder, and write-protected ones inside it too, as far as they are the user's."""
    for parent, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(parent).chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


def _old_of(target: Path) -> Path:
    return target.parent / f".{target.name}-old-classifier-pwa"
