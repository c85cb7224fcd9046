"""The choice of a penalty, on photos of which some features say nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from builder.model.calibration.penalty import (
    PENALTIES,
    best_temperature,
    cross_validate,
    deal,
    in_few_dimensions,
    log_losses,
)
from builder.model.calibration.regression import fit_softmax


def features(noise: float, count: int = 60) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return features [N, 40] of three classes, of which three tell the class, and the classes."""
    rng = np.random.default_rng(1)
    labels = np.arange(count) % 3
    values = rng.normal(size=(count, 40))
    values[:, :3] += np.eye(3)[labels] * 3 / noise
    return (values - values.mean(axis=0)) / values.std(axis=0), labels


def test_the_noisier_the_features_the_stronger_the_penalty() -> None:
    clear, noisy = (
        cross_validate(*features(noise), 3, np.ones(60), 0).penalty for noise in (0.3, 3.0)
    )
    assert clear < noisy
    assert {clear, noisy} <= set(PENALTIES)


def test_the_choice_knows_nothing_but_seed_and_photos() -> None:
    values, labels = features(1.0)
    weights = np.ones(60)
    assert cross_validate(values, labels, 3, weights, 4) == cross_validate(
        values, labels, 3, weights, 4
    )


def test_each_class_is_dealt_out_evenly() -> None:
    labels = np.repeat([0, 1, 2], [11, 10, 2])
    folds = deal(labels, 5, np.random.default_rng(0))
    counts = np.array([[np.sum((folds == f) & (labels == c)) for f in range(5)] for c in range(3)])
    assert (counts.max(axis=1) - counts.min(axis=1) <= 1).all()


def test_a_class_of_one_photo_does_not_stop_it() -> None:
    values, labels = features(1.0)
    labels[labels == 2] = 1
    labels[0] = 2
    assert np.isfinite(cross_validate(values, labels, 3, np.ones(60), 0).temperature)


def test_fewer_dimensions_lose_nothing() -> None:
    values, labels = features(1.0, 20)
    targets = np.eye(3)[labels]
    answers = [
        rows @ kernel + bias
        for rows in (values, in_few_dimensions(values))
        for kernel, bias in [fit_softmax(rows, targets, 1.0)]
    ]
    assert answers[0] == pytest.approx(answers[1], abs=1e-3)


def test_the_best_temperature_undoes_a_scale() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=200)
    logits = rng.normal(size=(200, 3)) + 2 * np.eye(3)[labels]
    (loss, once), (scaled_loss, thrice) = (
        best_temperature(logits * scale, labels, np.ones(200)) for scale in (1, 3)
    )
    assert thrice == pytest.approx(3 * once, rel=1e-3)
    assert scaled_loss == pytest.approx(loss, rel=1e-6)
    assert loss == pytest.approx(log_losses(logits / once, labels).mean(), rel=1e-6)


def test_a_start_that_is_near_leads_to_the_same_place() -> None:
    values, labels = features(1.0)
    targets = np.eye(3)[labels]
    cold = np.concatenate([part.reshape(-1) for part in fit_softmax(values, targets, 10.0)])
    warm = fit_softmax(values, targets, 10.0, start=cold)
    assert np.concatenate([part.reshape(-1) for part in warm]) == pytest.approx(cold, abs=1e-3)
