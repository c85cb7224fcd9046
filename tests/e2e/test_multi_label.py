"""A model with a sigmoid for each class: the app shows independent scores."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from builder.model.images.photos import decode_photo, prepare
from builder.model.loading.load import load_source
from builder.model.parity import keras_probabilities
from tests.e2e.test_page import RESULTS, expect_state, picture, upload

NAMES = ("beach", "dog", "people", "sunset")


@pytest.fixture
def config(tmp_path: Path) -> SiteConfig:
    """Return what to build: a small network whose scores add up to far more than one."""
    import keras

    keras.utils.set_random_seed(11)
    layers = keras.layers
    inputs = keras.Input((64, 64, 3))
    features = layers.Conv2D(8, 5, strides=2, activation="relu")(inputs)
    dense = layers.Dense(len(NAMES), activation="sigmoid")
    model = keras.Model(inputs, dense(layers.GlobalAveragePooling2D()(features)))
    dense.set_weights([dense.get_weights()[0] * 3, np.array([2.0, 1.0, 1.5, -3.0])])
    model.save(tmp_path / "scenes.keras")
    (tmp_path / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    return SiteConfig(
        model=str(tmp_path / "scenes.keras"),
        labels=tmp_path / "names.txt",
        preprocessing="0-1",
        quantize="none",
        output=tmp_path / "dist",
    )


def test_scores_are_keras_own_and_do_not_share_a_hundred_percent(
    page: Page, config: SiteConfig
) -> None:
    build_site(config)
    photo = picture(5)
    source = load_source(config, lambda _: None)
    prepared = prepare(decode_photo(photo), source.preprocessing)
    (expected,) = keras_probabilities(source, prepared[np.newaxis])
    assert expected.sum() > 1.5

    with preview_server(config.output) as server:
        page.goto(server.url)
        expect_state(page, "ready")
        page.set_input_files("#photo-input", upload(photo))
        expect_state(page, "result")
        rows = page.locator(RESULTS).all()
        shown = {
            str(row.get_attribute("data-class-name")): float(
                row.get_attribute("data-probability") or "nan"
            )
            for row in rows
        }
        texts = [row.inner_text() for row in rows]

    assert list(shown) == [NAMES[index] for index in np.argsort(-expected)]
    for name, score in zip(NAMES, expected, strict=True):
        assert shown[name] == pytest.approx(score, abs=1e-3)
    for text, score in zip(texts, shown.values(), strict=True):
        assert f"{100 * score:.2f}" in text
