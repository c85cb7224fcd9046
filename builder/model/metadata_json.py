"""metadata.json as a value: what a model is, for the app and for tools that read a built site."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.model.metadata import Activation, Origin
from builder.typed_json import TypedJsonError, optional, parse_json, to_json

METADATA = "metadata.json"
FORMAT = 1
"""Raised when a reader of the old form could not make sense of the new one."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far answers stray from Keras's, three significant digits each."""

    max_probability_difference: float
    """Largest absolute difference of any class's probability on any image, 0…1."""
    top1_agreement: float
    """Part of the images whose most probable class is the same, 0…1."""
    kl_divergence: float
    """Mean Kullback-Leibler divergence, nats."""
    decided_images: int
    """Number of images on which Keras's first probability leads clearly."""
    decided_agreed: int
    """Number of these whose most probable class is the same."""
    agreement_lower_bound: float
    """Lower bound of the agreement on such images in general, with 95 % confidence."""


@dataclass(frozen=True, kw_only=True)
class MeasuredParity(Agreement):
    """The same, with what it was measured on."""

    images: int
    """Number of images."""
    images_from: Origin
    """The package's own pictures, the person's photos, or crops of these."""


@dataclass(frozen=True, kw_only=True)
class MeasuredMode(Agreement):
    """A quantization mode that was measured so that one could be chosen."""

    quantization: str
    """Its name."""
    bytes: int
    """Size of the weight shards."""
    brotli_bytes: int
    """Their size over the wire."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the weights come from."""

    architecture: str
    """A Keras application's name, "demo" or "custom"."""
    alpha: float | None
    """Width multiplier, where the architecture has one."""
    weights: str
    """"imagenet", "demo", or the base name of a file."""
    weights_sha256: str
    """Of the weights' file, lower-case hex."""
    licence: str | None
    """SPDX identifier or a short text, where known."""
    substitution: str | None
    """Why another model stands in for the one that was meant, where one does."""
    accuracy: Mapping[str, Any]
    """Figures: "top1", "top5", "data"; "source" where others published them."""
    origin: str | None = optional(lambda: None)
    """Address where the weights were published, where known."""
    notice: str = optional(str)
    """What their makers want to be kept with them, as text."""


@dataclass(frozen=True, kw_only=True)
class PreprocessingRecord:
    """How a photo becomes the network's input: see `builder.model.metadata.Preprocessing`."""

    resize: tuple[int, int]
    """Height and width before the crop, pixels."""
    crop: tuple[int, int]
    """Height and width that the network sees, pixels."""
    crop_fraction: float
    fit: str
    resampling: str
    grayscale: bool
    rescale_factor: float
    image_mean: tuple[float, ...]
    image_std: tuple[float, ...]
    channel_order: str
    inside_graph: bool
    """Whether the graph scales values itself: always true of a graph model that we made."""
    scaling: str
    """What the scaling is called, or its numbers."""
    scaling_origin: str
    """How it is known: "record", "graph", "option", "inference", "guess" and the like."""
    scaling_reason: str
    """The same for people."""
    geometry_reason: str
    """Why a photo is fitted as it is, for people."""


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Sizes of the graph's outputs; None where the graph lacks one."""

    probabilities: int | None
    embedding: int | None
    class_activation: tuple[int, ...] | None
    """Height and width of the map, cells."""


@dataclass(frozen=True, kw_only=True)
class CalibrationRecord:
    """What temperature and the limit for "sure" were fitted on."""

    photos: int
    basis: str
    """In words."""


@dataclass(frozen=True, kw_only=True)
class FamiliarityRecord:
    """How the app finds photos that are unlike all that the model has learned."""

    limit: float


@dataclass(frozen=True, kw_only=True)
class ModelDescription:
    """The description of a model without the names of its classes."""

    format: int
    name: str
    """For people: "MobileNet v1 0.25, 224 px"."""
    source: Source
    input_size: tuple[int, int]
    """Height and width, pixels."""
    preprocessing: PreprocessingRecord
    outputs: Outputs
    activation: Activation
    activation_reason: str
    """What an answer is, for people: "one of 10 classes, by softmax (…)"."""
    temperature: float
    """Divides the logits before the softmax."""
    sure_from: float
    """From this calibrated probability on an answer is shown as sure, 0…1."""
    calibration: CalibrationRecord
    familiarity: FamiliarityRecord | None
    """None where the model cannot detect foreign photos."""
    quantization: str
    """The mode that the weights are stored in."""
    parity: MeasuredParity
    candidates: tuple[MeasuredMode, ...]
    """The modes that were measured to choose one; none where one was named."""


@dataclass(frozen=True, kw_only=True)
class Metadata(ModelDescription):
    """The content of metadata.json."""

    labels: tuple[str, ...]
    """Class names, in the order of the outputs."""
    word_net_ids: tuple[str, ...] = optional(tuple)
    """WordNet's identifier of each class, where the classes are ImageNet's."""


def write_metadata(metadata: Metadata) -> bytes:
    """Return the content of metadata.json: UTF-8, keys sorted, the same from run to run."""
    options: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False, "sort_keys": True}
    return json.dumps(to_json(metadata), separators=(",", ":"), **options).encode()


def read_metadata(content: bytes) -> Metadata:
    """Return what metadata.json says. Raises TypedJsonError: it may have been changed since."""
    metadata = parse_json(Metadata, content)
    if not metadata.temperature > 0:
        raise TypedJsonError("has no number greater than 0 in temperature")
    return metadata


def placeholder(grayscale: bool = False) -> Metadata:
    """Return the metadata of a model of one class, to render a site before its model is known."""
    return Metadata(
        format=FORMAT,
        name="",
        labels=("",),
        source=Source(
            architecture="custom",
            alpha=None,
            weights="",
            weights_sha256="",
            licence=None,
            substitution=None,
            accuracy={},
        ),
        input_size=(1, 1),
        preprocessing=PreprocessingRecord(
            resize=(1, 1),
            crop=(1, 1),
            crop_fraction=1.0,
            fit="crop",
            resampling="antialias",
            grayscale=grayscale,
            rescale_factor=1.0,
            image_mean=(0.0, 0.0, 0.0),
            image_std=(1.0, 1.0, 1.0),
            channel_order="rgb",
            inside_graph=True,
            scaling="none",
            scaling_origin="inference",
            scaling_reason="",
            geometry_reason="",
        ),
        outputs=Outputs(probabilities=1, embedding=None, class_activation=None),
        activation="softmax",
        activation_reason="",
        temperature=1.0,
        sure_from=1.0,
        calibration=CalibrationRecord(photos=0, basis=""),
        familiarity=None,
        quantization="none",
        parity=MeasuredParity(
            max_probability_difference=0.0,
            top1_agreement=1.0,
            kl_divergence=0.0,
            decided_images=0,
            decided_agreed=0,
            agreement_lower_bound=0.0,
            images=0,
            images_from="natural",
        ),
        candidates=(),
    )
