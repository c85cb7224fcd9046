import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from builder.errors import PhotosError
from builder.model.calibration.certainty import certainty_figures, fit_sure_from
from builder.model.calibration.familiarity import fit_familiarity
from builder.model.calibration.fit import fit_calibration, require_enough
from builder.model.calibration.regression import fit_softmax
from builder.model.calibration.temperature import apply_temperature, fit_temperature

CONFIDENCE = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.55, 0.3])


@pytest.mark.parametrize(
    ("right", "target", "limit"),
    [
        ([1, 1, 1, 1, 1, 1, 1], 0.8, 0.5),
        ([1, 1, 1, 0, 1, 0, 0], 0.8, 0.6),
        ([1, 1, 1, 0, 1, 0, 0], 0.9, 0.8),
        ([1, 1, 0, 1, 1, 0, 0], 0.8, 0.6),
        ([0, 0, 0, 0, 0, 0, 0], 0.8, 1.0),
    ],
)
def test_the_limit_keeps_what_is_shown_as_sure_right(
    right: list[int], target: float, limit: float
) -> None:
    found = fit_sure_from(CONFIDENCE, np.array(right, bool), target)
    assert found == pytest.approx(limit, abs=1e-5)
    sure = found <= CONFIDENCE
    if limit < 1:
        assert np.array(right)[sure].mean() >= target


def test_few_photos_that_are_all_right_do_not_make_a_boaster() -> None:
    probabilities = np.full((20, 3), 0.05)
    probabilities[:, 0] = 0.9
    assert fit_temperature(probabilities, np.zeros(20, int)) > 0.4


def test_a_calibration_is_fitted_for_what_the_app_shows() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 5, 600)
    logits = rng.normal(0, 1, (600, 5))
    logits[np.arange(600), truth] += 1.5
    boasting = apply_temperature(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 0.4)
    found = fit_calibration(boasting, truth, "600 photos")
    calibrated = apply_temperature(boasting, found.temperature)
    right = calibrated.argmax(axis=1) == truth
    sure = calibrated.max(axis=1) >= found.sure_from
    assert right[sure].mean() >= 0.8
    assert found.photos == 600
    assert found.basis == "fitted on 600 photos"
    assert calibrated.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.03)


def test_too_few_photos_are_named() -> None:
    require_enough(20, "photos")
    with pytest.raises(PhotosError, match="trees holds 19 photos"):
        require_enough(19, "trees")


def test_the_regression_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    classes = rng.integers(0, 4, 80)
    values = rng.normal(0, 1, (80, 30)) + 0.5 * np.eye(4)[classes] @ rng.normal(0, 1, (4, 30))
    expected = LogisticRegression(C=0.01, max_iter=1000, tol=1e-8).fit(values, classes)
    kernel, bias = fit_softmax(values, np.eye(4)[classes], penalty=100.0)
    logits = values @ kernel + bias
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected.predict_proba(values), atol=2e-4)


def test_photos_of_other_things_are_told_from_those_that_were_learnt() -> None:
    rng = np.random.default_rng(3)
    centres = rng.normal(0, 1, (9, 64)) * 3

    def photos(classes: np.ndarray) -> np.ndarray:
        return centres[classes] + rng.normal(0, 1, (len(classes), 64))

    learnt, kept = rng.integers(0, 5, 200), rng.integers(0, 5, 100)
    familiarity = fit_familiarity(photos(learnt), learnt, 5, photos(kept))
    kept_again, foreign = photos(rng.integers(0, 5, 400)), photos(rng.integers(5, 9, 400))
    assert (familiarity.of(kept_again) < familiarity.limit).mean() < 0.1
    assert (familiarity.of(foreign) < familiarity.limit).mean() > 0.9


def test_at_most_one_validation_photo_in_twenty_is_taken_for_foreign() -> None:
    rng = np.random.default_rng(4)
    embeddings, classes = rng.normal(0, 1, (60, 8)), np.arange(60) % 3
    for count in (5, 19, 20, 59, 100):
        validation = rng.normal(0, 1, (count, 8))
        found = fit_familiarity(embeddings, classes, 3, validation)
        assert (found.of(validation) < found.limit).sum() <= count // 20


def test_figures_of_certainty() -> None:
    kinds = ["sure", "sure", "", "foreign"]
    right = np.array([True, False, True, True])
    figures = certainty_figures(
        kinds, right, tells_foreign=True, foreign=["foreign", "foreign", "foreign", "sure"]
    )
    assert (figures.sure, figures.sure_right, figures.false_alarms) == (0.5, 0.5, 0.25)
    assert (figures.noticed, figures.foreign_sure, figures.foreign_photos) == (0.75, 0.25, 4)
    unable = certainty_figures(kinds[:3], right[:3], tells_foreign=False, foreign=["sure", ""])
    assert (unable.false_alarms, unable.noticed, unable.foreign_sure) == (None, None, 0.5)
