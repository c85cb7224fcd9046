"""Describes a converted model for metadata.json."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from builder.labels import wordnet_ids
from builder.model.images.preprocessing import scaling_name
from builder.model.metadata import Origin, Preprocessing, Provenance
from builder.model.metadata_json import (
    FORMAT,
    CalibrationRecord,
    FamiliarityRecord,
    MeasuredMode,
    MeasuredParity,
    Metadata,
    Outputs,
    PreprocessingRecord,
    Source,
)

if TYPE_CHECKING:
    from builder.model.graph.graph_model import GraphModel
    from builder.model.parity import Parity
    from builder.model.quantize.choice import Candidate
    from builder.model.source import SourceModel


def describe(
    source: "SourceModel",
    graph: "GraphModel",
    parity: "Parity",
    origin: Origin = "natural",
    candidates: "Sequence[Candidate]" = (),
) -> Metadata:
    """Return what metadata.json says of a converted model.

    `origin`, as in `SampleImages`, is that of the images that `parity` was measured on.
    `candidates` are the quantizations that were measured to choose one.
    """
    classes = graph.output_shape("probabilities")
    embedding = graph.output_shape("embedding")
    activation = graph.output_shape("class_activation")
    familiarity = source.familiarity
    return Metadata(
        format=FORMAT,
        name=source.provenance.name,
        source=_source(source.provenance),
        labels=tuple(source.labels),
        word_net_ids=wordnet_ids(source.labels),
        input_size=(source.preprocessing.input_height, source.preprocessing.input_width),
        preprocessing=_preprocessing(source.preprocessing, source),
        outputs=Outputs(
            probabilities=classes[-1] if classes else None,
            embedding=embedding[-1] if embedding else None,
            class_activation=activation[1:3] if activation else None,
        ),
        activation=source.activation,
        activation_reason=source.activation_reason,
        temperature=source.calibration.temperature,
        sure_from=source.calibration.sure_from,
        calibration=CalibrationRecord(
            photos=source.calibration.photos, basis=source.calibration.basis
        ),
        familiarity=FamiliarityRecord(limit=familiarity.limit) if familiarity else None,
        quantization=graph.quantization,
        parity=MeasuredParity(**agreement(parity), images=parity.images, images_from=origin),
        candidates=tuple(_candidate(candidate) for candidate in candidates),
    )


def _source(provenance: Provenance) -> Source:
    return Source(
        architecture=provenance.architecture,
        alpha=provenance.alpha,
        weights=provenance.weights,
        weights_sha256=provenance.weights_sha256,
        licence=provenance.rights.licence,
        substitution=provenance.substitution,
        accuracy=provenance.accuracy,
        origin=provenance.rights.origin,
        notice=provenance.rights.notice,
    )


def _preprocessing(preprocessing: Preprocessing, source: "SourceModel") -> PreprocessingRecord:
    return PreprocessingRecord(
        resize=(preprocessing.resize_height, preprocessing.resize_width),
        crop=(preprocessing.input_height, preprocessing.input_width),
        crop_fraction=preprocessing.crop_fraction,
        fit=preprocessing.fit,
        resampling=preprocessing.resampling,
        grayscale=preprocessing.grayscale,
        rescale_factor=preprocessing.rescale_factor,
        image_mean=preprocessing.image_mean,
        image_std=preprocessing.image_std,
        channel_order=preprocessing.channel_order,
        inside_graph=True,
        scaling=scaling_name(preprocessing),
        scaling_origin=source.scaling_origin,
        scaling_reason=source.scaling_reason,
        geometry_reason=source.geometry_reason,
    )


def agreement(parity: "Parity") -> dict[str, Any]:
    """Return the fields of an `Agreement`."""
    return {
        "max_probability_difference": rounded(parity.max_probability_difference),
        "top1_agreement": rounded(parity.top1_agreement),
        "kl_divergence": rounded(parity.kl_divergence),
        "decided_images": parity.decided,
        "decided_agreed": parity.agreed,
        "agreement_lower_bound": rounded(parity.lower_bound),
    }


def _candidate(candidate: "Candidate") -> MeasuredMode:
    return MeasuredMode(
        quantization=candidate.graph.quantization,
        bytes=candidate.size,
        brotli_bytes=candidate.compressed,
        **agreement(candidate.parity),
    )


def rounded(value: float) -> float:
    """Keep three significant digits: the last ones depend on the machine's arithmetic."""
    return float(f"{value:.3g}")
