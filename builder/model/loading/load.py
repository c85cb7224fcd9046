"""A name or a path → Keras model, class names, scaling and provenance."""

from dataclasses import replace
from typing import TYPE_CHECKING

from builder.errors import LabelsError
from builder.labels import check_labels, imagenet_labels, read_labels
from builder.model.failures import as_model_error
from builder.model.images.geometry import with_geometry
from builder.model.images.preprocessing import with_scaling
from builder.model.loading.calibrated import known_calibration, unmeasured
from builder.model.loading.choice import load_asked
from builder.model.reading.content import path_of
from builder.model.source import SourceModel, Warn

if TYPE_CHECKING:
    from builder.config import SiteConfig


def load_source(config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load the model that the configuration asks for.

    `warn` gets a sentence for each choice that the user should know of. Raises `ModelError` or
    `LabelsError` where something is missing, unreadable or unusable. Only the model "auto" accepts
    missing ImageNet weights: it takes the demo model and warns.
    """
    from builder.model.outputs.activation import app_activation
    from builder.model.outputs.head import find_head, source_trace
    from builder.model.reading.weights_file import require_finite

    source = replace(load_asked(config, warn), asked_activation=config.activation)
    require_finite(source.keras_model, source.provenance.name)
    labels = source.labels
    origin = f"The model {source.provenance.name}"
    if config.labels is not None:
        labels, origin = read_labels(config.labels), str(config.labels)
    with as_model_error(path_of(config.model), "its last layers were read", "Save it again."):
        trace = source_trace(source)
        head = find_head(trace, config.activation)
    if trace.overruled:
        names = ", ".join(repr(name) for name in trace.overruled[:5])
        warn(
            f"The model calls {names} with training=True. As Keras's own predict does, the app "
            "ignores that."
        )
    count = head.classes
    if not labels and count == len(imagenet_labels()):
        labels = imagenet_labels()
        warn("The model has 1,000 outputs and no class names; ImageNet's names are used.")
    if not labels:
        raise LabelsError(
            f"The model {source.provenance.name} has {count} outputs and brings no class names: "
            "give a file with one name a line with --labels."
        )
    if head.is_binary and len(labels) != count:
        raise LabelsError(
            f"{origin} gives {len(labels)} class names, but the model's single output separates "
            "two classes: give two with --labels, the one that it stands for second."
        )
    check_labels(labels, count, origin)
    source = replace(
        source,
        labels=labels,
        activation=app_activation(head.activation),
        activation_reason=head.description,
    )
    return _with_known_calibration(_as_asked(source, config, warn), config)


def _as_asked(source: SourceModel, config: "SiteConfig", warn: Warn) -> SourceModel:
    """Return the model with what the settings say of its preprocessing."""
    source = _with_geometry(_with_asked_scaling(source, config, warn), config)
    grayscale = config.grayscale or source.preprocessing.grayscale
    return replace(source, preprocessing=replace(source.preprocessing, grayscale=grayscale))


def _with_asked_scaling(source: SourceModel, config: "SiteConfig", warn: Warn) -> SourceModel:
    if config.preprocessing is None:
        return source
    asked = with_scaling(source.preprocessing, config.preprocessing)
    if source.scaling_origin == "graph" and asked != source.preprocessing:
        warn(
            f"--preprocessing {config.preprocessing} comes before the model's own scaling: "
            f"{source.scaling_reason}. Leave the option out if that is not what you want."
        )
    return replace(
        source,
        preprocessing=asked,
        scaling_origin="option",
        scaling_reason=f"as --preprocessing asks; without it: {source.scaling_reason}",
    )


def _with_known_calibration(source: SourceModel, config: "SiteConfig") -> SourceModel:
    """Return the model with the calibration of its weights, if its photos are prepared as there."""
    seen_otherwise = (config.preprocessing, config.fit, config.crop_fraction, config.grayscale)
    known = known_calibration(source.provenance.weights_sha256)
    if source.calibration.photos or known is None or any(seen_otherwise):
        known = unmeasured(source.calibration, source)
    return replace(source, calibration=known)


def _with_geometry(source: SourceModel, config: "SiteConfig") -> SourceModel:
    asked = [
        option
        for option, value in (("--fit", config.fit), ("--crop-fraction", config.crop_fraction))
        if value is not None
    ]
    if not asked:
        return source
    return replace(
        source,
        preprocessing=with_geometry(source.preprocessing, config.fit, config.crop_fraction),
        geometry_reason=f"as {' and '.join(asked)} {'asks' if len(asked) == 1 else 'ask'}",
    )
