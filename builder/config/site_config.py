"""SiteConfig: everything that decides what a build makes.

The line under each field is its documentation: `--help` and docs/configuration.md print it.
"""

# ruff: noqa: RUF009 (`setting` returns what `dataclasses.field` returns)

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.config import kinds, path_kinds
from builder.config.kinds import Kind


def setting(default: Any, kind: Kind) -> Any:
    """Declare a field of `SiteConfig`: its default, and the kind of value it accepts."""
    return dataclasses.field(default=default, metadata={"kind": kind})


@dataclass(frozen=True)
class SiteConfig:
    """What to build, from the config file and the command line. Every value has been checked."""

    model: str = setting("auto", path_kinds.NAME_OR_PATH)
    """Model to put into the app: "auto" (MobileNet with ImageNet weights, or the demo model where
    those cannot be had), "demo", the name of a Keras application such as "mobilenet", or the path
    of a `.keras` or `.h5` model."""
    weights: str = setting("imagenet", path_kinds.NAME_OR_PATH)
    """Weights for a named model: "imagenet" (from Keras's cache or download) or the path of a
    weights file."""
    alpha: float | None = setting(None, kinds.number(0, above=True))
    """Width multiplier of MobileNet models; smaller is faster and less accurate. Without it, the
    architecture's own default."""
    input_size: int | None = setting(None, kinds.integer(32, 1024))
    """Side of the square that the network sees, in pixels. Without it, the model's own size."""
    labels: Path | None = setting(None, path_kinds.EXISTING_FILE)
    """File of class names (text with one a line, CSV or JSON), in the order of the model's outputs.
    Without it, the names that come with the model."""
    grayscale: bool = setting(False, kinds.FLAG)
    """Look only at luminance: photos are classified as black-and-white pictures."""
    quantize: str = setting("float16", kinds.choice("none", "float16"))
    """How the weights are stored: "float16" halves the download, "none" keeps them as they are."""
    top_k: int = setting(5, kinds.integer(1, 1000))
    """Number of predictions shown for a photo."""
    threshold: float = setting(0.0, kinds.number(0, 1))
    """Probability below which a prediction is not shown."""
    title: str = setting("Photo Classifier", kinds.text(80))
    """Name of the app."""
    short_name: str | None = setting(None, kinds.text(30))
    """Name under the app's icon; home screens show about 12 characters. Without it, the title."""
    description: str = setting(
        "Tells you what is in a photo. Works offline; no photo ever leaves your device.",
        kinds.text(300),
    )
    """One sentence on what the app does, for search engines and app installers."""
    theme_color: str = setting("#0f766e", kinds.COLOR)
    """Color that the icons and the app's accents are made from."""
    base_url: str | None = setting(None, kinds.HTTPS_URL)
    """Address where the app will live. Only link previews and the canonical link need it: the app
    itself works from any folder of any host."""
    templates: Path | None = setting(None, path_kinds.EXISTING_FOLDER)
    """Folder of templates that replace single files of the package's own, by the same path."""
    output: Path = setting(Path("dist"), path_kinds.OUTPUT_PATH)
    """Folder to write the site into. What an earlier build left there is replaced."""
    force: bool = setting(False, kinds.FLAG)
    """Replace the output folder even if no earlier build of classifier-pwa wrote it."""

    @property
    def shown_short_name(self) -> str:
        """The name under the app's icon."""
        return self.short_name or self.title
