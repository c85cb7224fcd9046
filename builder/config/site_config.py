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
from builder.config.scaling import SCALING


def setting(default: Any, kind: Kind) -> Any:
    """Declare a field of `SiteConfig`: its default, and the kind of value it accepts."""
    return dataclasses.field(default=default, metadata={"kind": kind})


@dataclass(frozen=True)
class SiteConfig:
    """What to build, from the config file and the command line. Every value has been checked."""

    model: str = setting("auto", path_kinds.NAME_OR_PATH)
    """Model to put into the app: "auto" (MobileNet with ImageNet weights, or the demo model where
    those cannot be had), "demo", the name of a Keras application such as "mobilenet", or the path
    of a model: `.keras`, `.h5`, a SavedModel folder, a TensorFlow.js model, or an export of
    Teachable Machine."""
    weights: str = setting("imagenet", path_kinds.NAME_OR_PATH)
    """Weights for a named model: "imagenet" (from Keras's cache or download) or the path of a
    weights file."""
    alpha: float | None = setting(None, kinds.number(0, above=True))
    """Width multiplier of MobileNet models; smaller is faster and less accurate. Without it, the
    architecture's own default."""
    input_size: int | None = setting(None, kinds.integer(32, 1024))
    """Side of the square that the network sees, in pixels. Without it, the model's own size."""
    labels: Path | None = setting(None, path_kinds.EXISTING_FILE)
    """File of class names (text with one a line, CSV, TSV or JSON), in the order of the model's
    outputs; CSV, TSV and JSON may have them in several languages. Without it, the names that come
    with the model."""
    preprocessing: str | None = setting(None, SCALING)
    """How channel values v of 0…255 are scaled for the network: "mobilenet" (v / 127.5 - 1),
    "imagenet" (mean and deviation of ImageNet, as PyTorch does), "caffe" (BGR, means subtracted),
    "0-1" (v / 255), "none", or mean/deviation, such as "127.5/127.5". Without it: what the model
    says, else what its architecture wants."""
    grayscale: bool = setting(False, kinds.FLAG)
    """Look only at luminance: photos are classified as black-and-white pictures."""
    quantize: str = setting("float16", kinds.choice("none", "float16", "uint8", "mixed", "auto"))
    """How the weights are stored: "float16" halves the download, "none" keeps them as they are,
    "mixed" quarters it (bytes with a scale for each channel, rounded to keep each layer's output),
    "uint8" is TensorFlow.js's own, which many networks do not survive. "auto" measures all of them
    and takes the smallest that agrees with Keras."""
    min_agreement: float = setting(0.98, kinds.number(0, 1))
    """Part of the test images on which weights as bytes must give Keras's first answer: what less
    has is refused, and left out by "auto"."""
    parity_images: Path | None = setting(None, path_kinds.EXISTING_FOLDER)
    """Folder of photos of the kind that the app will see, to compare the converted model with Keras
    on. Without it, generated images are used."""
    verify: str = setting("none", kinds.choice("none", "browser"))
    """"browser" compares the finished site with Keras in a headless Chromium, on each backend that
    it has, before anything is written."""
    top_k: int = setting(5, kinds.integer(1, 1000))
    """Number of predictions shown for a photo."""
    threshold: float = setting(0.0, kinds.number(0, 1))
    """Probability below which a prediction is not shown."""
    lang: str = setting("auto", kinds.LANGUAGE)
    """Language of the interface: "auto" (the first of the browser's languages that there is, else
    English) or one for everybody, such as "de". docs/languages.md lists them and tells how to add
    one."""
    allow: tuple[str, ...] = setting((), kinds.NAMES)
    """Class names to tell, no others. Give the option once for each."""
    deny: tuple[str, ...] = setting((), kinds.NAMES)
    """Class names never to tell. Give the option once for each."""
    title: str | None = setting(None, kinds.text(80))
    """Name of the app. Without it, "Photo Classifier" in the language of the interface."""
    short_name: str | None = setting(None, kinds.text(30))
    """Name under the app's icon; home screens show about 12 characters. Without it, the title."""
    description: str | None = setting(None, kinds.text(300))
    """One sentence on what the app does, for search engines and app installers. Without it, one in
    the language of the interface."""
    theme_color: str = setting("#0f766e", kinds.COLOR)
    """Color that the icons and the app's accents are made from."""
    base_url: str | None = setting(None, kinds.HTTPS_URL)
    """Address where the app will live. Only link previews and the canonical link need it: the app
    itself works from any folder of any host."""
    screenshots: tuple[Path, ...] = setting((), path_kinds.EXISTING_FILES)
    """Pictures of the app (PNG, JPEG or WebP) that browsers show when they offer to install it:
    upright ones on phones, wide ones on desktops. Give the option once for each."""
    templates: Path | None = setting(None, path_kinds.EXISTING_FOLDER)
    """Folder of templates that replace single files of the package's own, by the same path."""
    threads: bool = setting(True, kinds.FLAG)
    """Let the model use several cores where that is faster: from the second visit on the service
    worker isolates the page from other origins, which browsers require for it. `--no-threads`
    leaves that out, for pages that open popups of other origins and talk to them."""
    cache: bool = setting(True, kinds.FLAG)
    """Take the converted model from an earlier build where nothing that it depends on has changed;
    `--no-cache` converts anew. `CLASSIFIER_PWA_CACHE` in the environment names another folder."""
    output: Path = setting(Path("dist"), path_kinds.OUTPUT_PATH)
    """Folder to write the site into. What an earlier build left there is replaced."""
    keep_previous: int = setting(1, kinds.integer(0, 9))
    """Number of earlier versions in the output folder whose content-addressed folders stay beside
    the new ones, so that nobody who has an older page open, or gets one from a host's cache, is
    left without its files."""
    precompress: bool = setting(False, kinds.FLAG)
    """Write a `.br` and a `.gz` copy beside each file that gets smaller by it, for servers that
    send such copies: nginx and Caddy do when told to. Most static hosts compress by themselves."""
    kill_switch: bool = setting(False, kinds.FLAG)
    """Write a site that takes the app off visitors' devices instead: its service worker removes the
    app's caches and itself, its page says that the app was withdrawn and clears settings and
    history. Deploy it in the app's place, and leave it there for as long as people may return."""
    force: bool = setting(False, kinds.FLAG)
    """Replace the output folder even if no earlier build of classifier-pwa wrote it."""
