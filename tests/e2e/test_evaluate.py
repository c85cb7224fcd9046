"""`evaluate` on real photos: a model and the site that was built from it fare alike."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.evaluate_site import evaluate_site
from builder.model.evaluate import evaluate_model
from tests.conftest import Apart


def test_the_imagenet_model_and_its_site_are_right_equally_often(
    shared: Path, imagenet_site: Callable[[str], Path], apart: Apart
) -> None:
    photos = shared / "images" / "imagenet-samples"
    weights = shared / "weights" / "mobilenet_2_5_224_tf.h5"
    config = SiteConfig(model="mobilenet", alpha=0.25, weights=str(weights))
    in_keras = evaluate_model(config, photos, print, print)
    in_browser = apart(evaluate_site, imagenet_site("float16"), photos, print)
    assert in_keras.figures.photos == in_browser.figures.photos == 200
    assert in_keras.figures.top1 > 0.55
    assert in_browser.figures.top1 == pytest.approx(in_keras.figures.top1, abs=0.01)
    assert in_browser.figures.top5 == pytest.approx(in_keras.figures.top5, abs=0.01)
