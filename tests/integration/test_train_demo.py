"""The demo model: what it promises, measured again, and what it gives to a training."""

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from builder.browser.evaluate import evaluate_site
from builder.build import build_site
from builder.cli.main import main
from builder.config import SiteConfig
from builder.evaluation.evaluate import evaluate_model
from builder.model.loading.demo import demo_folder, load_demo
from tests.archives import unpack
from tests.conftest import Apart

SHIPPED_BYTES = 1_500_000


@pytest.fixture(scope="module")
def validation(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the 5,000 photos that the demo model's figures are of."""
    folder = tmp_path_factory.mktemp("tiny")
    with tarfile.open(shared / "datasets" / "tiny-imagenet-100.tar.gz") as archive:
        members = [one for one in archive if one.name.removeprefix("./").startswith("val")]
        unpack(archive, folder, members)
    return folder / "val"


def plain_folders(photos: Path, target: Path, each: int) -> Path:
    """Copy some photos of each class into folders named as the demo model calls the classes."""
    labels = load_demo().labels
    for folder, label in zip(sorted(photos.iterdir()), labels, strict=True):
        (target / label).mkdir(parents=True)
        for path in sorted(folder.iterdir())[:each]:
            (target / label / path.name).write_bytes(path.read_bytes())
    return target


def test_the_demo_is_small_and_its_files_belong_together() -> None:
    folder = demo_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < SHIPPED_BYTES
    demo = load_demo()
    assert len(set(demo.labels)) == 100
    assert "red panda" in demo.labels
    assert not [label for label in demo.labels if "_" in label]
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert demo.provenance.accuracy["top1"] == pytest.approx(report["top1"], abs=1e-4)
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"{report['top1']:.1%}" in card
    assert f"{report['top5']:.1%}" in card


def test_the_map_behind_its_answers_has_enough_cells() -> None:
    features = load_demo().keras_model.get_layer("embedding").input
    assert min(features.shape[1:3]) >= 4


def test_the_demo_reaches_its_figures(validation: Path, tmp_path: Path) -> None:
    photos = plain_folders(validation, tmp_path / "photos", 50)
    result = evaluate_model(SiteConfig(model="demo"), photos, print, print)
    assert result.figures.photos == 5000
    assert result.figures.top1 == pytest.approx(load_demo().provenance.accuracy["top1"], abs=0.003)
    assert result.figures.top5 == pytest.approx(load_demo().provenance.accuracy["top5"], abs=0.003)
    assert result.figures.top1 >= 0.50
    assert result.figures.top5 >= 0.78
    assert result.figures.expected_calibration_error < 0.05


def test_the_built_demo_answers_alike_in_a_browser(
    validation: Path, tmp_path: Path, apart: Apart
) -> None:
    photos = plain_folders(validation, tmp_path / "photos", 2)
    site = build_site(SiteConfig(model="demo", output=tmp_path / "dist")).output
    in_browser = apart(evaluate_site, site, photos, print)
    in_keras = evaluate_model(SiteConfig(model="demo"), photos, print, print)
    assert in_browser.figures.top1 == pytest.approx(in_keras.figures.top1, abs=0.01)
    assert in_browser.figures.top5 == pytest.approx(in_keras.figures.top5, abs=0.01)


def test_it_gives_a_training_on_few_photos_a_better_start(tmp_path: Path) -> None:
    """Handwritten digits, which are nothing like its photos: 20 of each.

    A new head alone is compared with five epochs from scratch: given many, those come near on
    pictures as plain as these.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    for digit in range(10):
        images = digits.images[digits.target == digit]
        for part, chosen in (("train", images[:20]), ("val", images[20:50])):
            folder = tmp_path / "digits" / part / str(digit)
            folder.mkdir(parents=True)
            for number, image in enumerate(chosen):
                pixels = (image * 15.9).astype(np.uint8)
                Image.fromarray(pixels).resize((48, 48)).save(folder / f"{number}.png")

    def top1(base: str, epochs: int) -> float:
        arguments = [
            *("train", tmp_path / "digits", "--output", tmp_path / f"{base}.keras"),
            *("--base", base, "--epochs", epochs, "--augmentation", "none", "--json"),
        ]
        result = CliRunner().invoke(main, list(map(str, arguments)))
        assert result.exit_code == 0, result.output
        return float(json.loads(result.stdout)["top1"])

    from_demo = top1("demo", 0)
    from_scratch = top1("none", 5)
    assert from_demo > 0.7
    assert from_demo > from_scratch + 0.03
