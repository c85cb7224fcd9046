"""The network that a run starts from, and how it wants its photos."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.config import SiteConfig
from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS
from builder.model.images.geometry import with_geometry
from builder.model.images.preprocessing import with_scaling
from builder.model.isolated.limits import ceiling_for
from builder.model.isolated.parent import Reading, read_apart
from builder.model.loading import lite0
from builder.model.loading.mobilenet import scratch_mobilenet, with_new_head
from builder.model.loading.published import application_rights
from builder.model.metadata import Preprocessing, Rights
from builder.training.options import TrainOptions

if TYPE_CHECKING:
    from builder.model.loading.whole_model import WholeModel

SCRATCH_SIZE = 64
"""Side of the photos that a network from scratch is made for, pixels."""
SCRATCH_ALPHA = 0.5
_MANY_PHOTOS = 10_000
_TRANSFER_DROPOUT = 0.2


@dataclass(frozen=True)
class Base:
    """Where training starts."""

    model: Any
    """Maps scaled photos to class probabilities [N, C]; its head is new."""
    preprocessing: Preprocessing
    name: str
    """For people: "MobileNet v1 0.25, 128 px"."""
    rights: Rights
    """Whose the weights are that training starts from; nobody's from scratch."""
    chosen: str = ""
    """The value of `TrainOptions.base`, or what "auto" chose."""
    reason: str = ""
    """Why "auto" chose another network than MobileNet, a sentence; "" where it did not."""


def make_base(
    options: TrainOptions,
    classes: int,
    photos: int,
    warn: Callable[[str], object] = lambda _line: None,
) -> Base:
    """Build the network that `options` ask for, with a new head for `classes` classes.

    `photos` is the number of training photos; `warn` gets a sentence on what "auto" chose, and why.
    Raises `ModelError` where the base is unknown or its weights are not available.
    """
    if options.base == "auto":
        return _auto(options, classes, photos, warn)
    if options.base == "none":
        base = _scratch(options, classes, photos)
    elif options.base == "demo":
        base = _demo(options, classes)
    elif options.base == lite0.NAME:
        base = _lite0(options, classes)
    elif options.base in APPLICATIONS:
        base = _application(options, classes)
    else:
        base = _file(options, classes)
    scaled = base.preprocessing
    if options.preprocessing is not None:
        scaled = with_scaling(scaled, options.preprocessing)
    preprocessing = replace(
        with_geometry(scaled, options.fit, options.crop_fraction),
        grayscale=options.grayscale or scaled.grayscale,
        resampling="antialias",  # as the photos are resized here
    )
    return replace(base, preprocessing=preprocessing, chosen=options.base)


def _auto(options: TrainOptions, classes: int, photos: int, warn: Callable[[str], object]) -> Base:
    """Return MobileNet, or where its weights are not available, what is nearest to it."""
    from builder.model.loading.imagenet import WeightsUnavailableError

    try:
        return make_base(replace(options, base="mobilenet"), classes, photos)
    except WeightsUnavailableError as error:
        if options.weights != "imagenet":
            raise
        plain = options.alpha in (None, 1.0)
        instead = lite0.NAME if plain and lite0.find_lite0_weights() is not None else "demo"
        base = make_base(replace(options, base=instead), classes, photos)
        reason = f"{error.cause} Training starts from {base.name} instead."
        warn(reason)
        return replace(base, reason=reason)


def at_final_size(model: Any, base: Base, options: TrainOptions) -> Any:
    """Return `model` with the input's sides fixed, where training had left them open."""
    if model.input_shape[1] is not None:
        return model
    fixed = scratch_mobilenet(
        model.output_shape[-1],
        options.alpha or SCRATCH_ALPHA,
        base.preprocessing.input_height,
    )
    fixed.set_weights(model.get_weights())
    return fixed


def _scratch(options: TrainOptions, classes: int, photos: int) -> Base:
    side, alpha = options.input_size or SCRATCH_SIZE, options.alpha or SCRATCH_ALPHA
    momentum = 0.99 if photos >= _MANY_PHOTOS else 0.9
    model = scratch_mobilenet(classes, alpha, None, momentum=momentum)
    scaling = Preprocessing(side, side, rescale_factor=1 / 127.5, image_mean=(1.0, 1.0, 1.0))
    name = f"MobileNet v1 {alpha:g} trained from scratch, {side} px"
    return Base(model, scaling, name, Rights())


def _application(options: TrainOptions, classes: int) -> Base:
    from builder.model.loading.applications import (
        application_preprocessing,
        build_application,
        describe,
    )

    name = options.base
    side = options.input_size or APPLICATIONS[name].input_size
    alpha = (options.alpha or 1.0) if APPLICATIONS[name].alphas else options.alpha
    weights = options.weights if options.weights == "imagenet" else Path(options.weights)
    # With its ImageNet classifier, because that is the file that people have in Keras's cache.
    whole, _ = build_application(name, alpha=alpha, input_size=side, weights=weights)
    return Base(
        with_new_head(features_of(whole, name), classes, _TRANSFER_DROPOUT),
        application_preprocessing(name, side),
        describe(name, alpha, side),
        application_rights(name) if options.weights == "imagenet" else Rights(),
    )


def _lite0(options: TrainOptions, classes: int) -> Base:
    chosen = SiteConfig(
        model=lite0.NAME,
        weights=options.weights,
        alpha=options.alpha,
        input_size=options.input_size,
    )
    source = lite0.load_lite0(chosen)
    return Base(
        with_new_head(features_of(source.keras_model, lite0.NAME), classes, _TRANSFER_DROPOUT),
        source.preprocessing,
        source.provenance.name,
        source.provenance.rights,
    )


def _demo(options: TrainOptions, classes: int) -> Base:
    from builder.model.loading.demo import load_demo

    demo = load_demo()
    _require_size(options, demo.preprocessing, "the demo model")
    return Base(
        with_new_head(features_of(demo.keras_model, "demo"), classes, _TRANSFER_DROPOUT),
        demo.preprocessing,
        demo.provenance.name,
        demo.provenance.rights,
    )


def _file(options: TrainOptions, classes: int) -> Base:
    path = Path(options.base)
    if not path.exists():
        raise ModelError(
            f"The base {options.base!r} is neither a file nor a network of keras.applications: "
            "choose mobilenet, demo, none (from scratch), or the path of a .keras or .h5 file."
        )
    loaded = load_file(path, options, options.input_size)
    _require_size(options, loaded.preprocessing, str(path))
    return Base(
        with_new_head(features_of(loaded.model, str(path)), classes, _TRANSFER_DROPOUT),
        loaded.preprocessing,
        path.stem,
        loaded.bundle.rights if loaded.bundle else Rights(),
    )


def load_file(path: Path, options: TrainOptions, input_size: int | None = None) -> "WholeModel":
    """Load an untrusted model, once another process has read it without harm."""
    from builder.model.loading.whole_model import load_whole_model

    ceiling = ceiling_for(path, options.memory_limit, options.time_limit)
    read_apart(Reading(load_whole_model, (path, input_size)), str(path), ceiling)
    return load_whole_model(path, input_size)


def features_of(model: Any, origin: str) -> Any:
    """Return `model` up to its last map of features: what its global average pooling takes.

    A network without such a pooling ends where its last flattening begins.
    Raises `ModelError` where there is neither.
    """
    from keras import Model, layers

    for kind in (layers.GlobalAveragePooling2D, layers.Flatten):
        for layer in reversed(model.layers):
            if isinstance(layer, kind):
                # Not `model.input`: a Sequential model that was read from a file has none.
                return Model(model.inputs[0], layer.input, name=model.name)
    raise ModelError(
        f"The base {origin} has no global average pooling and no flattening before its classifier, "
        "so its features cannot be told from its head: choose another --base."
    )


def _require_size(options: TrainOptions, preprocessing: Preprocessing, origin: str) -> None:
    side = preprocessing.input_height
    if options.input_size not in (None, side):
        raise ModelError(
            f"--input-size {options.input_size} does not fit {origin}, which takes photos of "
            f"{side} pixels: leave it out."
        )
