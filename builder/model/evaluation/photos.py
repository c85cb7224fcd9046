"""Photos whose class is known: class folders, or a folder with a table of them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.photos import PHOTO_SUFFIXES

TABLE = "labels.csv"


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos and their classes."""

    files: tuple[Path, ...]
    truth: NDArray[Any]
    """Index of each photo's class [N], int."""


def read_labelled_photos(folder: Path, labels: Sequence[str]) -> LabelledPhotos:
    """List the photos in `folder` with the index of their class in `labels`.

    `labels.csv` in the folder has a column `file` and a column `class_index` or `label`. Without
    it, each class is a folder named like its label, spaces and case aside; a `val` folder of such
    folders is preferred where there is one beside `train`.
    Raises `PhotosError` for a folder without photos, or with classes that the model does not know.
    """
    if not folder.is_dir():
        raise PhotosError(f"{folder} is not a folder: name one that holds photos by class.")
    if (folder / TABLE).is_file():
        pairs = _from_table(folder / TABLE, labels)
    else:
        pairs = _from_folders(folder, labels)
    if not pairs:
        raise PhotosError(f"{folder} holds no photos: JPEG, PNG, WebP, GIF or BMP.")
    return LabelledPhotos(tuple(path for path, _ in pairs), np.array([index for _, index in pairs]))


def folded(name: str) -> str:
    """Return a name without what folders and labels tend to differ in: case, "_", "-", spaces."""
    return "".join(letter for letter in name.casefold() if letter not in "_- ")


def _from_folders(folder: Path, labels: Sequence[str]) -> list[tuple[Path, int]]:
    if (folder / "val").is_dir() and (folder / "train").is_dir():
        folder = folder / "val"
    known = {folded(label): index for index, label in enumerate(labels)}
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


def _from_table(table: Path, labels: Sequence[str]) -> list[tuple[Path, int]]:
    known = {folded(label): index for index, label in enumerate(labels)}
    pairs = []
    with table.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            place = f"{table}, line {number}"
            path = table.parent / (row.get("file") or "")
            if not row.get("file") or not path.is_file():
                raise PhotosError(f"{place}: there is no photo {row.get('file')!r}.")
            pairs.append((path, _index(row, known, len(labels), place)))
    return pairs


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
