"""Other makers' browsers: classify, reload without a server, update to a second version."""

import dataclasses
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from builder.model.pipeline import PreparedModel, prepare_model
from tests.models import save_lively_mobilenet
from tests.system.engines import ENGINES, TIMEOUT, Engine, EvaluationError
from tests.system.packages import find_program

# Engines differ in the order of additions only.
PROBABILITY_TOLERANCE = 1e-3


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two versions of a site with the same small model."""
    folder = tmp_path_factory.mktemp("versions")
    model, labels = save_lively_mobilenet(folder)
    first = SiteConfig(model=str(model), labels=labels, title="First", output=folder / "first")
    second = dataclasses.replace(first, title="Second", output=folder / "second")
    prepared: list[PreparedModel] = []

    def prepare(*arguments: object) -> PreparedModel:
        if not prepared:
            prepared.append(prepare_model(*arguments))  # type: ignore[arg-type]
        return prepared[0]

    for config in (first, second):
        build_site(config, prepare=prepare)
    return first.output, second.output


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a PNG file with patches of colour."""
    coarse = np.random.default_rng(5).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Return each browser that this machine has; each test's server is an origin of its own."""
    programs, start = ENGINES[request.param]
    missing = [name for name in programs if find_program(name) is None]
    if missing:
        pytest.skip(f"{request.param} needs {', '.join(missing)}: make test-browsers")
    with start(tmp_path_factory.mktemp(request.param)) as browser:
        yield browser


@pytest.fixture
def server(versions: tuple[Path, Path], tmp_path: Path) -> Iterator[PreviewServer]:
    """Serve the first version from a folder whose content can be replaced."""
    with preview_server(shutil.copytree(versions[0], tmp_path / "live")) as server:
        yield server


def wait_for(engine: Engine, condition: str) -> None:
    """Wait until an expression is true in the page, which may be reloading meanwhile."""
    deadline = time.monotonic() + TIMEOUT
    state = None
    while time.monotonic() < deadline:
        with suppress(EvaluationError):
            if engine.evaluate(f"Boolean({condition})"):
                return
            state = engine.evaluate("{...document.documentElement.dataset}")
        time.sleep(0.2)
    raise AssertionError(f"never: {condition}; the page says {state}")


def classify(engine: Engine, photo: Path) -> list[tuple[str, float]]:
    """Return the predictions for a photo, best first."""
    wait_for(engine, "document.documentElement.dataset.state === 'ready'")
    engine.upload("#photo-input", photo)
    wait_for(engine, "document.documentElement.dataset.state === 'result'")
    rows = engine.evaluate(
        "[...document.querySelectorAll('#results li')].map((r) => ({...r.dataset}))"
    )
    return [(row["className"], float(row["probability"])) for row in rows]


def test_classify_reload_offline_and_update(
    engine: Engine, server: PreviewServer, versions: tuple[Path, Path], photo: Path, tmp_path: Path
) -> None:
    engine.open(server.url)
    online = classify(engine, photo)
    assert len(online) == 5
    assert online[0][1] > 0
    assert engine.evaluate("!isSecureContext || 'serviceWorker' in navigator")
    wait_for(engine, "document.documentElement.dataset.offline === 'ready'")

    server.stop()
    engine.open(server.url)
    assert engine.evaluate("document.title") == "First"
    offline = classify(engine, photo)
    assert [name for name, _ in offline] == [name for name, _ in online]
    probabilities = [probability for _, probability in online]
    assert [p for _, p in offline] == pytest.approx(probabilities, abs=PROBABILITY_TOLERANCE)

    shutil.rmtree(tmp_path / "live")
    shutil.copytree(versions[1], tmp_path / "live")
    server.start()
    server.requests.clear()
    engine.open(server.url)
    wait_for(engine, "!document.getElementById('update').hidden")
    assert engine.evaluate("document.title") == "First", "nobody has agreed to the update yet"
    engine.evaluate("document.getElementById('apply-update').click()")
    wait_for(engine, "document.title === 'Second'")
    updated = classify(engine, photo)
    assert [p for _, p in updated] == pytest.approx(probabilities, abs=PROBABILITY_TOLERANCE)
    site = json.loads((versions[1] / "site.json").read_bytes())
    fetched = {path for _, path, _ in server.requests}
    assert not [path for path in fetched if path.startswith(f"/{site['model']}")]


def test_every_engine_obeys_the_policy(engine: Engine, server: PreviewServer) -> None:
    engine.open(server.url)
    wait_for(engine, "document.documentElement.dataset.state === 'ready'")
    refused = engine.evaluate(
        """await (async () => {
            const refused = (act) => { try { act(); return false; } catch { return true; } };
            const trusted = typeof trustedTypes === 'object';
            return {
              away: await fetch('https://example.org/').then(() => false, () => true),
              html: !trusted || refused(() => { document.body.innerHTML = '<b>x</b>'; }),
              worker: !trusted || refused(() => new Worker('sw.js')),
            };
        })()"""
    )
    assert refused == {"away": True, "html": True, "worker": True}
