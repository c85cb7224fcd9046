"""How strongly a linear classifier is penalised, chosen on its training photos alone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.calibration.regression import fit_softmax

PENALTIES = tuple(10.0 ** (half / 2) for half in range(8, -3, -1))
"""The penalties that are tried, strongest first: with standardised values, 10,000 hardly lets
classes be told apart, and a tenth lets each photo be memorised."""

_FOLDS = 5
_PATIENCE = 2
_MOST_ROWS = 2000
"""Photos that are enough to choose by."""
_LOG_TEMPERATURES = (-5.0, 5.0)


@dataclass(frozen=True)
class Held:
    """What cross-validation found best."""

    penalty: float
    """For `fit_softmax`."""
    temperature: float
    """What the scores are to be divided by, so that probabilities are right for other photos."""


def cross_validate(
    values: NDArray[Any],
    labels: NDArray[Any],
    classes: int,
    weights: NDArray[Any],
    seed: int,
) -> Held:
    """Return which of `PENALTIES` answers best for photos that were not learnt from, in five folds.

    `values` [N, D] standardised, `labels` [N] below `classes`, `weights` [N] of the rows. Best is
    the lowest log loss at the temperature that suits each penalty: a strong penalty is not worse
    for its low probabilities. `seed` decides the folds.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(labels))[:_MOST_ROWS])
    values, labels, weights = in_few_dimensions(values[rows]), labels[rows], weights[rows]
    folds = deal(labels, min(_FOLDS, len(labels)), rng)
    starts: list[NDArray[Any] | None] = [None] * (folds.max() + 1)
    tried: list[tuple[float, Held]] = []
    for penalty in PENALTIES:
        logits = np.empty((len(labels), classes))
        for fold in range(len(starts)):
            learnt, asked = folds != fold, folds == fold
            targets = np.eye(classes)[labels[learnt]]
            kernel, bias = fit_softmax(
                values[learnt], targets, penalty, weights[learnt], start=starts[fold]
            )
            starts[fold] = np.concatenate([kernel.reshape(-1), bias])
            logits[asked] = values[asked] @ kernel + bias
        loss, temperature = best_temperature(logits, labels, weights)
        tried.append((loss, Held(penalty, temperature)))
        lowest = min(range(len(tried)), key=lambda index: tried[index][0])
        if len(tried) - 1 - lowest >= _PATIENCE:
            break  # from here on it only gets worse: the penalties are in order
    return tried[lowest][1]


def deal(labels: NDArray[Any], folds: int, rng: np.random.Generator) -> NDArray[Any]:
    """Return a fold [N] for each row, such that each class is dealt out evenly."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    dealt = np.empty(len(labels), int)
    dealt[order] = np.arange(len(labels)) % folds
    return dealt


def in_few_dimensions(values: NDArray[Any]) -> NDArray[Any]:
    """Return rows [N, min(N, D)] with the same inner products as those of `values` [N, D].

    The best kernel is a combination of rows, so nothing is lost, and there is less to solve for.
    """
    if len(values) >= values.shape[1]:
        return values
    left, sizes, _ = np.linalg.svd(values.astype(np.float64), full_matrices=False)
    return np.asarray(left * sizes)


def best_temperature(
    logits: NDArray[Any], labels: NDArray[Any], weights: NDArray[Any]
) -> tuple[float, float]:
    """Return the lowest mean log loss, nats, and the temperature at which it is reached.

    Of softmax(`logits` [N, C] / temperature) for the classes `labels` [N], rows weighing `weights`.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        losses = log_losses(logits / np.exp(log_temperature), labels)
        return float(np.average(losses, weights=weights))

    found = minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded")
    return float(found.fun), float(np.exp(found.x))


def log_losses(logits: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """Return each row's log loss [N], nats: of softmax(`logits` [N, C]) for the classes [N]."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    norms = np.log(np.exp(shifted).sum(axis=1))
    return np.asarray(norms - shifted[np.arange(len(labels)), labels])
