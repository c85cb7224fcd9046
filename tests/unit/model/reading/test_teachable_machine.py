"""Which of Teachable Machine's projects are refused, and that it takes no TensorFlow to tell."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.errors import ModelError
from builder.model.reading.teachable_machine import require_image_project

SOUNDS = {
    "tfjsSpeechCommandsVersion": "0.4.0",
    "modelName": "TMv2",
    "wordLabels": ["Background Noise", "clap"],
}
POSES = {
    "tfjsVersion": "1.3.1",
    "tmVersion": "0.8.6",
    "packageVersion": "0.8.6",
    "packageName": "@teachablemachine/pose",
    "modelName": "my-pose-model",
    "labels": ["up", "down"],
    "modelSettings": {"posenet": {"architecture": "MobileNetV1"}},
}
IMAGES = {"tmVersion": "2.4.10", "packageName": "@teachablemachine/image", "labels": ["a", "b"]}


def write(folder: Path, metadata: dict[str, Any]) -> Path:
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("metadata", "what"),
    [
        (SOUNDS, "sounds"),
        ({"wordLabels": ["clap"]}, "sounds"),
        (POSES, "poses"),
        ({**IMAGES, "packageName": "@teachablemachine/text"}, "no images"),
    ],
)
def test_other_projects_are_refused_by_what_they_classify(
    metadata: dict[str, Any], what: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=rf"json: this Teachable .* project classifies {what}\."):
        require_image_project(write(tmp_path, metadata))


@pytest.mark.parametrize("metadata", [IMAGES, {"tmVersion": "0.11.1"}, {"format": 1}, {}])
def test_images_and_metadata_of_others_pass(metadata: dict[str, Any], tmp_path: Path) -> None:
    require_image_project(write(tmp_path, metadata))


def _folder(place: Path) -> Path:
    return place


def _file(place: Path) -> Path:
    return place / "model.json"


def _archive(place: Path) -> Path:
    with zipfile.ZipFile(place / "tm.zip", "w") as archive:
        archive.write(place / "metadata.json", "metadata.json")
        archive.write(place / "model.json", "model.json")
    return place / "tm.zip"


@pytest.mark.parametrize("given", [_folder, _file, _archive])
def test_no_tensorflow_is_needed_to_tell(given: Callable[[Path], Path], tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    path = given(write(tmp_path, SOUNDS))
    code = (
        "import sys\n"
        "from builder.config import SiteConfig\n"
        "from builder.errors import ModelError\n"
        "from builder.model.conversion import convert_model\n"
        "try:\n"
        "    convert_model(SiteConfig(model=sys.argv[1]), print, print)\n"
        "except ModelError as error:\n"
        "    print(error.message)\n"
        "print('tensorflow' in sys.modules)\n"
    )
    run = [sys.executable, "-c", code, str(path)]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "this Teachable Machine project classifies sounds." in told
    assert told.endswith("False\n")
