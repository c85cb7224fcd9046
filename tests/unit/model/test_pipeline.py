"""A converted model comes from the cache where nothing has changed: the same, and fast."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.errors import ParityError
from builder.model.cache.entry import Entry
from builder.model.cache.store import ConversionCache
from builder.model.conversion import Conversion, ShowLine, convert_model
from builder.model.pipeline import prepare_model
from tests.photo_sets import write_shapes

pytestmark = pytest.mark.slow

SECOND_BUILD = """
import sys
from pathlib import Path
from builder.build import build_site
from builder.config import SiteConfig
model, labels, output = sys.argv[1:]
build_site(SiteConfig(model=model, labels=Path(labels), title="Other", output=Path(output)))
heavy = {"tensorflow", "keras", "tensorflowjs", "numpy"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""


def ignore(_line: str) -> None:
    """Tell nobody."""


class Rooms:
    """Stands in for the rooms that know TensorFlow, and counts how often they are asked."""

    def __init__(self, is_repeatable: bool = True) -> None:
        self.asked = 0
        self.is_repeatable = is_repeatable

    def convert(self, config: SiteConfig, progress: ShowLine, warn: ShowLine) -> Conversion:
        self.asked += 1
        progress("Converting")
        warn("Names are missing.")
        labels = config.labels.read_bytes() if config.labels else b""
        entry = Entry({"metadata.json": labels}, ("Names are missing.",), ())
        return Conversion(entry, self.is_repeatable)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.txt"
    path.write_text("oak\n")
    return path


def test_what_was_converted_once_comes_back_with_all_that_was_told(
    tmp_path: Path, labels: Path
) -> None:
    rooms, told = Rooms(), []
    config = SiteConfig(labels=labels)

    def prepare(config: SiteConfig) -> bytes:
        told.clear()
        cache = ConversionCache(tmp_path / "cache")
        return prepare_model(config, ignore, told.append, cache, rooms.convert).metadata

    assert prepare(config) == prepare(replace(config, title="Other")) == b"oak\n"
    assert rooms.asked == 1
    assert told == ["Names are missing."]
    assert prepare(replace(config, cache=False)) == b"oak\n"
    assert rooms.asked == 2
    labels.write_text("elm\n")
    assert prepare(config) == b"elm\n"
    assert rooms.asked == 3


def test_a_file_that_changes_during_the_conversion_spoils_no_entry(
    tmp_path: Path, labels: Path
) -> None:
    rooms = Rooms()
    cache = ConversionCache(tmp_path / "cache")
    config = SiteConfig(labels=labels)
    prepare_model(config, lambda _: labels.write_text("elm\n"), ignore, cache, rooms.convert)
    labels.write_text("oak\n")
    again = prepare_model(config, ignore, ignore, cache, rooms.convert)
    assert again.metadata == b"oak\n"
    assert rooms.asked == 2


def test_what_may_come_out_differently_is_not_kept(tmp_path: Path) -> None:
    rooms = Rooms(is_repeatable=False)
    cache = ConversionCache(tmp_path / "cache")
    for _ in range(2):
        prepare_model(SiteConfig(), ignore, ignore, cache, rooms.convert)
    assert rooms.asked == 2


def test_a_rebuild_imports_no_tensorflow(
    trees: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, labels = trees
    monkeypatch.setenv("CLASSIFIER_PWA_CACHE", str(tmp_path / "cache"))
    prepare_model(SiteConfig(model=str(model), labels=labels), ignore, ignore)
    arguments = [str(model), str(labels), str(tmp_path / "dist")]
    done = subprocess.run(
        [sys.executable, "-c", SECOND_BUILD, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "dist" / "index.html").is_file()


def test_auto_takes_the_smallest_that_agrees_on_the_persons_photos(
    trees: tuple[Path, Path], tmp_path: Path
) -> None:
    model, labels = trees
    config = SiteConfig(
        model=str(model),
        labels=labels,
        quantize="auto",
        parity_images=write_shapes(tmp_path / "photos", 8),
    )
    metadata = json.loads(convert_model(config, ignore, ignore).entry.files["metadata.json"])
    measured = {one["quantization"]: one for one in metadata["candidates"]}
    assert list(measured) == ["none", "float16", "uint8", "mixed"]
    assert measured["none"]["top1Agreement"] == 1.0
    fit = {
        name
        for name, one in measured.items()
        if one["klDivergence"] <= config.max_divergence
        and (
            one["agreementLowerBound"] >= config.min_agreement
            or one["decidedAgreed"] == one["decidedImages"]
        )
    }
    smallest = min(fit, key=lambda name: measured[name]["brotliBytes"])
    assert metadata["quantization"] == smallest
    parity = metadata["parity"]
    assert parity.items() >= {"images": 200, "imagesFrom": "crops"}.items()
    assert parity["klDivergence"] == measured[smallest]["klDivergence"]


def test_bytes_that_spoil_the_answers_are_refused(trees: tuple[Path, Path]) -> None:
    model, labels = trees
    config = SiteConfig(model=str(model), labels=labels, quantize="uint8", max_divergence=1e-4)
    with pytest.raises(ParityError, match="Choose --quantize float16 or auto"):
        convert_model(config, ignore, ignore)
