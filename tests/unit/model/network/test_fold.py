from typing import Any

import numpy as np
import pytest

from builder.model.network.fold import fold
from builder.model.setup import keras as import_keras
from builder.model.trace import Trace, trace_model
from tests.models import lively_mobilenet

keras = import_keras()
layers = keras.layers


def _lively(model: Any) -> Any:
    """Give every weight a random value, variances a positive one."""
    rng = np.random.default_rng(3)
    for variable in model.weights:
        low = 0.3 if "variance" in variable.path or "gamma" in variable.path else -0.7
        variable.assign(rng.uniform(low, 0.9, variable.shape))
    return model


def _kinds(trace: Trace) -> list[str]:
    return [type(step.operation).__name__ for step in trace.steps]


def _assert_same(model: Any, trace: Trace) -> None:
    images = np.random.default_rng(4).uniform(-1, 1, trace.input.shape).astype(np.float32)
    # Keras flips at random unless it is told not to.
    expected = np.asarray(model(images, training=False))
    assert np.std(expected) > 1e-3, "the test model does not tell anything apart"
    np.testing.assert_allclose(trace.run(images)[trace.output], expected, rtol=2e-4, atol=2e-5)


def _functional(size: tuple[int, int], *stack: Any) -> Any:
    inputs = keras.Input((*size, 3))
    outputs = inputs
    for layer in stack:
        outputs = layer(outputs)
    return _lively(keras.Model(inputs, outputs))


NORM = layers.BatchNormalization


@pytest.mark.parametrize(
    ("stack", "left"),
    [
        ([layers.Conv2D(4, 3), NORM()], ["Conv2D"]),
        ([layers.Conv2D(4, 3, use_bias=False), NORM(), layers.ReLU()], ["Conv2D", "ReLU"]),
        ([layers.Conv2D(4, 3), NORM(scale=False)], ["Conv2D"]),
        ([layers.Conv2D(4, 3), NORM(center=False, epsilon=0.1)], ["Conv2D"]),
        ([layers.DepthwiseConv2D(3, depth_multiplier=2), NORM()], ["DepthwiseConv2D"]),
        ([layers.SeparableConv2D(5, 3), NORM()], ["SeparableConv2D"]),
        ([layers.Flatten(), layers.Dense(5), NORM()], ["Flatten", "Dense"]),
        ([layers.Flatten(), NORM(), layers.Dense(5, activation="tanh")], ["Flatten", "Dense"]),
        ([layers.Conv2D(4, 3), NORM(), NORM()], ["Conv2D"]),
        ([layers.Conv2D(6, 3, groups=3), NORM()], ["DepthwiseConv2D"]),
        # Nothing to fold into, or something between.
        ([layers.Conv2D(4, 3, activation="relu"), NORM()], ["Conv2D", "BatchNormalization"]),
        ([NORM(), layers.Conv2D(4, 3)], ["BatchNormalization", "Conv2D"]),
        ([layers.Conv2D(4, 3), NORM(axis=1)], ["Conv2D", "BatchNormalization"]),
    ],
)
def test_batch_norm_disappears_where_it_can(stack: list[Any], left: list[str]) -> None:
    model = _functional((8, 8), *[type(layer).from_config(layer.get_config()) for layer in stack])
    trace = fold(trace_model(model, 8, 8))
    assert _kinds(trace) == left
    _assert_same(model, trace)


@pytest.mark.parametrize(
    ("size", "padding", "kernel", "stride"),
    [
        ((8, 8), ((0, 1), (0, 1)), 3, 2),
        ((8, 10), ((0, 1), (0, 1)), 3, 2),
        ((7, 7), ((1, 1), (1, 1)), 3, 2),
        ((8, 7), ((0, 1), (1, 1)), 3, 2),
        ((8, 8), ((1, 1), (1, 1)), 3, 1),
        ((8, 8), ((1, 2), (1, 2)), 5, 2),
    ],
)
def test_padding_is_absorbed_where_same_pads_alike(
    size: tuple[int, int], padding: Any, kernel: int, stride: int
) -> None:
    for convolution in (
        layers.Conv2D(4, kernel, strides=stride),
        layers.DepthwiseConv2D(kernel, strides=stride),
    ):
        model = _functional(size, layers.ZeroPadding2D(padding), convolution)
        trace = fold(trace_model(model, *size))
        assert _kinds(trace) == [type(convolution).__name__]
        _assert_same(model, trace)


@pytest.mark.parametrize(
    ("size", "padding", "kernel"),
    [
        ((7, 7), ((0, 1), (0, 1)), 3),
        ((8, 8), ((1, 1), (1, 1)), 3),
        ((8, 8), ((1, 0), (1, 0)), 3),
        ((16, 16), ((3, 3), (3, 3)), 7),
    ],
)
def test_other_padding_stays(size: tuple[int, int], padding: Any, kernel: int) -> None:
    convolution = layers.Conv2D(4, kernel, strides=2)
    model = _functional(size, layers.ZeroPadding2D(padding), convolution)
    trace = fold(trace_model(model, *size))
    assert _kinds(trace) == ["ZeroPadding2D", "Conv2D"]
    _assert_same(model, trace)


def test_a_shared_convolution_is_left_alone() -> None:
    inputs = keras.Input((6, 6, 3))
    convolution = layers.Conv2D(3, 3, padding="same")
    once = NORM()(convolution(inputs))
    twice = NORM()(convolution(once))
    model = _lively(keras.Model(inputs, twice))
    trace = fold(trace_model(model, 6, 6))
    assert _kinds(trace).count("BatchNormalization") == 2
    _assert_same(model, trace)


def test_a_convolution_that_others_read_is_left_alone() -> None:
    inputs = keras.Input((6, 6, 3))
    features = layers.Conv2D(3, 3, padding="same")(inputs)
    model = _lively(keras.Model(inputs, layers.Add()([NORM()(features), features])))
    trace = fold(trace_model(model, 6, 6))
    assert "BatchNormalization" in _kinds(trace)
    _assert_same(model, trace)


def test_nested_models_are_laid_open_and_folded() -> None:
    def block(name: str) -> Any:
        return keras.Sequential([layers.Conv2D(3, 3, name="conv"), NORM(name="norm")], name=name)

    base = keras.Sequential([keras.Input((9, 9, 3)), block("a"), layers.Dropout(0.5), block("b")])
    inputs = keras.Input((9, 9, 3))
    flipped = layers.RandomFlip()(inputs)
    model = _lively(keras.Model(inputs, layers.Flatten()(base(flipped, training=False))))
    trace = fold(trace_model(model, 9, 9))
    assert _kinds(trace) == ["Conv2D", "Conv2D", "Flatten"]
    _assert_same(model, trace)


@pytest.mark.slow
def test_mobilenet_keeps_no_padding_and_no_batch_norm() -> None:
    model = lively_mobilenet()
    before = [weight.copy() for weight in model.get_weights()]
    trace = fold(trace_model(model, 96, 96))
    kinds = _kinds(trace)
    assert kinds.count("Conv2D") == 15
    assert kinds.count("DepthwiseConv2D") == 13
    assert not {"BatchNormalization", "ZeroPadding2D", "Dropout"} & set(kinds)
    _assert_same(model, trace)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
