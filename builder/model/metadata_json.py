"""metadata.json: what the app needs to know of the model beside it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from builder.model.metadata import Preprocessing, Provenance
from builder.model.preprocessing import scaling_name

if TYPE_CHECKING:
    from builder.model.convert import GraphModel
    from builder.model.parity import Parity
    from builder.model.quantize.choice import Candidate
    from builder.model.source import SourceModel

FORMAT = 1
"""Raised when a reader of the old form could not make sense of the new one."""


def metadata_json(
    source: "SourceModel",
    graph: "GraphModel",
    parity: "Parity",
    origin: str = "generated",
    candidates: "Sequence[Candidate]" = (),
) -> bytes:
    """Return the content of metadata.json: UTF-8, keys sorted, the same from run to run.

    `origin` of the images that `parity` was measured on: "generated" or "photos". `candidates` are
    the quantizations that were measured for one to be chosen.
    """
    classes = graph.output_shape("probabilities")
    embedding = graph.output_shape("embedding")
    activation = graph.output_shape("class_activation")
    metadata = {
        "format": FORMAT,
        "name": source.provenance.name,
        "source": _source(source.provenance),
        "labels": list(source.labels),
        "inputSize": [source.preprocessing.input_height, source.preprocessing.input_width],
        "preprocessing": {
            **_preprocessing(source.preprocessing),
            "scaling": scaling_name(source.preprocessing),
            "scalingReason": source.scaling_reason,
        },
        "outputs": {
            "probabilities": classes[-1] if classes else None,
            "embedding": embedding[-1] if embedding else None,
            "classActivation": list(activation[1:3]) if activation else None,
        },
        "activation": "sigmoid" if source.is_multi_label else "softmax",
        "temperature": source.temperature,
        "quantization": graph.quantization,
        "parity": {**_parity(parity), "images": parity.images, "imagesFrom": origin},
        "candidates": [_candidate(candidate) for candidate in candidates],
    }
    options: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False, "sort_keys": True}
    return json.dumps(metadata, separators=(",", ":"), **options).encode()


def _source(provenance: Provenance) -> dict[str, Any]:
    return {
        "architecture": provenance.architecture,
        "alpha": provenance.alpha,
        "weights": provenance.weights,
        "weightsSha256": provenance.weights_sha256,
        "licence": provenance.licence,
        "substitution": provenance.substitution,
        "accuracy": provenance.accuracy,
    }


def _preprocessing(preprocessing: Preprocessing) -> dict[str, Any]:
    return {
        "resize": [preprocessing.resize_height, preprocessing.resize_width],
        "crop": [preprocessing.input_height, preprocessing.input_width],
        "cropFraction": preprocessing.crop_fraction,
        "grayscale": preprocessing.grayscale,
        "rescaleFactor": preprocessing.rescale_factor,
        "imageMean": list(preprocessing.image_mean),
        "imageStd": list(preprocessing.image_std),
        "channelOrder": preprocessing.channel_order,
        "insideGraph": True,
    }


def _parity(parity: "Parity") -> dict[str, float]:
    return {
        "maxProbabilityDifference": _rounded(parity.max_probability_difference),
        "top1Agreement": _rounded(parity.top1_agreement),
        "klDivergence": _rounded(parity.kl_divergence),
    }


def _candidate(candidate: "Candidate") -> dict[str, Any]:
    return {
        "quantization": candidate.graph.quantization,
        "bytes": candidate.size,
        "brotliBytes": candidate.compressed,
        **_parity(candidate.parity),
    }


def _rounded(value: float) -> float:
    """Keep three significant digits: the last ones depend on the machine's arithmetic."""
    return float(f"{value:.3g}")
