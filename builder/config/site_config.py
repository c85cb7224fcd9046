"""SiteConfig: everything that decides what a build makes.

The line under each field is its documentation: `--help` and docs/configuration.md print it.
"""

# ruff: noqa: RUF009 (`setting` returns what `dataclasses.field` returns)

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from builder.config import kinds, path_kinds
from builder.config.kinds import Kind
from builder.config.scaling import SCALING
from builder.errors import ConfigError
from builder.model.quantize import modes

NETWORK_VERBS = ("evaluate", "train")
"""The verbs besides `build` that read a network and photos."""


def setting(
    default: Any,
    kind: Kind,
    *,
    shared_with: tuple[str, ...] = (),
    site_only: bool = False,
    not_in_files: str = "",
) -> Any:
    """Declare a field of `SiteConfig`: its default, and the kind of value it accepts.

    `shared_with` names the verbs besides `build` that take the setting as an option of theirs.
    `site_only` says that the converted model is the same whatever the value, so that a build may
    take it from the cache.
    `not_in_files` is why it cannot stand in a config file, the rest of a sentence, where it cannot.
    """
    metadata = {
        "kind": kind,
        "shared_with": shared_with,
        "site_only": site_only,
        "not_in_files": not_in_files,
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """How a network and its photos are read: what `build`, `evaluate` and `train` share.

    Every value of a subclass has been checked.
    """

    weights: str = setting("imagenet", path_kinds.NAME_OR_PATH, shared_with=NETWORK_VERBS)
    """Weights for a named model: "imagenet" (from Keras's cache or download) or the path of a
    weights file."""
    alpha: float | None = setting(None, kinds.number(0, above=True), shared_with=NETWORK_VERBS)
    """Width multiplier of MobileNet models; smaller is faster and less accurate. Without it, the
    architecture's own default."""
    input_size: int | None = setting(None, kinds.integer(32, 1024), shared_with=NETWORK_VERBS)
    """Side of the square that the network sees, in pixels. Without it, the model's own size."""
    preprocessing: str | None = setting(None, SCALING, shared_with=NETWORK_VERBS)
    """How channel values v of 0…255 are scaled for the network: "mobilenet" (v / 127.5 - 1),
    "imagenet" (mean and deviation of ImageNet, as PyTorch does), "caffe" (BGR, means subtracted),
    "0-1" (v / 255), "none", or mean/deviation, such as "127.5/127.5" or "255/-255" (1 - v / 255).
    Without it: what the model says, else what its architecture wants."""
    fit: str | None = setting(
        None, kinds.choice("crop", "stretch", "pad"), shared_with=NETWORK_VERBS
    )
    """How a photo of any shape becomes the network's: "crop" (resized until it covers the size, its
    middle is taken), "stretch" (the whole photo, squeezed into the size, as Keras's `load_img` and
    `image_dataset_from_directory` do), "pad" (the whole photo, black beside it). Without it: what
    the training recorded, else "crop"."""
    crop_fraction: float | None = setting(None, kinds.number(0.1, 1), shared_with=NETWORK_VERBS)
    """Part of the resized photo's sides that the network sees, around the middle. Without it: what
    the training recorded, else 0.875 with "crop", and 1 with "stretch" and "pad"."""
    grayscale: bool = setting(False, kinds.FLAG, shared_with=NETWORK_VERBS)
    """Look only at luminance: photos are classified as black-and-white pictures."""
    memory_limit: float | None = setting(
        None, kinds.number(0.5, 4096), shared_with=NETWORK_VERBS, site_only=True
    )
    """Gigabytes of memory that reading and converting the model may take: a damaged or hostile file
    can ask for any amount. Without it, 4 GB and 24 times the size of the model's files, but no more
    than nine tenths of what the machine has."""
    time_limit: float | None = setting(
        None, kinds.number(0, above=True), shared_with=NETWORK_VERBS, site_only=True
    )
    """Minutes that reading and converting the model may take. Without it, 10 minutes and one more
    for each 10 MB of the model's files; an hour for a named model."""

    def __post_init__(self) -> None:
        """Raise `ConfigError` for a value that its field does not take: of another type, such as a
        text for a path, or one that the command line would refuse. Paths may be made later.
        """
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not _is_of(value, field.type):
                raise ConfigError(
                    f"{type(self).__name__}({field.name}={value!r}) takes a value of the type "
                    f"{getattr(field.type, '__name__', field.type)}, not {type(value).__name__}; "
                    "`read_config` makes the right one of a text."
                )
            self._check(field.name, value, field.metadata.get("kind"))

    def _check(self, name: str, value: Any, kind: Kind | None) -> None:
        """Keep a value as the command line would: in its one form, if it has several."""
        if value is None or kind is None or kind in path_kinds.ALL:
            return
        try:
            kept = kind.parse(value, Path())
        except ValueError as error:
            raise ConfigError(f"SiteConfig({name}={value!r}): {name} {error}.") from error
        object.__setattr__(self, name, kept)


@dataclass(frozen=True)
class SiteConfig(NetworkSettings):
    """What to build, from the config file and the command line. Every value has been checked."""

    model: str = setting("auto", path_kinds.NAME_OR_PATH)
    """Model to put into the app: "auto" (MobileNet with ImageNet weights; where those are not
    available, EfficientNet-Lite0 if classifier-pwa[imagenet] is installed, else the demo model),
    "demo", "efficientnet-lite0", the name of a Keras application such as "mobilenet", or the path
    of a model: `.keras`, `.h5`, a SavedModel folder, a TensorFlow.js model, or an export of
    Teachable Machine."""
    labels: Path | None = setting(None, path_kinds.EXISTING_FILE, shared_with=("evaluate",))
    """File of class names (text with one a line, CSV, TSV or JSON), in the order of the model's
    outputs; CSV, TSV and JSON may have them in several languages. Without it, the names that come
    with the model."""
    activation: str | None = setting(
        None, kinds.choice("softmax", "sigmoid", "logits", "none"), shared_with=("evaluate",)
    )
    """What the model's outputs are, where its last operators do not show it: "softmax"
    (probabilities that add up to 1), "sigmoid" (a probability for each class by itself: several may
    be right), "logits" (scores, of which the app makes probabilities: by a softmax, or by a sigmoid
    where one score separates two classes), "none" (scores from 0 to 1, shown as they are). With
    "sigmoid", outputs that are plain scores get a sigmoid each."""
    quantize: str = setting(modes.STANDARD, kinds.described_choice(modes.DESCRIPTIONS))
    """How the weights are stored (docs/quantization.md)."""
    min_agreement: float = setting(0.95, kinds.number(0, 1))
    """Least part of the pictures on which the converted model must give Keras's first answer, with
    95 % confidence (the lower bound of Wilson's interval). Only pictures count on which Keras's
    first probability leads by more than 0.14. A model below it is refused, and "auto" leaves it
    out."""
    max_divergence: float = setting(0.01, kinds.number(0))
    """Largest mean divergence (Kullback and Leibler's, in nats) of the converted model's
    probabilities from Keras's, on all of the pictures. A model above it is refused, and "auto"
    leaves it out."""
    parity_images: Path | None = setting(None, path_kinds.EXISTING_FOLDER)
    """Folder of photos of the kind that the app will see, on which the converted model is compared
    with Keras, better 200 or more: of fewer, crops in different light are used, too. Without it,
    204 crops of photos that scikit-image ships are used."""
    calibration: Path | None = setting(None, path_kinds.EXISTING_FOLDER)
    """Folder of photos whose class is known (one folder a class, or a labels.csv), on which the
    certainty that the app shows is calibrated. Without it: the calibration from the training or
    from a measurement of the weights, else the network's probabilities as they are. 200 photos or
    more are better than 20."""
    sure_accuracy: float = setting(0.8, kinds.number(0.5, 1), shared_with=("evaluate",))
    """Part of the answers shown as sure that are to be right, on the photos of `calibration`."""
    verify: str = setting("none", kinds.choice("none", "browser"), site_only=True)
    """"browser" compares the finished site with Keras in a headless Chromium, on each backend that
    it has, before anything is written: whether the backend computes what TensorFlow computes from
    the same files, and whether the weights have lost too much."""
    top_k: int = setting(5, kinds.integer(1, 1000), site_only=True)
    """Number of predictions shown for a photo."""
    threshold: float = setting(0.0, kinds.number(0, 1), site_only=True)
    """Probability below which a prediction is not shown."""
    lang: str = setting("auto", kinds.LANGUAGE, site_only=True)
    """Language of the interface: "auto" (the first of the browser's languages that there is, else
    English) or one for all visitors, such as "de". docs/languages.md lists them and explains
    how to add one."""
    allow: tuple[str, ...] = setting((), kinds.NAMES, site_only=True)
    """Class names to show, no others. Give the option once for each."""
    deny: tuple[str, ...] = setting((), kinds.NAMES, site_only=True)
    """Class names never to show. Give the option once for each."""
    title: str | None = setting(None, kinds.text(80), site_only=True)
    """Name of the app. Without it, "Photo Classifier" in the language of the interface."""
    short_name: str | None = setting(None, kinds.text(30), site_only=True)
    """Name under the app's icon; home screens show about 12 characters. Without it, the title."""
    description: str | None = setting(None, kinds.text(300), site_only=True)
    """One sentence on what the app does, for search engines and app installers. Without it, one in
    the language of the interface."""
    theme_color: str = setting("#0f766e", kinds.COLOR, site_only=True)
    """Color that the icons and the app's accents are made from."""
    base_url: str | None = setting(None, kinds.HTTPS_URL, site_only=True)
    """Address where the app will live. Only link previews and the canonical link need it: the app
    itself works from any folder of any host."""
    screenshots: tuple[Path, ...] = setting((), path_kinds.EXISTING_FILES, site_only=True)
    """Pictures of the app (PNG, JPEG or WebP) that browsers show when they offer to install it:
    upright ones on phones, wide ones on desktops. Give the option once for each."""
    templates: Path | None = setting(None, path_kinds.EXISTING_FOLDER, site_only=True)
    """Folder of templates that replace single files of the package's own, by the same path."""
    threads: bool = setting(True, kinds.FLAG, site_only=True)
    """Let the model use several cores where that is faster: from the second visit on the service
    worker isolates the page from other origins, which browsers require for it. `--no-threads`
    leaves that out, for pages that open popups of other origins and talk to them."""
    cache: bool = setting(True, kinds.FLAG, site_only=True)
    """Take the converted model from an earlier build where nothing that it depends on has changed;
    `--no-cache` converts anew. `CLASSIFIER_PWA_CACHE` in the environment names another folder."""
    output: Path = setting(Path("dist"), path_kinds.OUTPUT_PATH, site_only=True)
    """Folder to write the site into. What an earlier build left there is replaced."""
    keep_previous: int = setting(1, kinds.integer(0, 9), site_only=True)
    """Number of earlier versions in the output folder whose content-addressed folders stay beside
    the new ones, so that pages still open, or served from a host's cache, find the files of their
    own version."""
    precompress: bool = setting(False, kinds.FLAG, site_only=True)
    """Write a `.br` and a `.gz` copy beside each file that gets smaller by it, for servers that
    send such copies: nginx and Caddy do if configured to. Most static hosts compress by
    themselves."""
    kill_switch: bool = setting(False, kinds.FLAG, site_only=True)
    """Write a site that takes the app off visitors' devices instead: its service worker removes the
    app's caches and itself, its pages say that the app was withdrawn and clear settings and history
    (`404.html`, for any other address, where `base-url` is set). Deploy it in the app's place, and
    leave it there for as long as people may return."""
    force: bool = setting(
        False,
        kinds.FLAG,
        not_in_files="cannot stand in a config file, which may have been written for"
        " another folder: it is a decision about what lies in the output folder now. Give --force"
        " on the command line, for the one build that needs it",
        site_only=True,
    )
    """Write the output folder even if it holds what no earlier build of classifier-pwa wrote: the
    folder is moved aside, to its name with `.replaced-1`, and nothing in it is deleted."""
    config_file: Path | None = dataclasses.field(default=None, compare=False)
    """The config file that these settings were read from, where there is one."""


def _is_of(value: object, kind: Any) -> bool:
    """Return whether a value is of a field's type; a whole number is a float, too."""
    if isinstance(kind, UnionType):
        return any(_is_of(value, one) for one in get_args(kind))
    plain = get_origin(kind) or kind
    if isinstance(value, bool):
        return plain is bool
    return isinstance(value, int | float if plain is float else plain)
