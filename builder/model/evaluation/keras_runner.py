"""Answers of a Keras model, with photos prepared as the app prepares them."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.evaluation.photos import LabelledPhotos
from builder.model.photos import decode_photo, prepare
from builder.model.preprocessing import scale
from builder.model.source import SourceModel

_BATCH = 50
_LATENCY_PHOTOS = 30
_WARM_UP = 5


def keras_answers(source: SourceModel, photos: LabelledPhotos) -> NDArray[Any]:
    """Return probabilities [N, C], before the temperature.

    Raises `PhotosError` for a photo that cannot be read.
    """
    parts = []
    for start in range(0, len(photos.files), _BATCH):
        batch = [
            prepare(decode_photo(path), source.preprocessing)
            for path in photos.files[start : start + _BATCH]
        ]
        scaled = scale(np.stack(batch), source.preprocessing)
        parts.append(as_probabilities(source, source.keras_model.predict_on_batch(scaled)))
    return np.concatenate(parts)


def as_probabilities(source: SourceModel, outputs: Any) -> NDArray[Any]:
    """Return what the app would make of the network's own outputs: probabilities [N, C]."""
    from builder.model.head import find_head
    from builder.model.trace import trace_model

    values = np.asarray(outputs, np.float64).reshape(len(outputs), -1)
    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    activation = find_head(trace_model(source.keras_model, *size)).activation
    if activation == "sigmoid":
        return np.concatenate([1.0 - values, values], axis=1)
    if activation == "logits":
        exponentials = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
    return values


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
