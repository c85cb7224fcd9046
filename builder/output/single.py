"""Writing one file over another: what is there is deleted only if it is known to be ours."""

from collections.abc import Iterable
from pathlib import Path

from builder.errors import OutputError
from builder.hashing import file_sha256
from builder.output.machine import surroundings
from builder.output.places import Surroundings, refusal_of_file
from builder.output.retiring import move_aside


def check_file(
    output: Path,
    force: bool,
    inputs: Iterable[Path] = (),
    *,
    option: str = "--output",
    around: Surroundings | None = None,
) -> None:
    """Raise OutputError unless a file may be written at `output`.

    `force` allows one that exists, which is then moved aside; never a folder, a link, a place of
    the system's, or one of `inputs` (what is read). `option` is the option that names the file.
    """
    remedy = f"Choose another {option}."
    try:
        if output.is_symlink():
            raise OutputError(f"{option} {output} is a symbolic link. {remedy}")
        if output.is_dir():
            raise OutputError(f"{option} {output} is a folder. {remedy}")
        if not output.parent.is_dir():
            raise OutputError(f"The folder of {option} {output} does not exist: create it.")
        reason = refusal_of_file(output.resolve(), around or surroundings())
        if reason:
            raise OutputError(f"{option} {output} {reason}: nothing is written there. {remedy}")
        for given in inputs:
            if given.exists() and output.exists() and given.samefile(output):
                raise OutputError(f"{option} {output} is {given}, which is read. {remedy}")
        if output.exists() and not force:
            raise OutputError(
                f"{output} exists: choose another {option}, or give --force to have it moved aside."
            )
    except OSError as error:
        raise OutputError(
            f"{option} {output} cannot be used: {error.strerror or error}. {remedy}"
        ) from error


def replace_file(new: Path, target: Path, ours: str | None) -> Path | None:
    """Rename a file to `target`; return where what was there has been moved, if it was.

    It is deleted only if its SHA-256 is `ours`: that of what an earlier run wrote.
    """
    is_ours = target.is_file() and file_sha256(target) == ours
    aside = move_aside(target, target) if target.exists() and not is_ours else None
    new.replace(target)
    return aside
