"""Softmax regression with a quadratic penalty, solved until it converges."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 500


def fit_softmax(
    values: NDArray[Any],
    targets: NDArray[Any],
    penalty: float,
    weights: NDArray[Any] | None = None,
    *,
    start: NDArray[Any] | None = None,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return kernel [D, C] and bias [C], float64, for `softmax(values @ kernel + bias)`.

    `values` [N, D]; `targets` [N, C], each row adding up to 1; `weights` [N] of the rows, all 1 by
    default; `start` [(D + 1) × C], kernel and bias, a solution that may be near. Minimises the sum
    of the weighted cross-entropies and `penalty / 2` times the sum of the kernel's squares, by
    L-BFGS: what scikit-learn's `LogisticRegression` does with C = 1 / `penalty`.
    """
    from scipy.optimize import minimize

    count, depth = values.shape
    classes = targets.shape[1]
    rows = np.ones(count) if weights is None else weights.astype(np.float64)
    inputs = values.astype(np.float64)

    def loss(parameters: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        kernel = parameters[: depth * classes].reshape(depth, classes)
        logits = inputs @ kernel + parameters[depth * classes :]
        logits -= logits.max(axis=1, keepdims=True)
        exponentials = np.exp(logits)
        norms = exponentials.sum(axis=1, keepdims=True)
        losses = np.log(norms[:, 0]) - (logits * targets).sum(axis=1)
        errors = (exponentials / norms - targets) * rows[:, np.newaxis]
        gradient = np.concatenate(
            [(inputs.T @ errors + penalty * kernel).reshape(-1), errors.sum(axis=0)]
        )
        return float(losses @ rows + penalty / 2 * np.square(kernel).sum()), gradient

    first = np.zeros((depth + 1) * classes) if start is None else start
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS}).x
    return found[: depth * classes].reshape(depth, classes), found[depth * classes :]
