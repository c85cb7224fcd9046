"""Looks at every photo before training starts, so that no run fails on a damaged one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.images.photos import decode_photo, open_picture
from builder.training.folders import Photo, PhotoSet
from builder.training.share import WHOLE, Share

TOLERATED = 0.05
"""Part of the photos that may be unreadable before it is an error."""
_LISTED = 10
_WORKERS = 4


def read_problem(path: Path) -> str | None:
    """Return why a photo cannot be read, in a few words; None where it can."""
    try:
        with open_picture(path) as image:
            # JPEG files are decoded at an eighth of their size, which still reads every byte.
            image.draft("RGB", (1, 1))
            image.load()
    except Exception as error:  # noqa: BLE001 (Pillow's decoders raise whatever they like)
        if _is_decoded(path):
            return None
        return str(error).replace(str(path), path.name) or type(error).__name__
    return None


def _is_decoded(path: Path) -> bool:
    """Return whether a photo can be decoded after all, because it lacks only its end marker."""
    try:
        decode_photo(path)
    except PhotosError:
        return False
    return True


def without_unreadable(
    photos: PhotoSet,
    folder: Path,
    warn: Callable[[str], None],
    share: Share = WHOLE,
) -> tuple[PhotoSet, dict[str, str]]:
    """Return the data set without photos that cannot be read, and these with the reasons.

    Each process reads its share, and then those that any of them could not read.
    Raises `PhotosError` where more than 5 % cannot be read, or a class loses all its photos.
    """
    everything = (*photos.train, *photos.val)
    suspects = [
        photo for photo, bad in zip(everything, _unreadable(everything, share), strict=True) if bad
    ]
    problems = {photo: read_problem(photo.path) for photo in suspects}
    skipped = {
        str(photo.path.relative_to(folder)): problem or "not by every process"
        for photo, problem in problems.items()
    }
    if not skipped:
        return photos, {}
    listed = [f"{path} ({problem})" for path, problem in list(skipped.items())[:_LISTED]]
    more = f" and {len(skipped) - _LISTED} more" if len(skipped) > _LISTED else ""
    if len(skipped) > TOLERATED * len(everything):
        raise PhotosError(
            f"{len(skipped)} of {len(everything)} photos in {folder} cannot be read, more than "
            f"{TOLERATED:.0%}: {', '.join(listed)}{more}. Repair or remove them."
        )
    for line in listed:
        warn(f"Skipped a photo that cannot be read: {line}")
    if more:
        warn(f"Skipped{more}; the report lists all of them.")
    bad = set(suspects)
    rest = PhotoSet(photos.labels, _without(photos.train, bad), _without(photos.val, bad))
    _require_every_class(rest, folder)
    return rest, skipped


def _unreadable(photos: Sequence[Photo], share: Share) -> NDArray[Any]:
    """Return for each photo whether the process whose share it is cannot read it [N], bool."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        found = pool.map(read_problem, [photo.path for photo in photos[share.slice]])
        own = np.array([problem is not None for problem in found], bool)
    return share.gather(own, len(photos))


def _without(photos: Sequence[Photo], bad: set[Photo]) -> tuple[Photo, ...]:
    return tuple(photo for photo in photos if photo not in bad)


def _require_every_class(photos: PhotoSet, folder: Path) -> None:
    for part, members in (("learn from", photos.train), ("check on", photos.val)):
        lost = set(range(len(photos.labels))) - {photo.label for photo in members}
        if lost:
            raise PhotosError(
                f"The class {photos.labels[min(lost)]!r} in {folder} has no readable photo to "
                f"{part}: repair or add some."
            )
