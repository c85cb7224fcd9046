"""Intervals and comparisons, against figures from the literature or made by hand."""

import numpy as np
import pytest

from builder.evaluation.chance import chance_of_gain, fewest_gains, wilson_interval


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(21, 26, 0.6212, 0.9149), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilsons_interval(right: int, count: int, low: float, high: float) -> None:
    assert wilson_interval(right, count) == pytest.approx((low, high), abs=1e-4)


def test_only_photos_that_one_of_the_two_has_right_count() -> None:
    before = np.array([True, True, False, False, False, False, True])
    after = np.array([True, True, True, True, True, False, False])
    # Three of four tosses or more: (4 + 1) / 16.
    assert chance_of_gain(before, after) == pytest.approx(5 / 16)
    assert chance_of_gain(before, before) == 1.0


def test_five_gains_without_a_loss_are_beyond_chance() -> None:
    assert fewest_gains() == 5
