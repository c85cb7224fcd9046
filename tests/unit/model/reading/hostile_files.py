"""Files that lead elsewhere, have no end, or need a library to be read."""

import os
from pathlib import Path

import h5py

from tests.unit.model.reading.animals import OUTSIDE, Forms, animal, written


def _secret(folder: Path) -> Path:
    return folder.parent / OUTSIDE / "secret"


@animal("is a link that leads out of", "a shard that is a link")
def _shard(folder: Path, forms: Forms) -> Path:
    written(folder / "model.json", (forms("layers") / "model.json").read_bytes())
    (folder / "weights.bin").symlink_to(_secret(folder))
    return folder / "model.json"


@animal("is no plain file", "a shard that is a pipe")
def _pipe(folder: Path, forms: Forms) -> Path:
    written(folder / "model.json", (forms("layers") / "model.json").read_bytes())
    os.mkfifo(folder / "weights.bin")
    return folder


@animal("is a pipe or a device", "a model that is a device")
def _device(_folder: Path, _forms: Forms) -> Path:
    return Path("/dev/zero")


@animal("is a link that leads out of", "labels that are a link")
def _labels(folder: Path, forms: Forms) -> Path:
    written(folder / "keras_model.h5", forms("keras2.h5").read_bytes())
    (folder / "labels.txt").symlink_to(_secret(folder))
    return folder


@animal("is a link that leads out of", "variables that are a link")
def _variables(folder: Path, forms: Forms) -> Path:
    written(folder / "saved_model.pb", (forms("saved_model") / "saved_model.pb").read_bytes())
    (folder / "variables").mkdir()
    for file in (forms("saved_model") / "variables").iterdir():
        (folder / "variables" / file.name).symlink_to(_secret(folder))
    return folder


@animal("packs .* in a way that Keras does not", "arrays that need a library")
def _filter(folder: Path, forms: Forms) -> Path:
    path = written(folder / "model.h5", forms("keras3.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((4,))
        # Optional, so that it can be written without: Blosc.
        properties.set_filter(32001, h5py.h5z.FLAG_OPTIONAL)
        space = h5py.h5s.create_simple((4,))
        h5py.h5d.create(file.id, b"packed", h5py.h5t.IEEE_F32LE, space, properties)
    return path


@animal("lacks the weights|Keras cannot load|do not fit|is damaged", "groups of endless ways")
def _ways(folder: Path, forms: Forms) -> Path:
    """Two links to the next group in each of forty: a trillion ways to the end."""
    path = written(folder / "model.h5", forms("keras3.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        group = file.create_group("ways")
        for _ in range(40):
            following = group.create_group("a")
            group["b"] = following
            group = following
        del file["model_weights"]
    return path
