"""Measures a built site in a headless browser, through the module that its page uses."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import BrowserError
from builder.evaluation.evaluate import Evaluation, ShowLine
from builder.evaluation.figures import measure
from builder.extras import require_package
from builder.model.calibration.certainty import certainty_figures
from builder.model.images.labelled_photos import read_labelled_photos
from builder.model.images.sample_images import list_photos
from builder.model.loading.demo import demo_folders
from builder.model.metadata_json import Metadata
from builder.site.built import read_site, read_site_metadata

_LOAD = """
async ([module, base]) => {
  const { Classifier } = await import(module);
  globalThis.classifier = await Classifier.load(base);
  return globalThis.classifier.backend;
}
"""
_CLASSIFY = """
async ([content, count]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const started = performance.now();
  const { predictions, certainty } = await globalThis.classifier.classify(new Blob([bytes]), {
    topK: count,
  });
  const probabilities = new Array(count).fill(0);
  for (const { classIndex, probability } of predictions) probabilities[classIndex] = probability;
  return { probabilities, certainty, milliseconds: performance.now() - started };
}
"""
_WARM_UP = 5


@dataclass(frozen=True)
class SiteAnswers:
    """What a site answers to photos."""

    probabilities: NDArray[Any]
    """[N, C]."""
    certainty: tuple[str, ...]
    """The certainty that the site shows, one for each photo."""
    milliseconds: tuple[float, ...]
    """One for each photo, after a warm-up."""
    backend: str


def evaluate_site(
    site: Path, photos: Path, say: ShowLine, foreign: Path | None = None
) -> Evaluation:
    """Measure a built site in a headless browser, on the photos in a folder.

    `foreign` is a folder of photos of things that the model does not know.
    Raises `BrowserError`, `PhotosError` or `MissingPackageError`.
    """
    require_package("playwright", "Measuring a built site")
    model = read_site_metadata(site)
    labelled = read_labelled_photos(photos, model.labels, demo_folders(model.labels))
    say(f"Classifying {len(labelled.files)} photos in a browser")
    strangers = list_photos(foreign) if foreign else []
    found = site_answers(site, model, [*labelled.files, *strangers])
    count = len(labelled.files)
    probabilities = found.probabilities[:count]
    return Evaluation(
        model=model.name,
        engine=f"browser, {found.backend}",
        labels=model.labels,
        photos=labelled,
        probabilities=probabilities,
        figures=measure(probabilities, labelled.truth, model.labels),
        certainty=certainty_figures(
            found.certainty[:count],
            probabilities.argmax(axis=1) == labelled.truth,
            tells_foreign=model.familiarity is not None,
            foreign=found.certainty[count:],
        ),
        milliseconds=found.milliseconds,
        answers=model.activation_reason,
    )


def site_answers(site: Path, model: Metadata, photos: Sequence[Path]) -> SiteAnswers:
    """Ask a site about photos, one after another.

    Raises `BrowserError` where no browser is found or the site fails in it.
    """
    from playwright.sync_api import Error, sync_playwright

    from builder.browser.launch import launch_browser
    from builder.hosting.server import preview_server

    app = read_site(site).app
    rows, kinds, times = [], [], []
    with (
        preview_server(site) as server,
        sync_playwright() as playwright,
        launch_browser(playwright) as browser,
    ):
        page = browser.new_page()
        try:
            # A page of the site without scripts of its own: the classifier has the browser alone.
            page.goto(f"{server.url}404.html")
            backend = page.evaluate(_LOAD, [f"{server.url}{app}classifier.js", server.url])
            for path in photos:
                content = base64.b64encode(path.read_bytes()).decode("ascii")
                answer = page.evaluate(_CLASSIFY, [content, len(model.labels)])
                rows.append(_probabilities(answer["probabilities"], len(model.labels), site))
                kinds.append(str(answer["certainty"]))
                times.append(float(answer["milliseconds"]))
        except Error as error:
            raise BrowserError(f"The site {site} failed in the browser: {error.message}") from error
    return SiteAnswers(np.array(rows), tuple(kinds), tuple(times[_WARM_UP:] or times), str(backend))


def _probabilities(answer: list[Any], classes: int, site: Path) -> list[float]:
    """Return what a site answered, if it has one number for each class."""
    # Graphics processors may compute values slightly outside of 0…1.
    row = [one for one in answer if isinstance(one, int | float) and -0.001 <= one <= 1.001]
    if len(row) != classes or len(answer) != classes:
        raise BrowserError(
            f"The site {site} does not answer with {classes} probabilities, as its metadata.json"
            " says. Build it again."
        )
    return row
