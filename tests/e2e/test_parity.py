"""The page's answers on real photos, against Keras's own on the same files.

The reference shares nothing with the build but the preprocessing: Keras's MobileNet as it comes,
batch norm and all, on photos that Pillow decoded.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from builder.model.applications import application_preprocessing
from builder.model.photos import decode_photo, prepare
from builder.serve import preview_server

# Least top-1 agreement with Keras, fraction of the photos: what the README promises.
AGREEMENT = {"none": 0.99, "float16": 0.98}

# Largest difference of the accuracies, in percent of the photos.
ACCURACY_TOLERANCE = 0.5


@dataclass(frozen=True)
class Sample:
    """A photo with its true class and the five classes Keras finds most likely, best first."""

    path: Path
    class_index: int
    keras_top5: tuple[int, ...]


@pytest.fixture(scope="module")
def samples(shared: Path) -> list[Sample]:
    """Return the real photos with Keras's answers."""
    import keras

    model = keras.applications.MobileNet(
        alpha=0.25, weights=str(shared / "weights" / "mobilenet_2_5_224_tf.h5")
    )
    folder = shared / "images" / "imagenet-samples"
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(folder / row["file"], int(row["class_index"])) for row in csv.DictReader(lines)]
    preprocessing = application_preprocessing("mobilenet", 224)
    photos = np.stack([prepare(decode_photo(path), preprocessing) for path, _ in rows])
    probabilities = model.predict(photos / 127.5 - 1.0, batch_size=50, verbose=0)
    top5 = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    return [
        Sample(path, truth, tuple(int(index) for index in best))
        for (path, truth), best in zip(rows, top5, strict=True)
    ]


def classify_in_page(page: Page, photo: Path) -> tuple[int, ...]:
    """Give the page a photo by its file input; return the class indices it lists, best first."""
    page.set_input_files("#photo-input", photo)
    page.wait_for_selector("html[data-state=result]")
    return tuple(
        int(index)
        for index in page.eval_on_selector_all(
            "#results li", "rows => rows.map((row) => row.dataset.classIndex)"
        )
    )


@pytest.mark.parametrize("quantize", ["none", "float16"])
def test_page_agrees_with_keras_on_real_photos(
    imagenet_site: Callable[[str], Path], browser: Browser, samples: list[Sample], quantize: str
) -> None:
    context = browser.new_context(service_workers="block")
    with preview_server(imagenet_site(quantize)) as server:
        page = context.new_page()
        page.goto(server.url)
        page.wait_for_selector("html[data-state=ready]")
        answers = [classify_in_page(page, sample.path) for sample in samples]
    context.close()

    assert all(len(answer) == 5 for answer in answers)
    pairs = list(zip(samples, answers, strict=True))
    agreement = np.mean([sample.keras_top5[0] == answer[0] for sample, answer in pairs])
    assert agreement >= AGREEMENT[quantize]
    for k in (1, 5):
        ours = sum(sample.class_index in answer[:k] for sample, answer in pairs)
        keras_own = sum(sample.class_index in sample.keras_top5[:k] for sample in samples)
        assert 100 * abs(ours - keras_own) / len(samples) <= ACCURACY_TOLERANCE, f"top-{k}"
