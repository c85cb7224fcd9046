"""What several processes must have in common, in a few words that are quickly exchanged."""

import hashlib
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from builder.hashing import file_sha256
from builder.training.checkpoints import IRRELEVANT, Checkpoints
from builder.training.folders import PhotoSet
from builder.training.options import TrainOptions

Likeness = dict[str, str]
"""Name and value of each thing that must be the same, in words for people."""

_PACKAGES = ("classifier-pwa", "jax", "keras", "numpy", "tensorflow")
_MOST_LETTERS = 80


def likeness_of(options: TrainOptions, photos: PhotoSet) -> Likeness:
    """Return what must be the same in all processes: photos, options and versions."""
    files = (*photos.train, *photos.val)
    contents = [(file_sha256(photo.path), photo.label) for photo in files]
    alike = {
        "classes": f"{len(photos.labels)} ({_digest(photos.labels)})",
        "photos": f"{len(photos.train)} to learn from, {len(photos.val)} to check on",
        "files' contents": _digest(contents),
        "earlier run": _earlier(options),
    }
    for name, value in asdict(options).items():
        if name not in IRRELEVANT - {"resume", "force"}:
            is_file = isinstance(value, Path | str) and Path(value).is_file()
            alike[f"--{name.replace('_', '-')}"] = (
                f"file {file_sha256(Path(value))[:16]}" if is_file else str(value)[:_MOST_LETTERS]
            )
    return alike | {f"version of {name}": version(name) for name in _PACKAGES}


def differences(first: Likeness, other: Likeness) -> str:
    """Return what differs: "--seed (0 there, 1 here)"; "" where nothing does."""
    names = sorted({*first, *other}, key=[*first, *other].index)
    return ", ".join(
        f"{name} ({first.get(name)} in process 0, {other.get(name)} in the other)"
        for name in names
        if first.get(name) != other.get(name)
    )


def _earlier(options: TrainOptions) -> str:
    """Return what this process sees of an interrupted run: all need to see the same folder."""
    state = Checkpoints(options.work_folder).read()
    return f"{len(state.history)} epochs" if state else "none"


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
