"""Compares a site that is about to be written with Keras, in a headless browser, on each backend.

From a photo's file to the probabilities: decoding, resizing and cropping are compared as well as
the network. What the browser answers is compared twice: with TensorFlow's answers from the same
files, which shows faults of the backend, and with Keras's, which shows what the weights have lost.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.errors import BrowserError, ParityError
from builder.model.calibration.temperature import apply_temperature
from builder.model.describe import agreement, rounded
from builder.model.emitted import EmittedModel
from builder.model.images.photos import decode_photo, prepare
from builder.model.images.sample_images import picture_files
from builder.model.loading.load import load_source
from builder.model.parity import DEFAULT, Limits, Parity, compare, keras_probabilities
from builder.site.assembly import Site
from builder.site.backends import Backend, read_backends
from builder.site.files import SiteFile
from builder.site.report import BrowserAgreement, Browsers, SiteReport

_PICTURES = "pictures"
"""Folder beside the site that the browser gets photos from."""

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
    const file = await (await fetch(photo)).blob();
    const { predictions } = await classifier.classify(file, { topK: count });
    const row = new Array(count).fill(0);
    for (const { classIndex, probability } of predictions) row[classIndex] = probability;
    rows.push(row);
  }
  await classifier.dispose();
  return rows;
}
"""


def compare_in_browser(site: Site, config: SiteConfig) -> Browsers:
    """Return the figures of each backend, by browser: "chromium" is the only one.

    Raises `BrowserError` where no browser is found or the site fails in it, and `ParityError` where
    a backend computes something else than TensorFlow does from the same files, or the site agrees
    with Keras less than the configuration asks for.
    """
    report = site.report
    if not isinstance(report, SiteReport):
        raise TypeError("a withdrawn site has no model to compare")
    source = load_source(config, lambda _: None)
    photos = picture_files(config.parity_images)
    prepared = np.stack([prepare(decode_photo(photo), source.preprocessing) for photo in photos])

    def shown_by_site(probabilities: NDArray[Any]) -> NDArray[Any]:
        """Return what the site shows for a network's probabilities [N, C]."""
        shown = apply_temperature(probabilities, report.model_info.temperature)
        shown[:, list(report.excluded)] = 0.0  # classes that the site never shows
        return shown

    expected = shown_by_site(keras_probabilities(source, prepared))
    emitted = shown_by_site(EmittedModel(_model_files(site.files)).predict(prepared))
    limits = Limits(config.min_agreement, config.max_divergence)
    figures = {}
    for backend, answers in _answers(site.files, report.app, photos, expected.shape[1]):
        step, name = backend.sample_every, backend.name
        computed = compare(answers, emitted[::step])
        parity = compare(answers, expected[::step])
        _require_right(name, computed)
        # Few pictures can only show a fault of the backend, which changes most answers.
        if step == 1:
            _require_true(name, parity, limits)
        figures[name] = BrowserAgreement(
            **agreement(parity),
            divergence_from_files=rounded(computed.kl_divergence),
            images=parity.images,
        )
    if not figures:
        raise BrowserError("The browser has no backend that runs the model; nothing was written.")
    return {"chromium": figures}


def _require_right(backend: str, computed: Parity) -> None:
    """Raise `ParityError` where a backend computes something else than TensorFlow.

    The limits of the options do not apply: they are for errors of the stored weights.
    """
    breach = DEFAULT.breach(computed)
    if breach is not None:
        raise ParityError(
            f"The browser's backend {backend} gives other answers than TensorFlow from the same"
            f" files: on {computed.images} pictures it {breach.found}. That is a fault of the"
            " backend, or of how the app prepares photos, not of how the weights are stored:"
            " another --quantize does not help. Nothing was written. Please report it with the"
            " model's architecture."
        )


def _require_true(backend: str, parity: Parity, limits: Limits) -> None:
    """Raise `ParityError` where the site's answers are too far from Keras's."""
    breach = limits.breach(parity)
    if breach is not None:
        raise ParityError(
            f"On the backend {backend}, the browser's answers differ from Keras's: on"
            f" {parity.images} pictures it {breach.found}, {breach.required}. It computes what"
            " TensorFlow computes from the same files: the weights have lost too much. Nothing was"
            " written. Choose another --quantize, or accept it by that option."
        )


def _model_files(files: Sequence[SiteFile]) -> Mapping[str, bytes]:
    """Return model.json and the shards beside it."""
    return {Path(file.path).name: file.content for file in files if file.path.startswith("model/")}


def _answers(
    files: Sequence[SiteFile], app: str, photos: Sequence[bytes], classes: int
) -> Iterator[tuple[Backend, NDArray[Any]]]:
    """Yield each backend that the browser has, with its probabilities [N, C]."""
    from playwright.sync_api import Error, sync_playwright

    from builder.browser.launch import SOFTWARE_WEBGPU, launch_browser
    from builder.hosting.server import preview_server

    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as name:
        folder = Path(name)
        pictures = {f"{_PICTURES}/{index}": photo for index, photo in enumerate(photos)}
        for path, content in [*((file.path, file.content) for file in files), *pictures.items()]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        with (
            preview_server(folder) as server,
            sync_playwright() as playwright,
            launch_browser(playwright, args=[SOFTWARE_WEBGPU]) as browser,
        ):
            page = browser.new_page()
            page.goto(f"{server.url}404.html")
            module = f"{server.url}{app}classifier.js"
            addresses = [f"{server.url}{path}" for path in pictures]
            for backend in read_backends():
                pictured = addresses[:: backend.sample_every]
                asked = [module, server.url, backend.name, classes, pictured]
                try:
                    rows = page.evaluate(_ANSWERS, asked)
                except Error as error:
                    raise BrowserError(
                        f"The site failed in the browser on the backend {backend.name}:"
                        f" {error.message}"
                    ) from error
                if rows is not None:
                    yield backend, np.array(rows)
