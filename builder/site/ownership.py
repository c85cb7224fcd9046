"""Whether a folder may be replaced by a site: only what an earlier build wrote, or nothing."""

import os
from collections.abc import Iterable
from pathlib import Path

from builder.errors import OutputError
from builder.site.description import REPORT, read_report, versions_of

KEPT = (".gitignore", ".gitkeep")
"""Kept when a site is replaced: they let git keep the folder and ignore what is in it."""

_NEGLIGIBLE = {*KEPT, ".DS_Store"}


def check_output(output: Path, force: bool, inputs: Iterable[Path] = ()) -> None:
    """Raise OutputError unless `output` may be created, or replaced by a site.

    `force` allows a folder of unknown content; never a file, a link, the working directory, the
    home, a folder above either, or a folder that holds one of `inputs` (templates, model, labels)
    or lies in one.
    """
    try:
        _check_kind(output)
        _check_whereabouts(output.resolve(), inputs)
        if output.is_dir() and not force:
            _check_ours(output)
        _check_writable(output)
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads back to itself
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"The output {output} cannot be used: {reason}. Choose another --output."
        ) from error


def _check_ours(folder: Path) -> None:
    if all(entry.name in _NEGLIGIBLE for entry in folder.iterdir()):
        return
    written = _written_files(folder)
    if written is None:
        raise OutputError(
            f"The output folder {folder} is not empty, and classifier-pwa did not write it. Choose"
            " another --output, or add --force to replace it with everything in it."
        )
    present = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    strangers = sorted(
        path.relative_to(folder).as_posix()
        for path in present
        if path.name not in _NEGLIGIBLE and path.relative_to(folder).as_posix() not in written
    )
    if strangers:
        raise OutputError(
            f"The output folder {folder} has files that classifier-pwa did not write, such as"
            f" {strangers[0]}, and would be replaced as a whole. Move them elsewhere, or add"
            " --force to delete them."
        )


def _written_files(folder: Path) -> set[str] | None:
    """Return the paths that an earlier build's report tells of; None where there is no report."""
    report = read_report(folder)
    if report is None:
        return None
    return {REPORT, *(path for version in versions_of(report) for path in version.get("files", ()))}


def _check_kind(output: Path) -> None:
    if output.is_symlink():
        raise OutputError(
            f"The output {output} is a symbolic link. Name the folder that it leads to:"
            f" --output {output.resolve()}"
        )
    if output.exists() and not output.is_dir():
        raise OutputError(f"The output {output} is a file. Choose another --output.")


def _check_whereabouts(output: Path, inputs: Iterable[Path]) -> None:
    if Path.cwd().is_relative_to(output):
        raise OutputError(
            f"The output {output} is the working directory or holds it, and would be replaced as"
            " a whole. Choose a folder of its own, such as --output dist."
        )
    home = _home()
    if home is not None and home.is_relative_to(output):
        raise OutputError(
            f"The output {output} is the home folder or holds it. Choose another --output."
        )
    for given in inputs:
        if given.resolve().is_relative_to(output):
            raise OutputError(
                f"The output folder {output} holds {given}, which the build reads. Choose another"
                " --output."
            )
        if given.is_dir() and output.is_relative_to(given.resolve()):
            raise OutputError(
                f"The output folder {output} lies in {given}, which the build reads as a whole."
                " Choose another --output."
            )


def _home() -> Path | None:
    """Return the home folder; None for a user of a container who has none."""
    try:
        return Path.home().resolve()
    except RuntimeError:
        return None


def _check_writable(output: Path) -> None:
    parent = output.resolve().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise OutputError(f"The output {output} would lie inside a file, {parent}.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            f"The output {output} cannot be written: no permission to write in {parent}."
            " Choose another --output."
        )
