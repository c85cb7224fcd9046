"""How the animals of the zoo are registered, and the files that they are made of."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

Forms = Callable[[str], Path]
"""Where a form of the small classifier lies (`forms.py`)."""
Make = Callable[[Path, Forms], Path]
"""Makes the animal in an empty folder; returns what `--model` is to name."""

ZOO: dict[str, tuple[Make, str]] = {}
"""By name: what makes the animal in an empty folder, and the pattern of the sentence about it."""

OUTSIDE = "outside"
"""A folder beside the one that an animal is made in; the hostile ones want to write there."""


def animal(pattern: str, name: str = "") -> Callable[[Make], Make]:
    """Register what makes an animal, and the pattern of the sentence about it."""

    def register(make: Make) -> Make:
        ZOO[name or make.__name__.strip("_")] = (make, pattern)
        return make

    return register


def written(path: Path, content: bytes) -> Path:
    """Write a file, and the folder that it lies in; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    """Write an archive of these members; return its path."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_config(folder: Path, forms: Forms, config: bytes, form: str = "keras3.keras") -> Path:
    """Write a `.keras` file with another configuration; return its path."""
    with zipfile.ZipFile(io.BytesIO(forms(form).read_bytes())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(folder / "config.keras", {**members, "config.json": config})
