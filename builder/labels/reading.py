"""Reads class names from a file of any of the forms that people have them in."""

from functools import cache
from pathlib import Path

from builder.errors import LabelsError
from builder.git_lfs import require_no_pointers
from builder.labels.json_file import json_columns
from builder.labels.lines import split_lines, without_numbers
from builder.labels.names import ClassNames, Column, class_names
from builder.labels.rows import find_delimiter
from builder.labels.table import table_columns
from builder.labels.titles import is_header
from builder.resources import assets

_MAX_BYTES = 16 * 1024 * 1024


@cache
def imagenet_labels() -> tuple[str, ...]:
    """Return the 1,000 class names of ImageNet (ILSVRC 2012) in the order of Keras's outputs.

    No two are equal: WordNet's two cranes and two maillots have a word in parentheses.
    """
    return read_labels(assets() / "labels" / "imagenet-1k.csv")


def read_labels(path: Path) -> tuple[str, ...]:
    """Read the names that count of a file, in the order of the model's outputs.

    Raises `LabelsError` as `read_class_names` does.
    """
    return read_class_names(path).names


def read_class_names(path: Path) -> ClassNames:
    """Read class names from a text, CSV, TSV or JSON file, in one language or in several.

    Text has one name a line, perhaps with its index before it ("0 ash"). CSV and TSV have a header
    with a column "label", "name" or "class" (and perhaps "class_index", which then gives the
    order), or one for each language, called by its tag; or a single column. Semicolons and tabs
    between the columns are found by themselves, in a text as well. JSON is a list of names, an
    object from index to name or from name to index, or an object from language to a list of names.
    The first language is the one that counts.
    Raises `LabelsError` where the file cannot be read or can be read in two ways, a language is
    unknown or has not a name for each class, or a name is missing, occurs twice, or is not one line
    of text.
    """
    text = _read_text(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        columns = json_columns(text, path)
    elif suffix in (".csv", ".tsv"):
        columns = table_columns(text, path, "\t" if suffix == ".tsv" else ",")
    else:
        columns = _from_text(text, path)
    if not columns or not columns[0].placed:
        raise LabelsError(f"{path} has no class names: write one a line, in the model's order.")
    return class_names(columns, path)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise LabelsError(
                f"{path} is larger than {_MAX_BYTES >> 20} MiB, which no list of class names is."
            )
        content = path.read_bytes()
        require_no_pointers([path], LabelsError)
    except OSError as error:
        raise LabelsError(f"The labels {path} cannot be read: {error.strerror}.") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LabelsError(
            f"{path}, line {line}: not UTF-8. Save the file as UTF-8 and try again."
        ) from error
    if "\0" in text:
        raise LabelsError(f"{path} is a binary file, not a list of class names.")
    return text


def _from_text(text: str, path: Path) -> list[Column]:
    lines = split_lines(text)
    delimiter = find_delimiter(text, path, is_header, ";\t") if len(lines) > 1 else None
    if delimiter is not None:
        return table_columns(text, path, delimiter)
    return [Column(None, without_numbers(lines, path))]
