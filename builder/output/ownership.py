"""Whether a folder may be replaced: only what we wrote ourselves is ever deleted."""

import os
from collections.abc import Iterable
from pathlib import Path

from builder.errors import OutputError
from builder.output.holdings import holdings_of
from builder.output.machine import surroundings
from builder.output.places import Surroundings, refusal


def check_output(
    output: Path,
    force: bool,
    inputs: Iterable[Path] = (),
    *,
    record: str,
    option: str = "--output",
    around: Surroundings | None = None,
) -> None:
    """Raise OutputError unless the folder `output` may be created, or replaced.

    `force` allows a folder of unknown content, which is then moved aside; never a file, a link, a
    place of the system's (see `refusal`), or a folder that holds one of `inputs` (what is read) or
    lies in one. `record` is the name of the record in what is written, `option` the option that
    names the folder.
    """
    remedy = f"Choose another {option}."
    try:
        _check_kind(output, option)
        reason = refusal(output.resolve(), around or surroundings())
        if reason:
            problem = f"The output {output} {reason}."
            raise OutputError(f"{problem} Nothing is written over that, --force or not. {remedy}")
        _check_inputs(output.resolve(), inputs, remedy)
        if output.is_dir() and not force:
            _check_ours(output, record, option)
        _check_writable(output, remedy)
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads back to itself
        why = getattr(error, "strerror", None) or error
        raise OutputError(f"The output {output} cannot be used: {why}. {remedy}") from error


def _check_ours(folder: Path, record: str, option: str) -> None:
    found = holdings_of(folder, record)
    if not found.strangers:
        return
    if not found.recorded:
        since = f", or it was changed since: its {record} {found.fault}" if found.fault else ""
        raise OutputError(
            f"The output folder {folder} is not empty, and classifier-pwa did not write it{since}."
            f" Choose another {option}, or add --force to have it moved aside."
        )
    raise OutputError(
        f"The output folder {folder} has files that classifier-pwa did not write, such as"
        f" {found.strangers[0]}, and would be replaced as a whole. Move them elsewhere, or add"
        " --force to have the whole folder moved aside."
    )


def _check_kind(output: Path, option: str) -> None:
    if output.is_symlink():
        raise OutputError(
            f"The output {output} is a symbolic link. Name the folder that it leads to:"
            f" {option} {output.resolve()}"
        )
    if output.exists() and not output.is_dir():
        raise OutputError(f"The output {output} is a file. Choose another {option}.")


def _check_inputs(output: Path, inputs: Iterable[Path], remedy: str) -> None:
    for given in inputs:
        if given.resolve().is_relative_to(output):
            raise OutputError(f"The output folder {output} holds {given}, which is read. {remedy}")
        if given.is_dir() and output.is_relative_to(given.resolve()):
            raise OutputError(
                f"The output folder {output} lies in {given}, which is read as a whole. {remedy}"
            )


def _check_writable(output: Path, remedy: str) -> None:
    parent = output.resolve().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise OutputError(f"The output {output} would lie inside a file, {parent}. {remedy}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            f"The output {output} cannot be written: no permission to write in {parent}. {remedy}"
        )
