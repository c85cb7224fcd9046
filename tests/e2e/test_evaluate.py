"""`evaluate` on real photos: a model and the site that was built from it fare alike."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.browser.evaluate import evaluate_site
from builder.config import SiteConfig
from builder.evaluation.evaluate import evaluate_model
from tests.conftest import Apart


def every_fourth(photos: Path, target: Path) -> Path:
    """Copy every fourth photo of a folder with its labels into a new one, and return that."""
    target.mkdir()
    header, *rows = (photos / "labels.csv").read_text(encoding="utf-8").splitlines()
    for row in rows[::4]:
        name = row.split(",")[0]
        shutil.copy(photos / name, target / name)
    (target / "labels.csv").write_text("\n".join([header, *rows[::4]]), encoding="utf-8")
    return target


def test_the_imagenet_model_and_its_site_are_right_equally_often(
    shared: Path, imagenet_site: Callable[[str], Path], apart: Apart, tmp_path: Path
) -> None:
    photos = every_fourth(shared / "images" / "imagenet-samples", tmp_path / "photos")
    weights = shared / "weights" / "mobilenet_2_5_224_tf.h5"
    config = SiteConfig(model="mobilenet", alpha=0.25, weights=str(weights))
    in_keras = evaluate_model(config, photos, print, print)
    in_browser = apart(evaluate_site, imagenet_site("float16"), photos, print)
    assert in_keras.figures.photos == in_browser.figures.photos == 50
    assert in_keras.figures.top1 > 0.55
    assert in_browser.figures.top1 == pytest.approx(in_keras.figures.top1, abs=0.01)
    assert in_browser.figures.top5 == pytest.approx(in_keras.figures.top5, abs=0.01)
