"""The first phase of transfer learning: a new head on the frozen base.

The base never changes here, so each photo goes through it once, and a solver that converges finds
the head from the features: in seconds instead of minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.calibration.penalty import cross_validate, log_losses
from builder.model.calibration.regression import fit_softmax
from builder.model.metadata import Preprocessing
from builder.training.lessons import Lessons
from builder.training.share import Share
from builder.training.stream import PhotoStream
from builder.training.views import central, scaler

HEAD = "head"
"""The phase's name."""
_CHUNK = 64
"""Photos that go through the base at a time."""
_SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True)
class Features:
    """Features of the photos from the frozen base, computed once."""

    train: NDArray[Any]
    """[N, D], of the photos to learn from."""
    val: NDArray[Any]
    """[M, D], of the validation photos."""


@dataclass(frozen=True)
class FoundHead:
    """What the layer "predictions" is to hold."""

    kernel: NDArray[Any]
    """[D, C], float32."""
    bias: NDArray[Any]
    """[C], float32."""
    penalty: float
    """What cross-validation chose."""


def compute_features(
    model: Any, lessons: Lessons, val: PhotoStream, say: Callable[[str], None]
) -> Features:
    """Show each photo to the base of `model` once, as the app would.

    Of several processes, each looks at its share of the photos.
    """
    import keras

    side, share = lessons.preprocessing.input_height, lessons.share
    body = keras.Model(model.input, model.get_layer("embedding").output)
    say(f"Looking at {len(lessons.stream) + len(val)} photos with the base network")
    return Features(
        *(
            embed_whole(body, photos, lessons.preprocessing, side, share)
            for photos in (lessons.stream, val)
        )
    )


def train_head(
    model: Any,
    features: Features,
    lessons: Lessons,
    val_labels: NDArray[Any],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Fit the layer "predictions" of `model`; return the phase's entry in the history."""
    labels = lessons.labels
    weights = lessons.class_weights[labels]
    found = fit_head(features.train, labels, lessons.classes, weights, lessons.seed)
    kernel, bias = lessons.share.agree([found.kernel, found.bias])
    model.get_layer("predictions").set_weights([kernel, bias])
    entry = {
        "phase": HEAD,
        "size": lessons.preprocessing.input_height,
        "penalty": found.penalty,
        **figures_of(features.train @ kernel + bias, labels),
        **{
            f"val_{name}": value
            for name, value in figures_of(features.val @ kernel + bias, val_labels).items()
        },
    }
    say(
        f"head: accuracy {entry['top1']:.1%}, on validation photos {entry['val_top1']:.1%} "
        f"(penalty {found.penalty:.3g})"
    )
    return entry


def fit_head(
    features: NDArray[Any],
    labels: NDArray[Any],
    classes: int,
    weights: NDArray[Any],
    seed: int,
) -> FoundHead:
    """Return the head for `features` [N, D] of photos of the classes `labels` [N].

    Softmax regression on the standardised features, the photos weighing `weights` [N]. Its penalty
    and the sharpness of its probabilities come from cross-validation on these photos alone.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + _SMALLEST_SPREAD
    values = (features - mean) / spread
    held = cross_validate(values, labels, classes, weights, seed)
    kernel, bias = fit_softmax(values, np.eye(classes)[labels], held.penalty, weights)
    kernel = kernel / spread[:, np.newaxis] / held.temperature
    bias = bias / held.temperature - mean @ kernel
    return FoundHead(kernel.astype(np.float32), bias.astype(np.float32), held.penalty)


def figures_of(logits: NDArray[Any], labels: NDArray[Any]) -> dict[str, float]:
    """Return loss, top1 and top5 of the answers `logits` [N, C] to photos of the classes [N]."""
    order = np.argsort(-logits, axis=1, kind="stable")
    right = order == labels[:, np.newaxis]
    return {
        "loss": float(log_losses(logits.astype(np.float64), labels).mean()),
        "top1": float(right[:, 0].mean()),
        "top5": float(right[:, :5].any(axis=1).mean()),
    }


def embed_whole(
    body: Any,
    stream: PhotoStream,
    preprocessing: Preprocessing,
    side: int,
    share: Share,
    *,
    chosen: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Return embeddings [N, D] of the photos, or of those `chosen`, as the app would show them."""
    scale = scaler(preprocessing)
    order = np.arange(len(stream)) if chosen is None else chosen
    photos = stream.batches(order[share.slice], _CHUNK).map(
        lambda pixels, _: scale(central(pixels, preprocessing, side))
    )
    own = np.asarray(body.predict(photos.prefetch(1), verbose=0))
    return share.gather(own, len(order))
