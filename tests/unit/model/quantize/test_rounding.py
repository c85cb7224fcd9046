"""Rounding keeps a layer's output, not each of its weights."""

import numpy as np
import pytest

from builder.model.quantize.mixed import channel_scales
from builder.model.quantize.rounding import LIMIT, Rounded, round_each, round_jointly


def layer() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs that go together and have a mean, weights and a bias of a layer."""
    rng = np.random.default_rng(0)
    inputs = np.maximum(rng.normal(0.5, 1, (4000, 6)) @ rng.normal(size=(6, 24)), 0)
    return inputs, rng.normal(size=(24, 8)), rng.normal(size=8)


def with_one(inputs: np.ndarray) -> np.ndarray:
    return np.append(inputs, np.ones((len(inputs), 1)), axis=1)


def moments(inputs: np.ndarray) -> np.ndarray:
    return with_one(inputs).T @ with_one(inputs) / len(inputs)


def errors(
    rounded: Rounded,
    scales: np.ndarray,
    inputs: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray,
) -> np.ndarray:
    """Return the errors of the outputs [count, channels]."""
    return inputs @ (rounded.values * scales) + rounded.bias - inputs @ weights - bias


def test_outputs_are_kept_better_than_by_nearest_rounding() -> None:
    inputs, weights, bias = layer()
    inputs, others = np.split(inputs, 2)
    scales = np.abs(weights).max(axis=0) / 7
    jointly = round_jointly(weights, bias, scales, moments(inputs))
    each = round_each(weights, bias, scales, inputs.mean(axis=0))
    for seen in (inputs, others):
        ours = np.square(errors(jointly, scales, seen, weights, bias)).mean()
        nearest = np.square(errors(each, scales, seen, weights, bias)).mean()
        assert ours < 0.5 * nearest


@pytest.mark.parametrize("joint", [True, False])
def test_the_bias_takes_up_the_mean_error(joint: bool) -> None:
    inputs, weights, bias = layer()
    scales = np.abs(weights).max(axis=0) / 7
    if joint:
        rounded = round_jointly(weights, bias, scales, moments(inputs))
    else:
        rounded = round_each(weights, bias, scales, inputs.mean(axis=0))
    shift = np.abs(errors(rounded, scales, inputs, weights, bias).mean(axis=0))
    assert shift.max() < 0.02
    assert not np.allclose(rounded.bias, bias)


def test_without_a_constant_input_the_bias_is_left_alone() -> None:
    inputs, weights, bias = layer()
    apart = moments(inputs)
    apart[-1, :-1] = apart[:-1, -1] = 0
    rounded = round_jointly(weights, bias, np.abs(weights).max(axis=0) / 7, apart)
    np.testing.assert_array_equal(rounded.bias, bias)


def test_inputs_that_never_occur_do_no_harm() -> None:
    inputs, weights, bias = layer()
    inputs[:, 3] = 0
    scales = np.abs(weights).max(axis=0) / LIMIT
    rounded = round_jointly(weights, bias, scales, moments(inputs))
    assert np.all(np.isfinite(rounded.bias))
    np.testing.assert_allclose(rounded.values[3] * scales, weights[3], atol=scales.max())
    everywhere = round_jointly(weights, bias, scales, np.diag(np.append(np.zeros(24), 1.0)))
    assert np.all(np.isfinite(everywhere.bias))


def test_no_weight_is_clipped_and_no_scale_is_zero() -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(50, 200)) * 10.0 ** rng.integers(-9, 4, 200)
    weights[:, 7] = 0
    for is_classifier in (False, True):
        scales = channel_scales(weights, is_classifier).astype(np.float64)
        assert np.all(scales > 0)
        assert np.all(np.isfinite(scales))
        assert np.all(np.abs(weights) <= scales * (LIMIT + 0.5))


def test_the_classifier_has_one_step_for_all_classes_but_the_largest() -> None:
    weights = np.ones((4, 5)) * [1.0, 1.1, 0.9, 0.2, 40.0]
    scales = channel_scales(weights, is_classifier=True)
    assert len(set(scales[:4])) == 1
    assert scales[4] > scales[0]
