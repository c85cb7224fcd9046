"""What every deployment may count on: any folder, no other host, a strict policy, no leak."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from builder.hosting.server import PreviewServer, preview_server
from builder.model.emitted import EmittedModel
from builder.model.images.photos import prepare
from builder.model.metadata import Preprocessing

PREFIX = "/some/folder/"

# float16 weights give the same answer in TensorFlow and TF.js but for the order of additions.
PROBABILITY_TOLERANCE = 1e-3


@dataclass
class Observed:
    """What a page did that its user cannot see."""

    urls: list[str] = field(default_factory=list)
    """Every address it asked for, data and blob addresses left out."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings in the console, Content-Security-Policy violations among them."""


@dataclass(frozen=True)
class Visit:
    """A page of a site that lies in a folder of its host."""

    page: Page
    server: PreviewServer
    observed: Observed


@pytest.fixture
def visit(trees_site: Path, browser: Browser) -> Iterator[Visit]:
    """Open the small model's site below a path, with an eye on requests and the console."""
    observed = Observed()
    context = browser.new_context()
    context.on(
        "request",
        lambda request: (
            observed.urls.append(request.url)
            if request.url.startswith(("http:", "https:", "ws:", "wss:"))
            else None
        ),
    )
    context.on(
        "console",
        lambda message: (
            observed.complaints.append(message.text)
            if message.type in {"error", "warning"}
            else None
        ),
    )
    context.on("weberror", lambda error: observed.complaints.append(str(error.error)))
    with preview_server(trees_site, prefix=PREFIX) as server:
        page = context.new_page()
        page.goto(server.url)
        yield Visit(page, server, observed)
    context.close()


def picture(seed: int, width: int, height: int) -> np.ndarray:
    """Return coarse random patches of colour, uint8 [height, width, 3]."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def png(pixels: np.ndarray) -> bytes:
    """Return the pixels as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


def test_site_in_a_folder_classifies_and_asks_no_other_host(visit: Visit) -> None:
    page = visit.page
    page.wait_for_selector("html[data-offline=ready]")
    photo = png(picture(1, 320, 200))
    page.set_input_files(
        "#photo-input", {"name": "a.png", "mimeType": "image/png", "buffer": photo}
    )
    page.wait_for_selector("html[data-state=result]")
    assert page.locator("#results li").count() == 5
    assert page.workers, "the policy lets the classifier's worker start"

    assert visit.observed.urls
    assert [url for url in visit.observed.urls if not url.startswith(visit.server.url)] == []
    paths = [path for _method, path, _status in visit.server.requests]
    assert [path for path in paths if not path.startswith(PREFIX)] == []
    assert visit.observed.complaints == []


def test_policy_stops_what_the_app_never_does(visit: Visit) -> None:
    outcomes = visit.page.evaluate(
        """async () => {
            const violated = [];
            document.addEventListener('securitypolicyviolation', (event) =>
              violated.push(event.effectiveDirective));
            const script = document.createElement('script');
            script.append('window.injected = true');
            document.body.append(script);
            await import('data:text/javascript,window.injected = true').catch(() => {});
            const style = document.createElement('style');
            style.textContent = 'body { display: none }';
            document.body.append(style);
            await fetch('https://example.org/').catch(() => {});
            await new Promise((resolve) => setTimeout(resolve));
            const refused = (act) => { try { act(); return false; } catch { return true; } };
            return {
              violated,
              injected: 'injected' in window,
              refused: {
                eval: refused(() => new Function('return 1')()),
                html: refused(() => { document.body.innerHTML = '<b>x</b>'; }),
                worker: refused(() => new Worker('sw.js')),
                policy: refused(() => trustedTypes.createPolicy('mine', {})),
              },
            };
        }"""
    )
    expected = {"require-trusted-types-for", "script-src-elem", "style-src-elem", "connect-src"}
    assert expected <= set(outcomes["violated"])
    assert outcomes["injected"] is False
    assert outcomes["refused"] == dict.fromkeys(("eval", "html", "worker", "policy"), True)


@pytest.mark.parametrize(
    ("width", "height"), [(320, 200), (200, 320), (96, 96), (37, 800), (1, 1), (1800, 1201)]
)
def test_page_answers_as_the_emitted_model_does(
    visit: Visit, trees_site: Path, width: int, height: int
) -> None:
    site = json.loads((trees_site / "site.json").read_text(encoding="utf-8"))
    model_folder = trees_site / site["model"]
    metadata = json.loads((model_folder / "metadata.json").read_text(encoding="utf-8"))
    pixels = picture(width * height, width, height)
    preprocessing = Preprocessing(
        *metadata["inputSize"], crop_fraction=metadata["preprocessing"]["cropFraction"]
    )
    emitted = EmittedModel({path.name: path.read_bytes() for path in model_folder.iterdir()})
    expected = emitted.predict(prepare(pixels, preprocessing)[np.newaxis])[0]

    page = visit.page
    page.wait_for_selector("html[data-state=ready]")
    page.set_input_files(
        "#photo-input", {"name": "a.png", "mimeType": "image/png", "buffer": png(pixels)}
    )
    page.wait_for_selector("html[data-state=result]")
    rows = page.eval_on_selector_all(
        "#results li", "rows => rows.map((row) => ({...row.dataset, text: row.textContent}))"
    )
    order = [int(row["classIndex"]) for row in rows]
    probabilities = [float(row["probability"]) for row in rows]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities == pytest.approx(expected[order], abs=PROBABILITY_TOLERANCE)
    assert probabilities[0] == pytest.approx(expected.max(), abs=PROBABILITY_TOLERANCE)
    for row in rows:
        assert row["className"] == metadata["labels"][int(row["classIndex"])]
        assert len(row["probability"].partition(".")[2]) >= 6
        assert f"{float(row['probability']):.2%}" in row["text"].replace("\N{NO-BREAK SPACE}", "")


def test_no_tensor_is_left_over_after_100_classifications(visit: Visit) -> None:
    photos = [list(png(picture(seed, 160, 120))) for seed in range(4)]
    before, after = visit.page.evaluate(
        """async (photos) => {
            const site = JSON.parse(document.getElementById('site').textContent);
            const { Classifier } = await import(new URL(`${site.app}classifier.js`, location));
            const classifier = await Classifier.load(location.href);
            const files = photos.map((bytes) => new Blob([new Uint8Array(bytes)]));
            await classifier.classify(files[0]);
            const before = await classifier.memory();
            for (let run = 0; run < 100; run += 1) {
              await classifier.classify(files[run % files.length], { topK: 3 });
            }
            const after = await classifier.memory();
            await classifier.dispose();
            return [before, after];
        }""",
        photos,
    )
    assert before["numTensors"] > 0
    assert after == before
