"""A clone without Git LFS has small texts in the place of files: they are called what they are."""

import json
import shutil
from pathlib import Path

import pytest

from builder.errors import BuilderError, LabelsError, ModelError, PhotosError
from builder.git_lfs import is_pointer
from builder.labels import read_labels
from builder.model.images.labelled_photos import read_labelled_photos
from builder.model.images.photos import decode_photo
from builder.model.reading.reader import read_network
from builder.model.reading.weights_file import inspect_file

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


def pointer(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(POINTER)
    return path


def said_of(path: Path, error: BuilderError) -> None:
    assert f"{path} is a Git LFS pointer" in error.message
    assert "git lfs pull" in error.message


@pytest.mark.parametrize("name", ["labels.txt", "labels.csv", "labels.json"])
def test_labels(name: str, tmp_path: Path) -> None:
    path = pointer(tmp_path / name)
    with pytest.raises(LabelsError) as caught:
        read_labels(path)
    said_of(path, caught.value)


@pytest.mark.parametrize("name", ["a.keras", "a.h5", "a.weights.h5", "model.json", "model.zip"])
def test_models_of_one_file(name: str, tmp_path: Path) -> None:
    path = pointer(tmp_path / name)
    with pytest.raises(ModelError) as caught:
        read_network(path)
    said_of(path, caught.value)


def test_weights_of_a_named_network(tmp_path: Path) -> None:
    path = pointer(tmp_path / "weights.h5")
    with pytest.raises(ModelError) as caught:
        inspect_file(path)
    said_of(path, caught.value)


@pytest.mark.parametrize(
    "name",
    [
        *("saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index"),
        *(
            "group1-shard1of1.bin",
            "group1-shard1of2",
            "labels.txt",
            "metadata.json",
            "deeper/keras_model.h5",
        ),
    ],
)
def test_any_file_of_a_models_folder(name: str, tmp_path: Path) -> None:
    path = pointer(tmp_path / name)
    (tmp_path / "model.json").write_text(json.dumps({"weightsManifest": []}))
    with pytest.raises(ModelError) as caught:
        read_network(tmp_path)
    said_of(path, caught.value)
    shutil.rmtree(path.parent) if path.parent != tmp_path else path.unlink()
    pointer(tmp_path / "photo.jpg")
    with pytest.raises(ModelError, match="is no model"):
        read_network(tmp_path)


def test_photos_and_their_table(tmp_path: Path) -> None:
    photo = pointer(tmp_path / "a.jpg")
    with pytest.raises(PhotosError) as caught:
        decode_photo(photo)
    said_of(photo, caught.value)
    table = pointer(tmp_path / "labels.csv")
    with pytest.raises(PhotosError) as caught:
        read_labelled_photos(tmp_path, ("ash",))
    said_of(table, caught.value)


def test_what_only_begins_like_one_is_none() -> None:
    assert is_pointer(POINTER)
    assert not is_pointer(POINTER + bytes(2000))
    assert not is_pointer(b"version 2 of our labels\n")
