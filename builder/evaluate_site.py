"""Measures a built site in a headless browser, through the module that its page uses."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import BrowserError
from builder.model.evaluate import Evaluation, Tell
from builder.model.evaluation.figures import measure
from builder.model.evaluation.photos import LabelledPhotos, read_labelled_photos

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
  const { predictions } = await globalThis.classifier.classify(new Blob([bytes]), { topK: count });
  const probabilities = new Array(count).fill(0);
  for (const { classIndex, probability } of predictions) probabilities[classIndex] = probability;
  return { probabilities, milliseconds: performance.now() - started };
}
"""
_WARM_UP = 5


@dataclass(frozen=True)
class SiteModel:
    """What a site says of its model."""

    name: str
    labels: tuple[str, ...]


def evaluate_site(site: Path, photos: Path, say: Tell) -> Evaluation:
    """Measure a built site in a headless browser, on the photos in a folder.

    Raises `BrowserError` or `PhotosError`.
    """
    model = read_site_model(site)
    labelled = read_labelled_photos(photos, model.labels)
    say(f"Classifying {len(labelled.files)} photos in a browser")
    answers, milliseconds, backend = site_answers(site, model, labelled)
    return Evaluation(
        model=model.name,
        engine=f"browser, {backend}",
        labels=model.labels,
        photos=labelled,
        probabilities=answers,
        figures=measure(answers, labelled.truth, model.labels),
        milliseconds=tuple(milliseconds),
    )


def read_site_model(site: Path) -> SiteModel:
    """Return what `site.json` and `metadata.json` of a built site tell.

    Raises `BrowserError` for a folder that is no site.
    """
    try:
        description = json.loads((site / "site.json").read_text(encoding="utf-8"))
        metadata = json.loads(
            (site / description["model"] / "metadata.json").read_text(encoding="utf-8")
        )
        return SiteModel(metadata["name"], tuple(metadata["labels"]))
    except (OSError, ValueError, KeyError) as error:
        raise BrowserError(
            f"{site} is no site that classifier-pwa has built ({error}): run classifier-pwa build, "
            "or name the folder that it wrote."
        ) from error


def site_answers(
    site: Path, model: SiteModel, photos: LabelledPhotos
) -> tuple[NDArray[Any], list[float], str]:
    """Return probabilities [N, C], milliseconds for each photo after a warm-up, and the backend.

    Raises `BrowserError` where no browser is found or the site fails in it.
    """
    from playwright.sync_api import Error, sync_playwright

    from builder.browser import launch_browser
    from builder.serve import preview_server

    app = json.loads((site / "site.json").read_text(encoding="utf-8"))["app"]
    rows, times = [], []
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
            for path in photos.files:
                content = base64.b64encode(path.read_bytes()).decode("ascii")
                answer = page.evaluate(_CLASSIFY, [content, len(model.labels)])
                rows.append(answer["probabilities"])
                times.append(answer["milliseconds"])
        except Error as error:
            raise BrowserError(f"The site {site} failed in the browser: {error.message}") from error
    return np.array(rows), times[_WARM_UP:] or times, str(backend)
