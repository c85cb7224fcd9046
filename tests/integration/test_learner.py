"""What the app learns in the browser, beside scikit-learn on the same numbers."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from tests.node import Ask, asking

CLASSES, DEPTH = 10, 64


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Return a function that calls one of the learner in Node."""
    with asking("tests/js/learner/lines.mjs") as call:
        yield call


def embeddings(photos: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return [CLASSES × photos, DEPTH] as a network's pooled ReLU gives them, and their classes.

    Classes differ little, most features are small and some are large, as in MobileNet's.
    """
    centres = np.random.default_rng(0).normal(size=(CLASSES, DEPTH)) * 0.4
    spread = np.exp(np.random.default_rng(1).normal(size=DEPTH))
    rng = np.random.default_rng((2, seed))
    labels = np.repeat(np.arange(CLASSES), photos)
    values = np.maximum(0, centres[labels] + rng.normal(size=(len(labels), DEPTH))) * spread
    return values.astype(np.float32), labels


@pytest.mark.parametrize("penalty", [1.0, 100.0, 10_000.0])
@pytest.mark.parametrize("photos", [2, 30])
def test_the_solution_is_that_of_scikit_learn(ask: Ask, penalty: float, photos: int) -> None:
    values, labels = embeddings(photos, seed=1)
    weights = np.random.default_rng(3).uniform(0.5, 2, len(labels))
    asked = {"rows": values.tolist(), "labels": labels.tolist(), "weights": weights.tolist()}
    found = ask("fit", {**asked, "classes": CLASSES}, penalty)
    theirs = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-10)
    theirs.fit(values.astype(np.float64), labels, sample_weight=weights)
    kernel = np.reshape(found["kernel"], (CLASSES, DEPTH))
    np.testing.assert_allclose(kernel, theirs.coef_, atol=1e-3)
    # A number that is added to all biases changes no answer.
    bias = np.array(found["bias"]) - np.mean(found["bias"])
    np.testing.assert_allclose(bias, theirs.intercept_ - theirs.intercept_.mean(), atol=1e-3)


@pytest.mark.parametrize("photos", [5, 10, 20, 50])
def test_as_many_answers_are_right_as_with_scikit_learn(ask: Ask, photos: int) -> None:
    values, labels = embeddings(photos, seed=1)
    others, truth = embeddings(100, seed=2)
    asked = {"rows": values.tolist(), "labels": labels.tolist(), "classes": CLASSES}
    probabilities = np.array(ask("answers", asked, others.tolist()))
    right = (probabilities.argmax(axis=1) == truth).mean()
    regression = LogisticRegression(max_iter=10_000).fit(values, labels).score(others, truth)
    neighbours = KNeighborsClassifier(10).fit(values, labels).score(others, truth)
    assert right >= regression - 0.01
    assert right > neighbours
    # What it says of itself is true of photos that it has not seen, within some points.
    assert probabilities.max(axis=1).mean() == pytest.approx(right, abs=0.1)
