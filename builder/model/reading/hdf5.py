"""Untrusted HDF5 files: checked before Keras reads them."""

from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from builder.errors import ModelError

_FREE_BYTES = 64 << 20
_MOST_GROWTH = 200
"""Arrays may take this many times the file's size, or `_FREE_BYTES`: HDF5 can store an endless
array of zeros in no bytes at all."""

_FILTERS = frozenset({1, 2, 3, 4, 32000})
"""Deflate, shuffle, checksum, SZIP and LZF; HDF5 looks for a library to load for any other:
https://docs.hdfgroup.org/hdf5/develop/group___h5_z.html"""


def require_sound_hdf5(source: Path | BinaryIO, size: int, path: Path) -> None:
    """Raise `ModelError` where a file reaches out to other files, or claims arrays beyond reason.

    `size` is the file's own size, `path` what the error names. Raises what h5py raises (OSError,
    KeyError, RuntimeError …) where the file is damaged.
    """
    import h5py

    with h5py.File(source, "r") as file:
        total = 0
        for name, dataset in _datasets(file, "", path, set()):
            if dataset.external or dataset.is_virtual:
                raise _reaches_out(path, name)
            _require_known_filters(dataset, name, path)
            total += prod(dataset.shape or ()) * dataset.dtype.itemsize
            if total > max(_FREE_BYTES, size * _MOST_GROWTH):
                raise ModelError(
                    f"{path} has {size / 1e6:.1f} MB and claims arrays of more than "
                    f"{total / 1e6:,.0f} MB ({name!r}): refused. Save the model again."
                )


def _datasets(
    group: Any, prefix: str, path: Path, seen: set[tuple[int, int]]
) -> Iterator[tuple[str, Any]]:
    """Yield every array and its name; each group and array once, however many names it has."""
    import h5py

    for key in group:
        name = f"{prefix}/{key}"
        link = group.get(key, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise _reaches_out(path, name)
        item = group[key]
        place = h5py.h5o.get_info(item.id)
        if (place.fileno, place.addr) in seen:
            continue
        seen.add((place.fileno, place.addr))
        if isinstance(item, h5py.Dataset):
            yield name, item
        elif isinstance(item, h5py.Group):
            if prefix.count("/") > 60:
                raise ModelError(f"{path} nests its groups without end ({name[:60]!r} …): refused.")
            yield from _datasets(item, name, path, seen)


def _require_known_filters(dataset: Any, name: str, path: Path) -> None:
    """Refuse arrays that only a program loaded for them could unpack."""
    properties = dataset.id.get_create_plist()
    for index in range(properties.get_nfilters()):
        if properties.get_filter(index)[0] not in _FILTERS:
            raise ModelError(
                f"{path} packs {name!r} in a way that Keras does not: refused. Save the model "
                "again."
            )


def _reaches_out(path: Path, name: str) -> ModelError:
    return ModelError(
        f"{path} does not hold its own content: {name!r} is a link to something else, perhaps "
        "another file of yours. Refused; save the model again."
    )
