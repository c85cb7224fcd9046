"""`build --verify browser` compares the site with Keras where it will run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.errors import ParityError
from builder.verify import compare_in_browser
from tests.conftest import Apart
from tests.models import CLASSES
from tests.photo_sets import write_shapes


def test_each_backend_that_the_browser_has_is_compared_and_told(
    trees_model: tuple[Path, Path], tmp_path: Path, apart: Apart
) -> None:
    model, labels = trees_model
    photos = write_shapes(tmp_path / "photos", 2)
    config = SiteConfig(
        model=str(model),
        labels=labels,
        parity_images=photos,
        # A network that was never trained is often undecided: half precision decides otherwise.
        quantize="none",
        # The site never tells these, however probable they are.
        deny=CLASSES[::2],
        verify="browser",
        output=tmp_path / "dist",
    )
    report = apart(build_site, config).report
    backends = report["browsers"]["chromium"]
    assert "wasm" in backends
    for figures in backends.values():
        assert figures["images"] == 6
        assert figures["top1Agreement"] == 1.0
        assert 0 < figures["maxProbabilityDifference"] < 1e-2
        assert 0 <= figures["klDivergence"] < 0.01
    written = json.loads((tmp_path / "dist" / "site.json").read_bytes())
    assert written["browsers"] == report["browsers"]
    page = (tmp_path / "dist" / "index.html").read_text(encoding="utf-8")
    assert "<dd>100%<br>" in page
    assert page.count('<span data-text="backend-') == len(backends)
    assert 'data-text="backend-wasm">WebAssembly, on the processor</span>: 100%' in page


def test_a_site_that_answers_otherwise_is_not_written(
    trees_model: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    apart: Apart,
) -> None:
    model, labels = trees_model
    config = SiteConfig(
        model=str(model),
        labels=labels,
        verify="browser",
        grayscale=True,
        output=tmp_path / "dist",
    )
    # Verified against another network: the one that sees colour.
    monkeypatch.setattr(
        "builder.verify.compare_in_browser",
        lambda site, _: compare_in_browser(site, replace(config, grayscale=False)),
    )
    with pytest.raises(ParityError, match="On the backend wasm, the browser gives Keras's first"):
        apart(build_site, config)
    assert not (tmp_path / "dist").exists()
