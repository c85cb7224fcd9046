"""`build --verify browser` compares the site with Keras where it will run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.browser.verify import _model_files, compare_in_browser
from builder.build import build_site
from builder.config import SiteConfig
from builder.errors import ParityError
from builder.site.assembly import Site
from builder.site.built import read_site
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
    backends = report.browsers["chromium"]
    assert {"wasm", "webgl", "webgpu", "cpu", "engine"} == set(backends)
    for backend, figures in backends.items():
        assert figures.images == {"wasm": 200, "engine": 200, "webgpu": 4}.get(backend, 50)
        assert figures.decided_agreed == figures.decided_images
        assert 0 < figures.max_probability_difference < 1e-2
        assert 0 <= figures.kl_divergence < 0.01
        assert 0 <= figures.divergence_from_files < 1e-5
    assert read_site(tmp_path / "dist") == report
    page = (tmp_path / "dist" / "index.html").read_text(encoding="utf-8")
    assert page.count('<span data-text="backend-') == len(backends)
    assert 'data-backend="WebAssembly">WebAssembly, on the processor</span>: ' in page


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
        "builder.browser.verify.compare_in_browser",
        lambda site, _: compare_in_browser(site, replace(config, grayscale=False)),
    )
    with pytest.raises(ParityError, match=r"backend wasm, .* differ from Keras's: .*another --qu"):
        apart(build_site, config)
    assert not (tmp_path / "dist").exists()


def test_a_fault_of_a_backend_is_told_as_such(
    trees_model: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    apart: Apart,
) -> None:
    """Seen as a browser sees it whose kernels compute otherwise: the site's weights are others."""
    model, labels = trees_model
    config = SiteConfig(model=str(model), labels=labels, verify="browser", output=tmp_path / "dist")

    def with_faulty_kernels(site: Site, config: SiteConfig) -> Any:
        path = next(file.path for file in site.files if file.path.endswith("of1.bin"))
        sound = next(file.content for file in site.files if file.path == path)

        def model_files(files: Any) -> dict[str, bytes]:
            # What TensorFlow reads has lost the weights in its middle.
            weights = bytearray(sound)
            weights[len(weights) // 2 : len(weights) // 2 + 4000] = bytes(4000)
            return {**_model_files(files), Path(path).name: bytes(weights)}

        monkeypatch.setattr("builder.browser.verify._model_files", model_files)
        return compare_in_browser(site, config)

    monkeypatch.setattr("builder.browser.verify.compare_in_browser", with_faulty_kernels)
    with pytest.raises(ParityError) as raised:
        apart(build_site, config)
    told = str(raised.value)
    assert "backend wasm gives other answers than TensorFlow from the same files" in told
    assert "another --quantize does not help" in told
    assert not (tmp_path / "dist").exists()
