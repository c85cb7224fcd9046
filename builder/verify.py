"""Compares a site that is about to be written with Keras, in a headless browser, on each backend.

From a photo's file to the probabilities: decoding, resizing and cropping are compared as well as
the network.
"""

import base64
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.errors import BrowserError, ParityError
from builder.model.evaluation.temperature import apply_temperature
from builder.model.loading.load import load_source
from builder.model.parity import Parity, compare, keras_probabilities
from builder.model.photos import decode_photo, prepare
from builder.model.reference_images import reference_images
from builder.model.sample_images import list_photos
from builder.model.source import SourceModel
from builder.site.assembly import Site
from builder.site.files import SiteFile

Figures = dict[str, dict[str, float]]
"""By backend: top1Agreement, maxProbabilityDifference, klDivergence (nats) and number of images."""

BACKENDS = ("wasm", "webgl", "webgpu", "cpu")
"""TensorFlow.js's names; those that a browser lacks are left out."""

_MOST = 100
"""Photos that are looked at: the plain JavaScript backend takes a second for each."""

_ANSWERS = """
async ([module, base, backend, count, photos]) => {
  const { Classifier } = await import(module);
  let classifier;
  try {
    classifier = await Classifier.load(base, { backend });
  } catch (error) {
    if (error.code === 'no-backend') return null;
    throw error;
  }
  if (classifier.backend !== backend) return null;
  const rows = [];
  for (const photo of photos) {
    const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
    const { predictions } = await classifier.classify(new Blob([bytes]), { topK: count });
    const row = new Array(count).fill(0);
    for (const { classIndex, probability } of predictions) row[classIndex] = probability;
    rows.push(row);
  }
  await classifier.dispose();
  return rows;
}
"""


def compare_in_browser(site: Site, config: SiteConfig) -> dict[str, Figures]:
    """Return the figures of each backend, by browser: "chromium" is the one there is.

    Raises `BrowserError` where no browser is found or the site fails in it, and `ParityError` where
    a backend agrees with Keras less than the configuration asks for.
    """
    source = load_source(config, lambda _: None)
    photos = _photos(source, config.parity_images)
    prepared = np.stack([prepare(decode_photo(photo), source.preprocessing) for photo in photos])
    expected = apply_temperature(keras_probabilities(source, prepared), source.temperature)
    expected[:, site.report["excluded"]] = 0.0  # classes that the site never tells
    figures = {}
    for backend, answers in _answers(site.files, site.report["app"], photos, expected.shape[1]):
        parity = compare(answers, expected)
        if parity.top1_agreement < config.min_agreement:
            raise ParityError(
                f"On the backend {backend}, the browser gives Keras's first answer on "
                f"{parity.top1_agreement:.1%} of {parity.images} photos, less than "
                f"--min-agreement {config.min_agreement:g}; nothing was written. Choose another "
                "--quantize, or a lower --min-agreement."
            )
        figures[backend] = _as_json(parity)
    if not figures:
        raise BrowserError("The browser has no backend that runs the model; nothing was written.")
    return {"chromium": figures}


def _photos(source: SourceModel, folder: Path | None) -> list[bytes]:
    """Return the files of the person's photos, or of generated images before the crop."""
    if folder is not None:
        return [path.read_bytes() for path in list_photos(folder)[:_MOST]]
    size = source.preprocessing
    return [_png(image) for image in reference_images(size.resize_height, size.resize_width)]


def _png(image: NDArray[Any]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image.astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def _answers(
    files: Sequence[SiteFile], app: str, photos: list[bytes], classes: int
) -> list[tuple[str, NDArray[Any]]]:
    """Return the probabilities [N, C] by backend, of those that the browser has."""
    from playwright.sync_api import Error, sync_playwright

    from builder.browser import launch_browser
    from builder.serve import preview_server

    encoded = [base64.b64encode(photo).decode("ascii") for photo in photos]
    found = []
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as name:
        folder = Path(name)
        for file in files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).write_bytes(file.content)
        with (
            preview_server(folder) as server,
            sync_playwright() as playwright,
            launch_browser(playwright) as browser,
        ):
            page = browser.new_page()
            page.goto(f"{server.url}404.html")
            module = f"{server.url}{app}classifier.js"
            for backend in BACKENDS:
                try:
                    rows = page.evaluate(_ANSWERS, [module, server.url, backend, classes, encoded])
                except Error as error:
                    raise BrowserError(
                        f"The site failed in the browser on the backend {backend}: {error.message}"
                    ) from error
                if rows is not None:
                    found.append((backend, np.array(rows)))
    return found


def _as_json(parity: Parity) -> dict[str, float]:
    """Return three significant digits: the last ones depend on the machine's arithmetic."""
    figures = {
        "maxProbabilityDifference": parity.max_probability_difference,
        "top1Agreement": parity.top1_agreement,
        "klDivergence": parity.kl_divergence,
    }
    rounded = {name: float(f"{value:.3g}") for name, value in figures.items()}
    return {**rounded, "images": parity.images}
