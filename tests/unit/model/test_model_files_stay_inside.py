"""Strangers' model files neither write outside of where they are unpacked nor read other files."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.loading.load import load_source
from tests.models import CLASSES, lively_mobilenet

SECRET = np.full((4, 4), 42.0, "float32")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working directory with a secret beside it."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["secret"] = SECRET
    (tmp_path / "secret.bin").write_bytes(SECRET.tobytes())
    work = tmp_path / "work"
    work.mkdir()
    (work / "labels.txt").write_text("".join(f"{name}\n" for name in CLASSES))
    monkeypatch.chdir(work)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return work


def load(path: Path, **settings: Any) -> Any:
    config = SiteConfig(model=str(path), labels=Path("labels.txt"))
    if settings:
        config = SiteConfig(**settings, weights=str(path), labels=Path("labels.txt"))
    return load_source(config, lambda _: None)


def rewritten(model: Path, target: Path, change: Callable[[Path], None]) -> Path:
    """Copy a `.keras` file with its weights changed."""
    weights = target.with_suffix(".weights.h5")
    with zipfile.ZipFile(model) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "model.weights.h5":
                weights.write_bytes(content)
                change(weights)
                content = weights.read_bytes()
            new.writestr(name, content)
    weights.unlink()
    return target


def first_dataset(file: h5py.File) -> str:
    """Return the path of the largest array."""
    found: dict[str, int] = {}
    file.visititems(
        lambda name, item: (
            found.update({name: item.size}) if isinstance(item, h5py.Dataset) else None
        )
    )
    return max(found, key=lambda name: found[name])


def link_to_the_secret(path: Path) -> None:
    """Replace an array by a link into another file."""
    with h5py.File(path, "r+") as file:
        name = first_dataset(file)
        del file[name]
        file[name] = h5py.ExternalLink("../secret.h5", "secret")


def take_bytes_of_the_secret(path: Path) -> None:
    """Replace an array by one whose bytes lie in another file."""
    with h5py.File(path, "r+") as file:
        name = first_dataset(file)
        shape = file[name].shape
        del file[name]
        size = int(np.prod(shape)) * 4
        secret = path.parent.parent / "secret.bin"
        file.create_dataset(name, shape, "float32", external=[(str(secret), 0, size)])


READS = [link_to_the_secret, take_bytes_of_the_secret]


@pytest.mark.parametrize("change", READS)
def test_a_keras_file_cannot_read_other_files(
    work: Path, trees: tuple[Path, Path], change: Callable[[Path], None]
) -> None:
    path = rewritten(trees[0], work / "model.keras", change)
    with pytest.raises(ModelError) as caught:
        load(path)
    assert "model.keras" in caught.value.message


@pytest.mark.slow
@pytest.mark.parametrize("change", READS)
@pytest.mark.parametrize("name", ["whole.h5", "trees.weights.h5"])
def test_an_hdf5_file_cannot_read_other_files(
    work: Path, name: str, change: Callable[[Path], None]
) -> None:
    model = lively_mobilenet(input_size=32)
    path = work / name
    if name == "whole.h5":
        model.save(path)
        settings = {}
    else:
        model.save_weights(path)
        settings = {"model": "mobilenet", "alpha": 0.25, "input_size": 32}
    change(path)
    with pytest.raises(ModelError) as caught:
        load(path, **settings)
    assert name in caught.value.message


@pytest.mark.parametrize("member", ["../evil.txt", "/evil.txt", "assets/../../evil.txt"])
def test_an_archive_cannot_write_outside(work: Path, trees: tuple[Path, Path], member: str) -> None:
    path = work / "model.keras"
    shutil.copy(trees[0], path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, "evil")
    with pytest.raises(ModelError, match=r"model\.keras"):
        load(path)
    assert list(work.parent.rglob("evil*")) == []
    assert not Path("/evil.txt").exists()
