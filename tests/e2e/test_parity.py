"""The page's answers on real photos, against Keras's own on the same files.

The reference shares nothing with the build but the preprocessing: Keras's MobileNet as it comes,
batch norm and all, on photos that Pillow decoded.
"""

import base64
import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from builder.hosting.server import preview_server
from builder.model.images.photos import decode_photo, prepare
from builder.model.loading.applications import application_preprocessing

# Least top-1 agreement with Keras, fraction of the photos: what the README promises.
AGREEMENT = {"none": 0.99, "float16": 0.99}

# Of the 200 photos, one in so many: of full precision, in which next to nothing can differ, fewer.
EVERY = {"none": 5, "float16": 1}

# Largest distance of an embedding from Keras's own, as a part of its length: float32 in another
# order, and a resize that differs by hundredths of a grey level.
EMBEDDING_TOLERANCE = 0.01

# Largest difference of the accuracies, in percent of the photos.
ACCURACY_TOLERANCE = 0.5


@dataclass(frozen=True)
class Sample:
    """A photo with its true class, and what Keras makes of it."""

    path: Path
    class_index: int
    keras_top5: tuple[int, ...]
    """The classes it finds most likely, best first."""
    embedding: NDArray[np.float32]
    """[256], what it pools before the classifier."""


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
    pooled = next(
        layer for layer in model.layers if isinstance(layer, keras.layers.GlobalAveragePooling2D)
    )
    both = keras.Model(model.inputs, [model.outputs[0], pooled.output])
    probabilities, embeddings = both.predict(photos / 127.5 - 1.0, batch_size=50, verbose=0)
    top5 = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    return [
        Sample(path, truth, tuple(int(index) for index in best), embedding.reshape(-1))
        for (path, truth), best, embedding in zip(rows, top5, embeddings, strict=True)
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
    samples = samples[:: EVERY[quantize]]
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


EMBED = """async (photos) => {
  const site = await (await fetch('site.json')).json();
  const { Classifier } = await import(new URL(site.app + 'classifier.js', location.href));
  const classifier = await Classifier.load(new URL('./', location.href));
  const embeddings = [];
  for (const photo of photos) {
    const bytes = Uint8Array.from(atob(photo), (character) => character.charCodeAt(0));
    embeddings.push([...(await classifier.embed(new Blob([bytes])))]);
  }
  return embeddings;
}"""


def test_embeddings_are_those_that_keras_pools(
    imagenet_site: Callable[[str], Path], browser: Browser, samples: list[Sample]
) -> None:
    samples = samples[::10]
    context = browser.new_context(service_workers="block")
    with preview_server(imagenet_site("none")) as server:
        page = context.new_page()
        page.goto(server.url)
        photos = [base64.b64encode(sample.path.read_bytes()).decode() for sample in samples]
        embeddings = np.array(page.evaluate(EMBED, photos))
    context.close()

    keras_own = np.stack([sample.embedding for sample in samples])
    distances = np.linalg.norm(embeddings - keras_own, axis=1)
    assert (distances / np.linalg.norm(keras_own, axis=1)).max() <= EMBEDDING_TOLERANCE
