import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, log_loss, precision_score, recall_score

from builder.evaluation.figures import (
    calibration_bins,
    calibration_error,
    measure,
    most_confused,
    worst_mistakes,
)
from builder.model.calibration.temperature import apply_temperature, fit_temperature

LABELS = tuple("abcdefg")


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray]:
    """Return 400 photos' probabilities of 7 classes, right rather often, and the classes."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 7, 400)
    logits = rng.normal(0, 1, (400, 7))
    logits[np.arange(400), truth] += 1.5
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=1, keepdims=True), truth


def test_figures_are_those_of_scikit_learn(answers: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, truth = answers
    figures = measure(probabilities, truth, LABELS)
    given = probabilities.argmax(axis=1)
    assert figures.top1 == pytest.approx((given == truth).mean())
    assert figures.log_loss == pytest.approx(log_loss(truth, probabilities))
    np.testing.assert_array_equal(figures.confusion, confusion_matrix(truth, given))
    np.testing.assert_allclose(
        [one.precision for one in figures.classes], precision_score(truth, given, average=None)
    )
    np.testing.assert_allclose(
        [one.recall for one in figures.classes], recall_score(truth, given, average=None)
    )


def test_top5_counts_the_first_five() -> None:
    probabilities = np.array([[0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05]] * 2)
    figures = measure(probabilities, np.array([4, 5]), LABELS)
    assert (figures.top1, figures.top5) == (0.0, 0.5)


def test_calibration_error_of_a_boaster() -> None:
    probabilities = np.array([[0.95, 0.05]] * 10)
    truth = np.array([0] * 5 + [1] * 5)
    figures = measure(probabilities, truth, ("a", "b"))
    assert figures.expected_calibration_error == pytest.approx(0.45)
    assert figures.bins[9].photos == 10


def test_an_honest_network_is_hardly_off_though_photos_are_few() -> None:
    """Bins of equal width would make more of chance."""
    rng = np.random.default_rng(0)
    errors, by_width = [], []
    for _ in range(50):
        confidence = rng.uniform(0.2, 1.0, 200)
        right = rng.random(200) < confidence
        errors.append(calibration_error(confidence, right))
        bins = calibration_bins(confidence, right)
        by_width.append(sum(abs(b.confidence - b.accuracy) * b.photos for b in bins) / 200)
    assert np.mean(errors) < 0.06 < np.mean(by_width)


def test_a_class_that_is_never_shown_nor_answered_has_no_rates() -> None:
    figures = measure(np.array([[0.9, 0.1, 0.0]]), np.array([0]), ("a", "b", "c"))
    assert figures.classes[2].precision is None
    assert figures.classes[2].recall is None


def test_the_fitted_temperature_undoes_a_distortion(
    answers: tuple[np.ndarray, np.ndarray],
) -> None:
    probabilities, truth = answers
    honest = fit_temperature(probabilities, truth)
    boasting = apply_temperature(probabilities, 1 / 3)
    assert fit_temperature(boasting, truth) == pytest.approx(3 * honest, rel=0.05)
    better = measure(apply_temperature(boasting, 3 * honest), truth, LABELS)
    worse = measure(boasting, truth, LABELS)
    assert better.expected_calibration_error < worse.expected_calibration_error
    assert better.top1 == worse.top1


def test_worst_mistakes_are_wrong_and_sorted_by_confidence() -> None:
    probabilities = np.array([[0.6, 0.4], [0.9, 0.1], [0.2, 0.8], [0.99, 0.01]])
    assert worst_mistakes(probabilities, np.array([1, 1, 1, 0]), 5) == [(1, 0, 0.9), (0, 0, 0.6)]


def test_most_confused_leaves_right_answers_out() -> None:
    assert most_confused(np.array([[9, 2], [3, 1]]), 5) == [(1, 0, 3), (0, 1, 2)]
