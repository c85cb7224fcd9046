"""Writes a new project's files: all of them or none, and never over what is there."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from builder.errors import LabelsError, OutputError
from builder.labels.reading import read_labels
from builder.output.machine import surroundings
from builder.output.places import refusal_of_file
from builder.project.answers import Answers
from builder.project.files import LABELS_NAME, project_files


def write_project(folder: Path, answers: Answers) -> list[Path]:
    """Write a new project into a folder, which is made where it is missing; return the paths.

    Raises OutputError where one of the files exists or cannot be written, and LabelsError where
    the class names would not be read as they are. What was written until then is removed.
    """
    files = project_files(answers)
    _require_own_place(folder, files)
    existing = [str(folder / path) for path in files if _is_there(folder / path)]
    if existing:
        raise OutputError(
            f"{', '.join(existing)} exists, and init overwrites nothing: choose another folder,"
            " or move it away."
        )
    written: list[Path] = []
    try:
        _write(folder, files, written)
        _require_names(folder / LABELS_NAME, answers.class_names)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def _require_own_place(folder: Path, files: Mapping[PurePosixPath, str]) -> None:
    """Raise OutputError where the files would lie in a place of the system's."""
    around = surroundings()
    for relative in files:
        path = folder / relative
        reason = refusal_of_file(path.resolve(), around)
        if reason:
            raise OutputError(f"{path} {reason}: nothing is written there. Choose another folder.")


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(folder: Path, files: Mapping[PurePosixPath, str], written: list[Path]) -> None:
    for relative, text in files.items():
        path = folder / relative
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
        except OSError as error:
            raise OutputError(
                f"{path} cannot be written: {error.strerror or error}. Choose another folder."
            ) from error


def _require_names(path: Path, names: tuple[str, ...]) -> None:
    """Raise LabelsError unless a build would read these names from the file."""
    if not names:
        return
    read = read_labels(path)
    if read != names:
        raise LabelsError(
            f"In a text, the class names {', '.join(names)} would be read as {', '.join(read)}."
            " Leave --class-names out, and write them as a list into a .json file."
        )
