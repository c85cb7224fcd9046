"""Figures of merit of a classifier, from its probabilities. NumPy only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BINS = 10
_FIVE_ARE_FEW = 10


@dataclass(frozen=True)
class Bin:
    """The photos whose highest probability lies in one interval."""

    low: float
    high: float
    photos: int
    confidence: float
    """Mean of the highest probability; 0 in an empty bin."""
    accuracy: float
    """Part of the photos whose first answer is right; 0 in an empty bin."""


@dataclass(frozen=True)
class ClassFigures:
    """How one class fares."""

    label: str
    photos: int
    precision: float | None
    """Of the photos that were given this label, the part that are of this class; None where there
    are none."""
    recall: float | None
    """Of the photos of this class, the part that were recognised; None where there are none."""


@dataclass(frozen=True)
class Figures:
    """How good a set of answers is. All rates are fractions of 1."""

    photos: int
    top1: float
    top5: float
    log_loss: float
    """Mean negative logarithm of the right class's probability, nats."""
    expected_calibration_error: float
    """Mean distance between confidence and accuracy, see `calibration_error`."""
    bins: tuple[Bin, ...]
    classes: tuple[ClassFigures, ...]
    confusion: NDArray[Any]
    """[C, C], int: photos of class i that were answered j."""

    @property
    def tells_top5(self) -> bool:
        """Whether there are enough classes for the accuracy of five answers to mean something."""
        return len(self.classes) > _FIVE_ARE_FEW

    @property
    def right(self) -> int:
        """How many photos' first answers are right."""
        return int(np.trace(self.confusion))

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a JSON report."""
        return {
            "photos": self.photos,
            "top1": self.top1,
            "top5": self.top5,
            "logLoss": self.log_loss,
            "expectedCalibrationError": self.expected_calibration_error,
            "calibration": [vars(one) for one in self.bins],
            "classes": [vars(one) for one in self.classes],
            "confusion": self.confusion.tolist(),
        }


def measure(probabilities: NDArray[Any], truth: NDArray[Any], labels: tuple[str, ...]) -> Figures:
    """Return the figures of `probabilities` [N, C] for photos of the classes `truth` [N], int."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    answers = order[:, 0]
    right = answers == truth
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (truth, answers), 1)
    own = np.take_along_axis(probabilities, truth[:, np.newaxis], axis=1)[:, 0]
    bins = calibration_bins(probabilities.max(axis=1), right)
    return Figures(
        photos=len(truth),
        top1=float(right.mean()),
        top5=float((order[:, :5] == truth[:, np.newaxis]).any(axis=1).mean()),
        log_loss=float(-np.log(np.maximum(own, 1e-12)).mean()),
        expected_calibration_error=calibration_error(probabilities.max(axis=1), right),
        bins=bins,
        classes=class_figures(confusion, labels),
        confusion=confusion,
    )


def calibration_bins(confidence: NDArray[Any], right: NDArray[Any]) -> tuple[Bin, ...]:
    """Sort photos into ten bins of equal width by their highest probability.

    `confidence` [N] is that probability, 0…1; `right` [N] whether the answer was right.
    """
    index = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    bins = []
    for number in range(_BINS):
        members = index == number
        count = int(members.sum())
        bins.append(
            Bin(
                low=number / _BINS,
                high=(number + 1) / _BINS,
                photos=count,
                confidence=float(confidence[members].mean()) if count else 0.0,
                accuracy=float(right[members].mean()) if count else 0.0,
            )
        )
    return tuple(bins)


def calibration_error(confidence: NDArray[Any], right: NDArray[Any]) -> float:
    """Return the mean distance between confidence and accuracy, 0…1.

    Photos are sorted by `confidence` [N] into bins of equal numbers, with the most bins for which
    accuracy still rises from bin to bin: with ten bins of equal width, 200 answers of a perfectly
    calibrated network would seem to be off by 7 points, for chance alone (ECE_sweep of Roelofs et
    al. 2022, arXiv:2012.08668). `right` [N] says which answers were right.
    """
    order = np.argsort(confidence, kind="stable")
    error = 0.0
    for count in range(1, len(order) + 1):
        bins = np.array_split(order, count)
        accuracy = np.array([right[members].mean() for members in bins])
        if np.any(np.diff(accuracy) < 0):
            break
        distances = [
            abs(confidence[members].mean() - part) * len(members)
            for members, part in zip(bins, accuracy, strict=True)
        ]
        error = float(sum(distances) / len(order))
    return error


def class_figures(confusion: NDArray[Any], labels: tuple[str, ...]) -> tuple[ClassFigures, ...]:
    """Return precision and recall of each class of a confusion matrix [C, C]."""
    own, asked, given = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    return tuple(
        ClassFigures(
            label=label,
            photos=int(asked[index]),
            precision=float(own[index] / given[index]) if given[index] else None,
            recall=float(own[index] / asked[index]) if asked[index] else None,
        )
        for index, label in enumerate(labels)
    )


def worst_mistakes(
    probabilities: NDArray[Any], truth: NDArray[Any], count: int
) -> list[tuple[int, int, float]]:
    """Return (photo, answer, probability) of the wrong answers given with most confidence."""
    answers = probabilities.argmax(axis=1)
    confidence = np.where(answers == truth, -1.0, probabilities.max(axis=1))
    order = np.argsort(-confidence, kind="stable")[:count]
    return [
        (int(photo), int(answers[photo]), float(confidence[photo]))
        for photo in order
        if confidence[photo] >= 0
    ]


def most_confused(confusion: NDArray[Any], count: int) -> list[tuple[int, int, int]]:
    """Return (class, answer, photos) of the errors that happen most often."""
    errors = confusion - np.diag(np.diag(confusion))
    flat = np.argsort(-errors, axis=None, kind="stable")[:count]
    pairs = zip(*np.unravel_index(flat, errors.shape), strict=True)
    return [
        (int(row), int(column), int(errors[row, column]))
        for row, column in pairs
        if errors[row, column]
    ]
