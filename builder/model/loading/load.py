"""A name or a path → Keras model, class names, scaling and provenance."""

from dataclasses import replace
from typing import TYPE_CHECKING

from builder.errors import LabelsError
from builder.labels import check_labels, imagenet_labels, read_labels
from builder.model.loading.choice import load_asked
from builder.model.preprocessing import with_scaling
from builder.model.source import SourceModel, Warn

if TYPE_CHECKING:
    from builder.config import SiteConfig
    from builder.model.head import Head


def load_source(config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load the model that the configuration asks for.

    `warn` gets a sentence for each choice that the user should know of.
    Raises `ModelError` or `LabelsError` where something cannot be had, read or used. Only the
    model "auto" puts up with missing ImageNet weights: it takes the demo model and warns.
    """
    from builder.model.weights_file import require_finite

    source = load_asked(config, warn)
    require_finite(source.keras_model, source.provenance.name)
    labels = source.labels
    origin = f"The model {source.provenance.name}"
    if config.labels is not None:
        labels, origin = read_labels(config.labels), str(config.labels)
    head = _head(source)
    count = head.classes
    if not labels and count == len(imagenet_labels()):
        labels = imagenet_labels()
        warn("The model has 1,000 outputs and no class names; ImageNet's names are used.")
    if not labels:
        raise LabelsError(
            f"The model {source.provenance.name} has {count} outputs and brings no class names: "
            "give a file with one name a line with --labels."
        )
    check_labels(labels, count, origin)
    source = replace(source, labels=labels, is_multi_label=head.activation == "sigmoids")
    return _as_asked(source, config)


def _as_asked(source: SourceModel, config: "SiteConfig") -> SourceModel:
    """Return the model with what the settings say of its preprocessing."""
    preprocessing, reason = source.preprocessing, source.scaling_reason
    if config.preprocessing is not None:
        preprocessing = with_scaling(preprocessing, config.preprocessing)
        reason = f"as --preprocessing asks; without it: {reason}"
    grayscale = config.grayscale or preprocessing.grayscale
    return replace(
        source, preprocessing=replace(preprocessing, grayscale=grayscale), scaling_reason=reason
    )


def _head(source: SourceModel) -> "Head":
    from builder.model.head import find_head
    from builder.model.trace import trace_model

    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    return find_head(trace_model(source.keras_model, *size))
