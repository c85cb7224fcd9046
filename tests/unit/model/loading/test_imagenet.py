import json
import os
import shutil
import subprocess
import sys
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from builder.errors import ModelError
from builder.model.loading import imagenet
from builder.model.loading.applications import create_application
from builder.model.loading.imagenet import WeightsUnavailableError, imagenet_weights
from builder.model.setup import keras as import_keras

import_keras()
FILE = "mobilenet_2_5_224_tf.h5"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache of Keras's, on a machine without a network."""

    def refuse(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(imagenet, "keras_cache", lambda: tmp_path)
    monkeypatch.setattr("keras.src.backend.config.keras_home", lambda: str(tmp_path))
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refuse)
    return tmp_path


def test_a_missing_file_is_told_with_the_place_and_the_ways_out(cache: Path) -> None:
    with pytest.raises(WeightsUnavailableError) as caught:
        create_application("mobilenet", alpha=0.25)
    message = caught.value.message
    assert FILE in message
    assert f"Keras's cache ({cache})" in message
    assert "Name or service not known" in message
    assert "--weights PATH" in message
    assert "efficientnet-lite0 or demo" in message


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"\x89HDF\r\n\x1a\n" + bytes(99)])
def test_a_damaged_file_in_the_cache_is_told_and_stays(cache: Path, content: bytes) -> None:
    path = cache / FILE
    path.write_bytes(content)
    with pytest.raises(WeightsUnavailableError, match=rf"{FILE} in Keras's cache is damaged"):
        create_application("mobilenet", alpha=0.25)
    assert path.read_bytes() == content


def test_a_file_of_another_hash_is_told_and_stays(cache: Path) -> None:
    """Keras itself would download it anew, and delete it where that fails."""
    path = cache / "weights_mobilenet_v3_small_224_1.0_float.h5"
    path.write_bytes(b"not these")
    with pytest.raises(WeightsUnavailableError, match="is damaged"):
        create_application("mobilenetv3small")
    assert path.read_bytes() == b"not these"


def test_keras_gets_its_own_function_back(cache: Path) -> None:
    from keras.src.utils import file_utils

    before = file_utils.get_file
    with imagenet_weights():
        assert file_utils.get_file is not before
    assert file_utils.get_file is before
    with pytest.raises(ModelError):
        create_application("mobilenet", alpha=0.25)
    assert file_utils.get_file is before


def test_progress_goes_to_stderr(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError):
        create_application("mobilenet", alpha=0.25)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Downloading data from" in captured.err


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("mobilenet", {"alpha": 0.3}, "with alpha 0.3, only with 0.25, 0.5, 0.75 and 1"),
        ("mobilenet", {"input_size": 100}, "for 100 pixels, only for 128, 160, 192 and 224"),
        ("resnet50", {"alpha": 0.5}, "ResNet 50 has no width multiplier"),
        ("resnet50", {"input_size": 128}, "Keras cannot build ResNet 50 for a side of 128"),
        ("mobilenet", {"input_size": 16, "weights": None}, "Keras cannot build MobileNet v1"),
    ],
)
def test_what_keras_does_not_have_is_told(
    cache: Path, name: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        create_application(name, **options)


PROGRAM = (
    "import json, sys\n"
    "from builder.config import SiteConfig\n"
    "from builder.errors import BuilderError\n"
    "from builder.model.loading.load import load_source\n"
    "try:\n"
    "    source = load_source(SiteConfig(model='mobilenet', alpha=0.25), print)\n"
    "    print(json.dumps([source.provenance.weights, source.labels[0]]))\n"
    "except BuilderError as error:\n"
    "    print(json.dumps(error.message))\n"
)


def _run(home: Path) -> tuple[Any, str]:
    # A proxy on a closed port: the machine's own network plays no part.
    offline = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY"), "http://127.0.0.1:9")
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            **offline,
            "KERAS_HOME": str(home),
            "NO_PROXY": "",
            "no_proxy": "",
            # What a process inherits from one that imported JAX: no word of TensorFlow's even so.
            "TF_CPP_MIN_LOG_LEVEL": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout), result.stderr


@pytest.mark.slow
def test_keras_home_is_where_weights_are_looked_for(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    shutil.copy(shared / "weights" / FILE, tmp_path / "models")
    assert _run(tmp_path) == (["imagenet", "tench"], "")


@pytest.mark.slow
def test_without_network_and_cache_the_error_names_both(tmp_path: Path) -> None:
    message, _ = _run(tmp_path)
    assert f"Keras's cache ({tmp_path / 'models'})" in message
    assert "Connection refused" in message
