"""Answers of a Keras model, with photos prepared as the app prepares them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.answers import answers_to
from builder.model.calibration.temperature import apply_temperature
from builder.model.images.labelled_photos import LabelledPhotos
from builder.model.images.photos import decode_photo, prepare
from builder.model.images.preprocessing import scale
from builder.model.outputs.activation import probabilities_of, require_probabilities
from builder.model.source import SourceModel

_BATCH = 50
_LATENCY_PHOTOS = 30
_WARM_UP = 5


@dataclass(frozen=True)
class KerasAnswers:
    """A network's answers to photos, and its embeddings of them."""

    probabilities: NDArray[np.float64]
    """[N, C], before the temperature."""
    embeddings: NDArray[np.float32] | None
    """[N, D], of a network that can detect foreign photos."""


def keras_answers(source: SourceModel, files: Sequence[Path]) -> KerasAnswers:
    """Return a model's answers to photos.

    Raises `PhotosError` for a photo that cannot be read.
    """
    from builder.model.outputs.head import head_of

    kind = head_of(source).activation
    embeddings = None
    if source.familiarity is None:
        outputs = raw_outputs(source, files)
    else:
        # Both in one pass: decoding and resizing take as long as the network.
        both = raw_outputs(replace(source, keras_model=_with_embedding(source)), files)
        outputs, embeddings = np.split(both, [len(source.labels)], axis=1)
    probabilities = probabilities_of(outputs, kind)
    require_probabilities(probabilities, kind, source.provenance.name)
    return KerasAnswers(probabilities, embeddings)


def _with_embedding(source: SourceModel) -> Any:
    """Return a model of the same input that puts the embedding [N, D] behind the answers [N, C]."""
    import keras

    model = source.keras_model
    # The layer that training puts before the classifier.
    embedding = model.get_layer("embedding").output
    return keras.Model(model.inputs, keras.ops.concatenate([model.outputs[0], embedding], axis=1))


def with_temperature(source: SourceModel, answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return answers [N, C] as the app shows them: scaled where they add up to 1."""
    if source.activation != "softmax":
        return answers
    return apply_temperature(answers, source.calibration.temperature)


def certainty_kinds(source: SourceModel, answers: KerasAnswers) -> list[str]:
    """Return how certain the app is of each answer: "sure", "foreign", or "" for less."""
    best = with_temperature(source, answers.probabilities).max(axis=1)
    kinds = np.where(best >= source.calibration.sure_from, "sure", "").astype(object)
    if source.familiarity is not None and answers.embeddings is not None:
        kinds[source.familiarity.of(answers.embeddings) < source.familiarity.limit] = "foreign"
    return [str(kind) for kind in kinds]


def raw_outputs(source: SourceModel, files: Sequence[Path]) -> NDArray[Any]:
    """Return the network's own outputs for photos, [N, …].

    Raises `PhotosError` for a photo that cannot be read.
    """
    parts = []
    for start in range(0, len(files), _BATCH):
        batch = [
            prepare(decode_photo(path), source.preprocessing)
            for path in files[start : start + _BATCH]
        ]
        scaled = scale(np.stack(batch), source.preprocessing)
        parts.append(answers_to(source.keras_model.predict_on_batch, scaled, _BATCH))
    return np.concatenate(parts)


def keras_latency(source: SourceModel, photos: LabelledPhotos) -> list[float]:
    """Return how long single photos take from file to answer, milliseconds, after a warm-up."""
    chosen = [
        photos.files[index % len(photos.files)] for index in range(_LATENCY_PHOTOS + _WARM_UP)
    ]
    seconds = []
    for path in chosen:
        started = time.perf_counter()
        image = prepare(decode_photo(path), source.preprocessing)[np.newaxis]
        source.keras_model.predict_on_batch(scale(image, source.preprocessing))
        seconds.append((time.perf_counter() - started) * 1000)
    return seconds[_WARM_UP:]
