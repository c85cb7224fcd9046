"""What a network's output is, and how probabilities are made of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.metadata import Activation

KINDS = {
    "softmax": "one of {classes} classes, by {place}",
    "logits": "one of {classes} classes, by a softmax over the logits of {place}",
    "sigmoid": "one of 2 classes, the second by {place}",
    "logit": "one of 2 classes, the second by a sigmoid of the logit of {place}",
    "sigmoids": "several of {classes} classes at once, each for itself, by {place}",
    "independent-logits": "several of {classes} classes at once, each for itself, by a sigmoid of"
    " the logits of {place}",
    "scores": "one of {classes} classes, by the scores of {place} as they are",
}
"""What a network's output can be, with the words for it in messages."""

SHARED = frozenset({"sigmoid", "logit"})
"""Outputs of one number that separates two classes."""

_CHOICES = "logits, sigmoid, softmax or none (docs/models.md explains them)"


def activation_of(found: str | None, asked: str | None, classes: int, place: str) -> str:
    """Return the kind of a network's output of `classes` numbers.

    `found` is what its last operators say ("softmax", "sigmoid", "logits", or None), `asked` the
    setting, and `place` names the end of the network for an error.
    Raises `ModelError` where nothing shows it, or the two contradict each other.
    """
    if asked is None:
        _require_known(found, classes, place)
        asked = found
    elif asked != "none":
        _require_consistent(found, asked, classes, place)
    if asked == "none":
        if found not in ("softmax", "sigmoid"):
            return "sigmoid" if classes == 1 else "scores"
        asked = found
    if found == "logits" or asked == "logits":
        if classes == 1:
            return "logit"
        return "independent-logits" if asked == "sigmoid" else "logits"
    if asked == "sigmoid":
        return "sigmoid" if classes == 1 else "sigmoids"
    return "softmax"


def app_activation(kind: str) -> Activation:
    """Return the activation as the app knows it.

    "softmax" where the answers add up to 1, "sigmoid" where each class has a probability of its
    own, or "none".
    """
    if kind in ("sigmoids", "independent-logits"):
        return "sigmoid"
    return "none" if kind == "scores" else "softmax"


def single_output(outputs: Any) -> NDArray[Any]:
    """Return what a Keras model has returned, out of the list or dictionary it may be in."""
    while isinstance(outputs, list | tuple | dict) and len(outputs) == 1:
        (outputs,) = outputs.values() if isinstance(outputs, dict) else outputs
    return np.asarray(outputs)


def probabilities_of(outputs: Any, kind: str) -> NDArray[Any]:
    """Return the probabilities [N, C] that outputs [N, …] of a kind stand for, in float64."""
    values = np.asarray(outputs, np.float64).reshape(len(outputs), -1)
    if kind == "logits":
        exponentials = np.exp(values - values.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
    if kind in ("logit", "independent-logits"):
        values = 0.5 * (1.0 + np.tanh(0.5 * values))
    return np.concatenate([1.0 - values, values], axis=1) if kind in SHARED else values


def require_probabilities(answers: NDArray[Any], kind: str, name: str) -> None:
    """Raise `ModelError` where answers [N, C] are not what their kind promises.

    The app would take such answers for those of a broken graphics card. `name` is the model's.
    """
    low, high = float(answers.min()), float(answers.max())
    sums = answers.sum(axis=1)
    if low < -1e-3 or high > 1 + 1e-3:
        what = f"its answers to test images run from {low:.3g} to {high:.3g}, not from 0 to 1"
    elif kind == "softmax" and np.any(np.abs(sums - 1) > 1e-2):
        what = f"its answers to a test image add up to {sums[np.abs(sums - 1).argmax()]:.3g}, not 1"
    else:
        return
    raise ModelError(
        f"The outputs of the model {name} are not what they were taken for: {what}. Say what they "
        f"are with --activation: {_CHOICES}."
    )


def _require_known(found: str | None, classes: int, place: str) -> None:
    if classes == 1 and found == "logits":
        raise ModelError(
            f"The model has a single output without a sigmoid, {place}. Where it separates two "
            "classes, as one that was trained with from_logits=True does, say so with --activation "
            "logits. An estimate of a quantity (regression) cannot be built."
        )
    if found is None:
        raise ModelError(
            f"The model ends in {place}, which does not show what its numbers mean. Say so with "
            f"--activation: {_CHOICES}."
        )


def _require_consistent(found: str | None, asked: str, classes: int, place: str) -> None:
    if found in ("softmax", "sigmoid") and found != asked:
        raise ModelError(
            f"--activation {asked} contradicts the model, which ends in {place}: leave it out."
        )
    if asked == "softmax" and classes == 1:
        raise ModelError(
            "--activation softmax does not fit a model with a single output, of which a softmax "
            "makes 1 for every photo: choose logits or sigmoid."
        )
