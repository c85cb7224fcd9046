"""Photos whose class is known: class folders, or a folder with a table of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import LabelsError, PhotosError
from builder.git_lfs import require_no_pointers
from builder.labels.rows import table_rows
from builder.model.images.photos import PHOTO_SUFFIXES

TABLE = "labels.csv"


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos and their classes."""

    files: tuple[Path, ...]
    truth: NDArray[Any]
    """Index of each photo's class [N], int."""


def read_labelled_photos(
    folder: Path, labels: Sequence[str], folders: Sequence[str] = ()
) -> LabelledPhotos:
    """List the photos in `folder` with the index of their class in `labels`.

    `labels.csv` in the folder has a column `file` and a column `class_index` or `label`. Without
    it, each class is a folder named like its label, spaces and case aside; a `val` folder of such
    folders is preferred where there is one beside `train`. `folders` are other names of the
    classes: what the folders were called that the model learnt from.
    Raises `PhotosError` for a folder without photos, or with classes that the model does not know.
    """
    if not folder.is_dir():
        raise PhotosError(f"{folder} is not a folder: name one that holds photos by class.")
    if (folder / TABLE).is_file():
        pairs = _from_table(folder / TABLE, labels, folders)
    else:
        pairs = _from_folders(folder, labels, folders)
    if not pairs:
        raise PhotosError(f"{folder} holds no photos: JPEG, PNG, WebP, GIF or BMP.")
    return LabelledPhotos(tuple(path for path, _ in pairs), np.array([index for _, index in pairs]))


def folded(name: str) -> str:
    """Return a name without what folders and labels tend to differ in: case, "_", "-", spaces."""
    return "".join(letter for letter in name.casefold() if letter not in "_- ")


def _known(labels: Sequence[str], folders: Sequence[str]) -> dict[str, int]:
    """Return the index of each class by its names; labels count for more than folders."""
    return {folded(name): index for names in (folders, labels) for index, name in enumerate(names)}


def _from_folders(
    folder: Path, labels: Sequence[str], folders: Sequence[str]
) -> list[tuple[Path, int]]:
    if (folder / "val").is_dir() and (folder / "train").is_dir():
        folder = folder / "val"
    known = _known(labels, folders)
    pairs = []
    for entry in sorted(path for path in folder.iterdir() if path.is_dir()):
        if entry.name.startswith("."):
            continue
        index = known.get(folded(entry.name))
        if index is None:
            raise PhotosError(
                f"The folder {entry} is named after no class of the model. It knows "
                f"{len(labels)} classes: {', '.join(labels[:8])}{' …' if len(labels) > 8 else ''}."
            )
        pairs += [
            (path, index)
            for path in sorted(entry.rglob("*"))
            if path.suffix.lower() in PHOTO_SUFFIXES and not path.name.startswith(".")
        ]
    return pairs


def _from_table(
    table: Path, labels: Sequence[str], folders: Sequence[str]
) -> list[tuple[Path, int]]:
    known = _known(labels, folders)
    pairs = []
    for number, row in _rows(table):
        place = f"{table}, line {number}"
        path = table.parent / (row.get("file") or "")
        if not row.get("file") or not path.is_file():
            raise PhotosError(f"{place}: there is no photo {row.get('file')!r}.")
        pairs.append((path, _index(row, known, len(labels), place)))
    return pairs


def _rows(table: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row's line in the file, and its cells by the titles of the columns."""
    require_no_pointers([table], PhotosError)
    try:
        text = table.read_text(encoding="utf-8-sig")
        rows = table_rows(text, table, ",", lambda cells: "file" in map(str.lower, cells))
    except LabelsError as error:
        raise PhotosError(error.message) from error
    except OSError as error:
        raise PhotosError(f"{table} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PhotosError(f"{table} is not UTF-8: save it as UTF-8 and try again.") from error
    titles = [title.lower() for title in rows[0][1]] if rows else []
    return [(number, dict(zip(titles, cells, strict=False))) for number, cells in rows[1:] if cells]


def _index(row: dict[str, str], known: dict[str, int], count: int, place: str) -> int:
    if row.get("class_index"):
        if not row["class_index"].isdecimal() or int(row["class_index"]) >= count:
            raise PhotosError(
                f"{place}: the class index {row['class_index']!r} is none of the model's "
                f"0 to {count - 1}. Were the photos labelled for another model?"
            )
        return int(row["class_index"])
    index = known.get(folded(row.get("label") or ""))
    if index is None:
        raise PhotosError(f"{place}: the model has no class {row.get('label')!r}.")
    return index
