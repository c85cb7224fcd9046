"""How far an answer is from TensorFlow's."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.conformance.graphs import Question
from tests.conformance.ways import Answer, Way


def difference(question: Question, answer: Answer) -> float:
    """Return the largest difference of an answer; infinity where it has another shape, or none."""
    if answer.error or len(answer.outputs) != len(question.expected):
        return float("inf")
    pairs = zip(question.expected, answer.outputs, strict=True)
    return max(_difference(np.asarray(one, np.float64), other) for one, other in pairs)


def faults(
    questions: Mapping[str, Question], given: Mapping[str, Answer], way: Way
) -> dict[str, str]:
    """Return what is wrong with a way's answers, by the questions' names."""
    found = {name: difference(one, given[name]) for name, one in questions.items()}
    return {
        name: given[name].error or f"{value:.2g}"
        for name, value in found.items()
        if not value <= way.tolerance
    }


def _difference(expected: NDArray[np.float64], given: NDArray[Any]) -> float:
    if expected.shape != given.shape:
        return float("inf")
    if expected.size == 0:
        return 0.0
    same = (expected == given) | (np.isnan(expected) & np.isnan(given))
    if np.all(same):
        return 0.0
    finite = np.isfinite(expected)
    if not np.all(same | (finite & np.isfinite(given))):
        return float("inf")
    scale = max(1.0, float(np.max(np.abs(expected[finite]))))
    return float(np.max(np.abs(expected - given)[~same])) / scale
