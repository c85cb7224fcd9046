"""HDF5 files from strangers: looked over before Keras reads them."""

from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from builder.errors import ModelError

_FREE_BYTES = 64 << 20
_MOST_GROWTH = 200
"""Arrays may take this many times the file's size, or `_FREE_BYTES`: HDF5 can store an endless
array of zeros in no bytes at all."""


def require_sound_hdf5(source: Path | BinaryIO, size: int, path: Path) -> None:
    """Raise `ModelError` where a file reaches out to other files, or claims arrays beyond reason.

    `size` is the file's own size, `path` what the error names. Raises what h5py raises (OSError,
    KeyError, RuntimeError …) where the file is damaged.
    """
    import h5py

    with h5py.File(source, "r") as file:
        total = 0
        for name, dataset in _datasets(file, "", path):
            if dataset.external or dataset.is_virtual:
                raise _reaches_out(path, name)
            total += prod(dataset.shape or ()) * dataset.dtype.itemsize
            if total > max(_FREE_BYTES, size * _MOST_GROWTH):
                raise ModelError(
                    f"{path} has {size / 1e6:.1f} MB and claims arrays of more than "
                    f"{total / 1e6:,.0f} MB ({name!r}): refused. Save the model again."
                )


def _datasets(group: Any, prefix: str, path: Path) -> Iterator[tuple[str, Any]]:
    import h5py

    for key in group:
        name = f"{prefix}/{key}"
        link = group.get(key, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise _reaches_out(path, name)
        item = group[key]
        if isinstance(item, h5py.Dataset):
            yield name, item
        elif isinstance(item, h5py.Group):
            if prefix.count("/") > 60:
                raise ModelError(f"{path} nests its groups without end ({name[:60]!r} …): refused.")
            yield from _datasets(item, name, path)


def _reaches_out(path: Path, name: str) -> ModelError:
    return ModelError(
        f"{path} does not hold its own content: {name!r} is a link to something else, perhaps "
        "another file of yours. Refused; save the model again."
    )
