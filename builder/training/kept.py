"""Which of a run's phases is kept: a later one only where it is better beyond chance."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.evaluation.chance import LEVEL, chance_of_gain
from builder.training.bases import at_final_size, make_base
from builder.training.head import HEAD, Features
from builder.training.lessons import check_stream
from builder.training.run import Run


@dataclass(frozen=True)
class Kept:
    """The network that a run keeps."""

    model: Any
    """For photos of the final size."""
    probabilities: NDArray[Any]
    """Its answers to the validation photos [M, C], before any temperature."""
    epoch: int
    """Number of its entry in the history, from 1."""
    phase: str
    """Of that entry."""
    features: Features | None = None
    """Features of the photos from its base, where they are known."""
    verdict: str = ""
    """The result of comparing the phases, a sentence; "" where there was only one."""


def keep_best(run: Run) -> Kept:
    """Return the head's network, or the best epoch's where that is better beyond chance."""
    best_epoch = run.state.best_epoch
    if best_epoch is None:
        return _head(run)
    best = _tuned(run, best_epoch)
    if run.state.history[0]["phase"] != HEAD:
        return best
    head = _head(run)
    right = [one.probabilities.argmax(axis=1) == run.val_labels for one in (head, best)]
    chosen, verdict = compare(*right)
    return replace(best if chosen else head, verdict=verdict)


def compare(head: NDArray[Any], tuned: NDArray[Any]) -> tuple[bool, str]:
    """Return whether fine-tuning is kept, and why, a sentence.

    `head` and `tuned` [M] say which validation photos each answers rightly.
    """
    gained, lost = int((tuned & ~head).sum()), int((head & ~tuned).sum())
    chance = chance_of_gain(head, tuned)
    is_better = chance <= LEVEL
    return is_better, (
        f"Fine-tuning gained {gained} validation photos and lost {lost}: "
        f"{'better' if is_better else 'not better'} beyond chance (McNemar's test, "
        f"p = {chance:.2g}), so {'it' if is_better else 'the head alone'} is kept."
    )


def _head(run: Run) -> Kept:
    model = _fresh(run)
    model.load_weights(run.checkpoints.head)
    return Kept(model, _answers(run, model, run.features), 1, HEAD, run.features)


def _tuned(run: Run, epoch: int) -> Kept:
    model = _fresh(run)
    model.load_weights(run.checkpoints.best)
    model = at_final_size(model, run.base, run.options)
    phase = run.state.history[epoch - 1]["phase"]
    return Kept(model, _answers(run, model, None), epoch, phase)


def _fresh(run: Run) -> Any:
    return make_base(run.options, len(run.photos.labels), len(run.photos.train)).model


def _answers(run: Run, model: Any, features: Features | None) -> NDArray[Any]:
    """Return the probabilities [M, C] of the validation photos, from features where there are."""
    if features is not None:
        import scipy.special

        kernel, bias = model.get_layer("predictions").get_weights()
        return np.asarray(scipy.special.softmax(features.val @ kernel + bias, axis=1))
    side = run.base.preprocessing.input_height
    photos = check_stream(
        run.val, run.val_labels, run.lessons.classes, run.base.preprocessing, side
    )
    return np.asarray(model.predict(photos.map(lambda seen, _: seen), verbose=0))
