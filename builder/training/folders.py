"""Finds the photos of a data set and divides them into training and validation."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from builder.errors import PhotosError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})
"""What counts as a photo, in lower case."""
_PARTS = ("train", "val")


@dataclass(frozen=True)
class Photo:
    """One photo and the class it belongs to."""

    path: Path
    label: int
    """Index into the labels."""


@dataclass(frozen=True)
class PhotoSet:
    """A data set, divided."""

    labels: tuple[str, ...]
    """Folder names, sorted: the order of the network's outputs."""
    train: tuple[Photo, ...]
    val: tuple[Photo, ...]


def read_photo_set(folder: Path, validation_fraction: float, seed: int) -> PhotoSet:
    """List the photos under `folder` and split them, each class by itself.

    The split depends on the photos' names, `validation_fraction` and `seed` alone.
    Raises `PhotosError` for folders that cannot be trained on.
    """
    if not folder.is_dir():
        raise PhotosError(f"{folder} is not a folder: name one that holds a folder for each class.")
    parts = [folder / name for name in _PARTS]
    if all(part.is_dir() for part in parts):
        train, val = (_read_classes(part) for part in parts)
        _check_same_classes(train, val, folder)
        _check_classes(train, parts[0])
        labels = tuple(train)
        return PhotoSet(labels, _number(train, labels), _number(val, labels))
    classes = _read_classes(folder)
    _check_classes(classes, folder)
    labels = tuple(classes)
    train, val = {}, {}
    for label, paths in classes.items():
        train[label], val[label] = split_class(label, paths, validation_fraction, seed)
    return PhotoSet(labels, _number(train, labels), _number(val, labels))


def split_class(
    label: str, paths: tuple[Path, ...], validation_fraction: float, seed: int
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Divide one class: at least one photo on either side, the same ones for the same seed."""

    def rank(path: Path) -> bytes:
        return hashlib.sha256(f"{seed}\0{label}\0{path.name}".encode()).digest()

    count = min(max(1, round(len(paths) * validation_fraction)), len(paths) - 1)
    held_back = set(sorted(paths, key=rank)[:count])
    return (
        tuple(path for path in paths if path not in held_back),
        tuple(path for path in paths if path in held_back),
    )


def _read_classes(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return each class folder's photos, all sorted by name; hidden folders are not classes."""
    return {
        entry.name: tuple(
            sorted(
                path
                for path in entry.rglob("*")
                if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
            )
        )
        for entry in sorted(folder.iterdir())
        if entry.is_dir() and not entry.name.startswith(".")
    }


def _number(classes: dict[str, tuple[Path, ...]], labels: tuple[str, ...]) -> tuple[Photo, ...]:
    return tuple(
        Photo(path, index) for index, label in enumerate(labels) for path in classes[label]
    )


def _check_classes(classes: dict[str, tuple[Path, ...]], folder: Path) -> None:
    if not classes:
        raise PhotosError(
            f"{folder} holds no class folders: make one folder for each class, named as the class."
        )
    if len(classes) == 1:
        raise PhotosError(
            f"{folder} holds one class only ({next(iter(classes))}): a classifier needs two."
        )
    by_folded: dict[str, str] = {}
    for label in classes:
        other = by_folded.setdefault(label.casefold(), label)
        if other != label:
            raise PhotosError(
                f"The class folders {other!r} and {label!r} in {folder} differ only by case: "
                "merge or rename them."
            )
    short = [label for label, paths in classes.items() if len(paths) < 2]
    if short:
        raise PhotosError(
            f"{folder / short[0]} holds {len(classes[short[0]])} photo(s), and a class needs at "
            "least two, one to learn from and one to check on: add photos or remove the folder."
        )


def _check_same_classes(
    train: dict[str, tuple[Path, ...]], val: dict[str, tuple[Path, ...]], folder: Path
) -> None:
    odd = sorted(set(train) ^ set(val))
    if odd:
        where, other = ("train", "val") if odd[0] in train else ("val", "train")
        raise PhotosError(
            f"{folder / where} has a class {odd[0]!r} that {folder / other} has not: "
            "both need the same class folders."
        )
    empty = [label for label, paths in val.items() if not paths]
    if empty:
        raise PhotosError(f"{folder / 'val' / empty[0]} holds no photo: add some to check on.")
