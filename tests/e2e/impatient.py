"""Sites that wait for moments where the app as it is waits for long."""

import json
import shutil
from pathlib import Path
from typing import Protocol

from builder.build import build_site
from builder.config import SiteConfig
from builder.model.pipeline import PreparedModel
from builder.resources import site_templates

PATIENCE = "app/classifier/patience.js"
"""The template that says how long the app waits for what."""


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
    source = (site_templates() / PATIENCE).read_text(encoding="utf-8")
    for wait, shorter in {"STALL_MS = 20_000": "3000", "BACKOFF_MS = 1000": "20"}.items():
        assert wait in source
        source = source.replace(wait, f"{wait.split(' = ')[0]} = {shorter}")
    files = model_files(site)

    def build(title: str, model: dict[str, bytes] | None = None, over: Path | None = None) -> Path:
        output = folder / title
        if output.exists():
            return output
        templates = folder / f"templates of {title}"
        (templates / PATIENCE).parent.mkdir(parents=True)
        (templates / PATIENCE).write_text(f"{source}\n// {title}\n", encoding="utf-8")
        if over:
            shutil.copytree(over, output)
        build_site(
            SiteConfig(title=title, output=output, templates=templates),
            prepare=lambda *_: PreparedModel(model or files),
        )
        return output

    return build


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
