"""Sites that wait for moments where the app as it is waits for long."""

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from builder.build import build_site
from builder.config import SiteConfig
from builder.model.pipeline import PreparedModel
from builder.resources import site_templates
from builder.site.runtime import Runtimes, read_runtimes
from tests.e2e.bundling import bundled

TIMEOUTS = "app/shared/timeouts.js"
PAGE_TIMEOUTS = "app/shared/page-timeouts.js"
START = "app/page/startup/inline.js"
VERSION = "app/page/startup/end.js"
"""The module that tells versions apart."""
WAITS = {
    TIMEOUTS: {"STALL_MS = 20_000": "3000", "BACKOFF_MS = 1000": "20"},
    PAGE_TIMEOUTS: {"QUIET_MS = 10_000": "2000", "NAMES_MS = 8000": "2000"},
    START: {"TIMEOUT_MS = 10_000": "4000"},
}
"""The templates that say how long the app waits for what, and shorter waits."""


class Build(Protocol):
    """Builds a site once and returns its folder."""

    def __call__(
        self, title: str, model: dict[str, bytes] | None = None, over: Path | None = None
    ) -> Path:
        """Build around these files of a model, or the small one; `over` a copy of another site."""


def impatient_builds(site: Path, folder: Path) -> Build:
    """Return a function that builds sites around a site's model that wait for moments only.

    The title stands in one module too: it is what an update brings of the app's code.
    """
    sources = {}
    for name, waits in WAITS.items():
        source = (site_templates() / name).read_text(encoding="utf-8")
        for wait, shorter in waits.items():
            assert wait in source
            source = source.replace(wait, f"{wait.split(' = ')[0]} = {shorter}")
        sources[name] = source
    marked = (site_templates() / VERSION).read_text(encoding="utf-8")
    files = model_files(site)

    @cache
    def runtimes() -> Runtimes:
        """Return the package's, with the service worker and the start as the waits are."""
        _write(folder / "templates", sources)
        own = read_runtimes()
        made = bundled(own.lean, folder / "templates", folder / "bundling").scripts
        lean, full = (replace(each, scripts=made) for each in (own.lean, own.full))
        return replace(own, lean=lean, full=full)

    def build(title: str, model: dict[str, bytes] | None = None, over: Path | None = None) -> Path:
        output = folder / title
        if output.exists():
            return output
        templates = folder / f"templates of {title}"
        _write(templates, {**sources, VERSION: f"{marked}\n// {title}\n"})
        if over:
            shutil.copytree(over, output)
        build_site(
            SiteConfig(title=title, output=output, templates=templates),
            prepare=lambda *_: PreparedModel(model or files),
            bundles=runtimes,
        )
        return output

    return build


def _write(folder: Path, sources: dict[str, str]) -> None:
    for name, source in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, encoding="utf-8")


def model_files(site: Path) -> dict[str, bytes]:
    """Return the files of a site's model."""
    (model,) = (site / "model").iterdir()
    return {file.name: file.read_bytes() for file in model.iterdir()}


def with_ballast(site: Path, size: int) -> dict[str, bytes]:
    """Return the files of a site's model with so many bytes of weights that no node uses."""
    files = model_files(site)
    described = json.loads(files["model.json"])
    (group,) = described["weightsManifest"]
    group["weights"].append({"name": "ballast", "shape": [size // 4], "dtype": "float32"})
    for index, start in enumerate(range(0, size, 4_000_000)):
        name = f"ballast{index}.bin"
        group["paths"].append(name)
        files[name] = bytes(range(250)) * (min(4_000_000, size - start) // 250)
    return {**files, "model.json": json.dumps(described).encode()}
