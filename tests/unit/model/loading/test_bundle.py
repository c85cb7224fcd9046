import io
import json
import zipfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity
from builder.model.loading.bundle import FAMILIARITY, MEMBER, ModelBundle, read_bundle, write_bundle
from builder.model.metadata import Calibration, Preprocessing, Rights

BUNDLE = ModelBundle(
    labels=("ash", "bäume", "cedar"),
    preprocessing=Preprocessing(
        *(96, 64),
        crop_fraction=1.0,
        fit="stretch",
        rescale_factor=1 / 127.5,
        image_mean=(1.0, 1.0, 1.0),
    ),
    calibration=Calibration(1.25, 0.6, 40, "fitted on 40 photos"),
    accuracy={"top1": 0.5, "data": "three trees"},
    name="Trees",
    rights=Rights("CC0-1.0", "https://example.org/", "By Ash & Oak"),
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


def test_what_tells_foreign_photos_travels_as_bytes(model: Path) -> None:
    numbers = np.arange(6, dtype=np.float32)
    familiarity = Familiarity(numbers.reshape(2, 3), numbers[:3], limit=1.5)
    write_bundle(model, replace(BUNDLE, familiarity=familiarity))
    bundle = read_bundle(model)
    assert bundle is not None
    assert bundle.familiarity is not None
    # A class's column has steps of its largest number / 127.
    np.testing.assert_allclose(bundle.familiarity.kernel, familiarity.kernel, atol=5 / 254)
    np.testing.assert_array_equal(bundle.familiarity.bias, familiarity.bias)
    assert bundle.familiarity.limit == 1.5
    write_bundle(model, BUNDLE)
    assert read_bundle(model) == BUNDLE, "an older one does not stay behind"


def test_a_file_of_an_earlier_version_has_its_temperature_and_licence(model: Path) -> None:
    write_bundle(model, BUNDLE)
    with zipfile.ZipFile(model) as archive:
        value = json.loads(archive.read(MEMBER))
    del value["calibration"], value["rights"]
    rewrite(model, {MEMBER: json.dumps({**value, "temperature": 1.5, "licence": "MIT"})})
    bundle = read_bundle(model)
    assert bundle is not None
    assert bundle.calibration == Calibration(1.5)
    assert bundle.rights == Rights(licence="MIT")


@pytest.mark.parametrize(
    "arrays",
    [
        {"kernel": np.zeros((2, 3)), "bias": np.zeros(2), "limit": 0.0},
        {"kernel": np.full((2, 3), np.nan), "bias": np.zeros(3), "limit": 0.0},
        {"kernel": np.zeros((2, 3)), "bias": np.zeros(3), "limit": np.inf},
        {"kernel": np.zeros((2, 3)), "bias": np.zeros(3)},
        {"kernel": np.array([[object()]]), "bias": np.zeros(1), "limit": 0.0},
    ],
)
def test_what_tells_foreign_photos_may_be_a_strangers(
    model: Path, arrays: dict[str, object]
) -> None:
    write_bundle(model, BUNDLE)
    content = io.BytesIO()
    np.savez(content, **arrays)
    rewrite(model, {FAMILIARITY: content.getvalue()})
    with pytest.raises(ModelError, match="foreign photos"):
        read_bundle(model)


def rewrite(model: Path, members: dict[str, str | bytes]) -> None:
    """Replace members of an archive."""
    with zipfile.ZipFile(model) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in members}
    with zipfile.ZipFile(model, "w") as archive:
        for name, content in {**kept, **members}.items():
            archive.writestr(name, content)


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


def _with_preprocessing(model: Path, preprocessing: dict[str, Any]) -> Path:
    value = {"format": 1, **asdict(BUNDLE), "preprocessing": preprocessing}
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr(MEMBER, json.dumps(value))
    return model


def test_a_bundle_of_before_the_geometry_is_a_crop(model: Path) -> None:
    old = asdict(BUNDLE.preprocessing)
    del old["fit"], old["resampling"]
    bundle = read_bundle(_with_preprocessing(model, old))
    assert bundle is not None
    assert (bundle.preprocessing.fit, bundle.preprocessing.resampling) == ("crop", "antialias")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("fit", "squeeze", "'squeeze' is none of crop, stretch, pad"),
        ("resampling", "<b>", "is none of antialias, canvas"),
        ("channel_order", "gbr", "is none of rgb, bgr"),
        ("crop_fraction", 1e-9, "the crop fraction 1e-09 is not from 0.1 to 1"),
        ("crop_fraction", 2, "not from 0.1 to 1"),
        ("image_std", [1, 0, 1], "its scaling is no scaling"),
        ("rescale_factor", 0, "its scaling is no scaling"),
        ("rescale_factor", 1e999, "has no number in preprocessing.rescaleFactor"),
        ("image_mean", ["1", 0, 1], r"has no number in preprocessing.imageMean\[0\]"),
        ("image_mean", [0, 0], "has no pair in preprocessing.imageMean"),
        ("grayscale", "no", "has neither true nor false in preprocessing.grayscale"),
        ("input_height", 96.5, "has no whole number in preprocessing.inputHeight"),
    ],
)
def test_nonsense_in_a_bundle_is_told(model: Path, name: str, value: Any, reason: str) -> None:
    bad = {**asdict(BUNDLE.preprocessing), name: value}
    with pytest.raises(ModelError, match=reason):
        read_bundle(_with_preprocessing(model, bad))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("name", 3, "has no text in name"),
        ("name", ["Trees"], "has no text in name"),
        ("name", "Trees\x1b]0;other title\x07", "has no line of text in name"),
        ("name", "\ud800", "has no line of text in name"),
        ("name", "T" * 1001, "has no line of text in name"),
        ("rights", {"licence": {"name": "CC0"}}, r"has no text in rights\.licence"),
        ("rights", {"licence": "CC0\nCC1"}, "has no line of text in licence"),
        ("rights", {"origin": "javascript:alert(1)"}, "does not begin with https://"),
        ("rights", {"origin": "https://e\x1b"}, "has no line of text in origin"),
        ("rights", {"notice": "By Ash\n\x1b[2J"}, "has no text in notice"),
        ("rights", {"notice": "A" * 20_001}, "has no text in notice"),
        ("labels", "ash", "has no list in labels"),
        ("labels", ["ash", None, {}], r"has no text in labels\[1\]"),
        ("accuracy", {"top1": float("nan")}, "has no number in accuracy"),
        ("accuracy", {"top1": True}, "has no number in accuracy"),
        ("accuracy", {"top1": [0.5]}, "has no number in accuracy"),
        ("accuracy", {"data": "\x1b[2J"}, "has no line of text in accuracy"),
        ("accuracy", {"\x1b": 1}, "has no line of text in accuracy"),
        ("accuracy", [0.5], "has no object in accuracy"),
        ("calibration", {"temperature": 1, "sure_from": 0.4, "photos": 1, "basis": "x"}, "0.4 is"),
        ("calibration", {"temperature": "1"}, "has no number in calibration.temperature"),
        ("calibration", {"photos": 1e999}, "has no whole number in calibration.photos"),
        ("calibration", {"basis": "\x1b[2J"}, "has no line of text in calibration"),
        ("calibration", [1], "cannot be read"),
    ],
)
def test_what_is_said_of_the_model_is_checked(
    model: Path, name: str, value: Any, reason: str
) -> None:
    """A bundle is a stranger's like the rest of the file; all of it reaches site.json."""
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr(MEMBER, json.dumps({"format": 1, **asdict(BUNDLE), name: value}))
    with pytest.raises(ModelError, match=reason) as caught:
        read_bundle(model)
    assert str(model) in caught.value.message


def test_a_member_of_endless_size_is_not_unpacked(model: Path) -> None:
    with zipfile.ZipFile(model, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, bytes(257 << 20))
    with pytest.raises(ModelError, match="has 257 MiB"):
        read_bundle(model)
