import zipfile
from pathlib import Path

import pytest

from builder.errors import ModelError
from builder.model.bundle import MEMBER, ModelBundle, read_bundle, write_bundle
from builder.model.metadata import Preprocessing

BUNDLE = ModelBundle(
    labels=("ash", "bäume", "cedar"),
    preprocessing=Preprocessing(96, 64, rescale_factor=1 / 127.5, image_mean=(1.0, 1.0, 1.0)),
    temperature=1.25,
    accuracy={"top1": 0.5, "data": "three trees"},
    name="Trees",
    licence="CC0-1.0",
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", bytes(1000))
    return path


def test_a_bundle_comes_back_as_it_was(model: Path) -> None:
    assert read_bundle(model) is None
    write_bundle(model, BUNDLE)
    assert read_bundle(model) == BUNDLE
    write_bundle(model, ModelBundle(("a", "b"), Preprocessing(32, 32)))
    assert read_bundle(model) == ModelBundle(("a", "b"), Preprocessing(32, 32))
    with zipfile.ZipFile(model) as archive:
        assert sorted(archive.namelist()) == [MEMBER, "config.json", "model.weights.h5"]
        assert archive.read("model.weights.h5") == bytes(1000)
    assert [path.name for path in model.parent.iterdir()] == ["model.keras"]


def test_a_failure_leaves_the_old_file(model: Path) -> None:
    before = model.read_bytes()
    unfit = ModelBundle(("a",), Preprocessing(32, 32), accuracy={"top1": object()})
    with pytest.raises(TypeError):
        write_bundle(model, unfit)
    assert model.read_bytes() == before
    assert [path.name for path in model.parent.iterdir()] == ["model.keras"]


def test_what_is_no_archive_has_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "model.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    assert read_bundle(path) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("nonsense", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"format": 1}', "cannot be read"),
        ('{"format": 2}', "another version of classifier-pwa"),
        ('{"format": 1, "labels": ["a"], "preprocessing": {"size": 3}}', "cannot be read"),
    ],
)
def test_a_bad_bundle_is_told(model: Path, content: str, reason: str) -> None:
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr(MEMBER, content)
    with pytest.raises(ModelError, match=reason) as caught:
        read_bundle(model)
    assert str(model) in caught.value.message
