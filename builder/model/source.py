"""A name or a path → Keras model, class names, scaling and provenance."""

import difflib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import LabelsError, ModelError
from builder.labels import check_labels, imagenet_labels, read_labels
from builder.model.metadata import Preprocessing, Provenance

if TYPE_CHECKING:
    from builder.config import SiteConfig

Warn = Callable[[str], None]


@dataclass(frozen=True)
class SourceModel:
    """A classifier as it was handed over, with all that the app needs to know of it."""

    keras_model: Any
    """The Keras model, as loaded: maps scaled images to its own kind of output."""
    labels: tuple[str, ...]
    """Class names in the order of the outputs."""
    preprocessing: Preprocessing
    """How a photo becomes the model's input."""
    provenance: Provenance
    """Where it comes from."""
    temperature: float = 1.0
    """Divides the logits before the softmax; the app applies it."""


def load_source(config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load the model that the configuration asks for.

    `warn` gets a sentence for each choice that the user should know of.
    Raises `ModelError` or `LabelsError` where something cannot be had, read or used. Only the
    model "auto" puts up with missing ImageNet weights: it takes the demo model and warns.
    """
    from builder.model.weights_file import require_finite

    source = _load(config, warn)
    require_finite(source.keras_model, source.provenance.name)
    labels = source.labels
    origin = f"The model {source.provenance.name}"
    if config.labels is not None:
        labels, origin = read_labels(config.labels), str(config.labels)
    count = _class_count(source)
    if not labels and count == len(imagenet_labels()):
        labels = imagenet_labels()
        warn("The model has 1,000 outputs and no class names; ImageNet's names are used.")
    if not labels:
        raise LabelsError(
            f"The model {source.provenance.name} has {count} outputs and brings no class names: "
            "give a file with one name a line with --labels."
        )
    check_labels(labels, count, origin)
    grayscale = config.grayscale or source.preprocessing.grayscale
    preprocessing = replace(source.preprocessing, grayscale=grayscale)
    return replace(source, labels=labels, preprocessing=preprocessing)


def _load(config: "SiteConfig", warn: Warn) -> SourceModel:
    from builder.model.application_table import APPLICATIONS

    if config.model == "auto":
        return _auto(config, warn)
    if config.model == "demo":
        return _demo(config)
    if config.model in APPLICATIONS:
        return _application(config.model, config, warn)
    if Path(config.model).exists() or "/" in config.model or "." in config.model:
        return _whole_model(Path(config.model), config, warn)
    names = ("auto", "demo", *APPLICATIONS)
    near = difflib.get_close_matches(config.model.lower(), names, 3, 0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Choose auto, demo or mobilenet."
    raise ModelError(
        f"The model {config.model!r} is unknown. {hint} A path to a .keras or .h5 file works too."
    )


def _auto(config: "SiteConfig", warn: Warn) -> SourceModel:
    from builder.model.demo import has_demo, load_demo
    from builder.model.imagenet import WeightsUnavailableError

    try:
        return _application("mobilenet", config, warn)
    except WeightsUnavailableError as error:
        if not has_demo():
            raise
        substitution = (
            "This app uses the demo model that ships with classifier-pwa, because ImageNet "
            "weights could not be had when it was built."
        )
        warn(f"{error.message} Building with the demo model instead, which knows other classes.")
        demo = load_demo()
        return replace(demo, provenance=replace(demo.provenance, substitution=substitution))


def _demo(config: "SiteConfig") -> SourceModel:
    from builder.model.demo import load_demo

    fixed = {
        "--weights": None if config.weights == "imagenet" else config.weights,
        "--alpha": config.alpha,
        "--input-size": config.input_size,
    }
    for option, value in fixed.items():
        if value is not None:
            raise ModelError(
                f"The demo model comes with its weights, width and size: leave {option} {value} "
                "out, or choose another --model."
            )
    return load_demo()


def _application(name: str, config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load a network of `keras.applications` with ImageNet weights or those of a file."""
    from builder.model.application_table import APPLICATIONS
    from builder.model.applications import application_preprocessing, build_application, describe
    from builder.model.weights_file import inspect_file

    alpha = config.alpha
    classes = len(imagenet_labels())
    path: Path | None = None
    if config.weights != "imagenet":
        path = Path(config.weights)
        file = inspect_file(path)
        if file.is_whole_model:
            return _whole_model(path, config, warn)
        if name == "mobilenet" and alpha is None:
            alpha = file.mobilenet_alpha
        named = read_labels(config.labels) if config.labels else imagenet_labels()
        classes = file.classes or len(named)
    if APPLICATIONS[name].alphas and alpha is None:
        alpha = 1.0
    size = config.input_size or APPLICATIONS[name].input_size
    model, file_used = build_application(
        name, alpha=alpha, input_size=size, weights=path or "imagenet", classes=classes
    )
    return SourceModel(
        keras_model=model,
        labels=imagenet_labels() if classes == len(imagenet_labels()) else (),
        preprocessing=application_preprocessing(name, size),
        provenance=Provenance(
            name=describe(name, alpha, size),
            architecture=name,
            weights="imagenet" if path is None else path.name,
            weights_sha256=_sha256(file_used or Path(config.weights)),
            alpha=alpha,
            # Keras's code and weights: https://github.com/keras-team/keras/blob/master/LICENSE
            licence="Apache-2.0" if path is None else None,
        ),
    )


def _whole_model(path: Path, config: "SiteConfig", warn: Warn) -> SourceModel:
    from builder.model.whole_model import load_whole_model

    if config.alpha is not None:
        raise ModelError(
            f"{path} holds a whole model, whose width is given: leave --alpha {config.alpha:g} out."
        )
    if config.weights != "imagenet" and Path(config.weights) != path:
        raise ModelError(
            f"{path} holds a whole model with its weights: leave --weights {config.weights} out."
        )
    loaded = load_whole_model(path, config.input_size)
    _compute_in_float32(loaded.model, path)
    bundle = loaded.bundle
    if bundle is None:
        warn(f"Scaling of photos for {path.name}: {loaded.scaling_reason}.")
    return SourceModel(
        keras_model=loaded.model,
        labels=bundle.labels if bundle else (),
        preprocessing=loaded.preprocessing,
        provenance=Provenance(
            name=bundle.name if bundle and bundle.name else path.stem,
            architecture="custom",
            weights=path.name,
            weights_sha256=_sha256(path),
            licence=bundle.licence if bundle else None,
            accuracy=bundle.accuracy if bundle else {},
        ),
        temperature=bundle.temperature if bundle else 1.0,
    )


def _compute_in_float32(model: Any, path: Path) -> None:
    """Take a mixed-precision policy off a model's layers: TensorFlow.js has no half precision.

    Raises `ModelError` where the variables themselves are of half precision.
    """
    from builder.model.trace import inner_layers

    for variable in model.variables:
        if variable.dtype in ("float16", "bfloat16"):
            raise ModelError(
                f"{path} has {variable.dtype} weights ({variable.path!r}), with which TensorFlow.js"
                " cannot compute. Save the model with the dtype policy float32 or mixed_float16."
            )
    for layer in inner_layers(model):
        layer.dtype_policy = "float32"


def _class_count(source: SourceModel) -> int:
    from builder.model.head import find_head
    from builder.model.trace import trace_model

    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    return find_head(trace_model(source.keras_model, *size)).classes


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
