"""Whether a folder may be replaced by a site: only what an earlier build wrote, or nothing."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from builder.errors import OutputError
from builder.site.description import GENERATOR, REPORT

KEPT = (".gitignore", ".gitkeep")
"""Kept when a site is replaced: they let git keep the folder and ignore what is in it."""

_NEGLIGIBLE = {*KEPT, ".DS_Store"}


def check_output(output: Path, force: bool, inputs: Iterable[Path] = ()) -> None:
    """Raise OutputError unless `output` may be created, or replaced by a site.

    `force` allows a folder of unknown content; never a file, a link, the working directory, the
    home, a folder above either, or a folder that holds one of `inputs` (templates, model, labels).
    """
    _check_kind(output)
    _check_whereabouts(output.resolve(), inputs)
    if output.is_dir() and not force and not is_replaceable(output):
        raise OutputError(
            f"The output folder {output} is not empty, and classifier-pwa did not write it. Choose"
            " another --output, or add --force to replace it with everything in it."
        )
    _check_writable(output)


def is_replaceable(folder: Path) -> bool:
    """Return whether an earlier build wrote this folder, or nothing of value lies in it."""
    if all(entry.name in _NEGLIGIBLE for entry in folder.iterdir()):
        return True
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(report, dict) and report.get("generator") == GENERATOR


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
    if Path.home().resolve().is_relative_to(output):
        raise OutputError(
            f"The output {output} is the home folder or holds it. Choose another --output."
        )
    for given in inputs:
        if given.resolve().is_relative_to(output):
            raise OutputError(
                f"The output folder {output} holds {given}, which the build reads. Choose another"
                " --output."
            )


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
