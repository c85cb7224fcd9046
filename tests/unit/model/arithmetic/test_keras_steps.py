"""The arithmetic at the input of Keras models, whatever its layers and operations are called."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder.model.arithmetic.affine import InputArithmetic
from builder.model.arithmetic.keras_steps import keras_arithmetic
from builder.model.setup import keras as import_keras
from builder.model.trace import trace_model

keras = import_keras()
layers, ops = keras.layers, keras.ops


def arithmetic(
    scale: Callable[[Any], Any], shape: tuple[int, ...] = (16, 16, 3)
) -> InputArithmetic:
    """Return what is found in a small classifier that begins with `scale`."""
    inputs = keras.Input(shape)
    features = layers.Conv2D(2, 3)(scale(inputs))
    outputs = layers.Dense(3)(layers.GlobalAveragePooling2D()(features))
    # Logits may be scaled, too: that is none of the input's business.
    model = keras.Model(inputs, layers.Rescaling(1 / 7, name="softened")(outputs))
    return keras_arithmetic(trace_model(model, shape[0] or 16, shape[1] or 16))


def bgr(images: Any) -> Any:
    red, green, blue = images[..., 0:1], images[..., 1:2], images[..., 2:3]
    return layers.Concatenate()([blue - 103.9, green - 116.8, red - 123.7])


WAYS: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "Rescaling": (layers.Rescaling(1 / 127.5, -1), 1 / 127.5, -1),
    "Normalization": (layers.Normalization(mean=[120.0] * 3, variance=[2500.0] * 3), 1 / 50, -2.4),
    "preprocess_input, tf": (keras.applications.mobilenet_v2.preprocess_input, 1 / 127.5, -1),
    "preprocess_input, caffe": (keras.applications.resnet.preprocess_input, 1, -116.779),
    "preprocess_input, torch": (keras.applications.densenet.preprocess_input, 1 / 57.375, -2.0357),
    "x / 255": (lambda images: images / 255.0, 1 / 255, 0),
    "1 - x / 255": (lambda images: 1.0 - images / 255.0, -1 / 255, 1),
    "behind augmentation and a resize": (
        lambda images: layers.RandomFlip()(layers.Resizing(20, 24)(images)) / 255.0,
        *(1 / 255, 0),
    ),
    "behind a cast": (lambda images: ops.cast(images, "uint8") / 255, 1 / 255, 0),
    "BGR by hand": (bgr, 1, -116.8),
    "in a nested model": (
        keras.Sequential([keras.Input((16, 16, 3)), layers.Rescaling(2.0, -1.0)]),
        *(2, -1),
    ),
    "one after the other": (
        lambda images: layers.Rescaling(1 / 127.5, -1)(images * 255.0),
        *(2, -1),
    ),
    "batch norm": (layers.BatchNormalization(), 1, 0),
    "nothing": (layers.ZeroPadding2D(2), 1, 0),
    "gray": (lambda images: ops.image.rgb_to_grayscale(images) / 255.0, 1 / 255, 0),
    "mean of channels": (
        lambda images: ops.mean(images, axis=-1, keepdims=True) / 255.0,
        *(1 / 255, 0),
    ),
    "beside its opposite": (
        lambda images: layers.Concatenate()([images / 255.0, 1.0 - images / 255.0]),
        *(1 / 255, 0),
    ),
    "clipped": (lambda images: ops.clip(images, 0, 1) * 2 - 1, 2, -1),
}


@pytest.mark.parametrize("name", WAYS)
def test_it_is_followed_up_to_the_first_layer_that_learns(name: str) -> None:
    scale, factor, offset = WAYS[name]
    (found,) = arithmetic(scale).maps
    assert found.scale == pytest.approx(factor, rel=2e-3)
    assert found.offset == pytest.approx(offset, rel=1e-3, abs=2e-3)


def test_layers_are_named() -> None:
    scale = keras.Sequential([layers.Rescaling(1 / 255, name="to_one"), layers.ZeroPadding2D(1)])
    assert arithmetic(scale).names == ("to_one",)
    assert arithmetic(lambda images: images).names == ()


def test_each_way_that_the_input_goes_is_told() -> None:
    def two(images: Any) -> Any:
        first = layers.Conv2D(2, 1)(images / 255.0)
        return layers.Concatenate()([first, layers.Conv2D(2, 1)(images)])

    assert sorted(one.scale for one in arithmetic(two).maps) == [
        pytest.approx(1 / 255, rel=1e-3),
        pytest.approx(1),
    ]


@pytest.mark.parametrize(
    "learnt",
    [
        layers.Conv2D(3, 1),
        layers.DepthwiseConv2D(1),
        lambda images: images * layers.GlobalAveragePooling2D(keepdims=True)(images),
        lambda images: ops.square(images) / 255.0,
    ],
)
def test_what_has_learnt_or_bends_is_not_followed(learnt: Callable[[Any], Any]) -> None:
    found = arithmetic(lambda images: layers.Rescaling(1 / 255)(learnt(images)))
    assert found.is_none


def test_a_trained_batch_norm_tells_what_it_has_seen() -> None:
    norm = layers.BatchNormalization()

    def seen(images: Any) -> Any:
        out = norm(images)
        norm.set_weights([np.ones(3), np.zeros(3), np.full(3, 115.0), np.full(3, 4600.0)])
        return out

    (found,) = arithmetic(seen).maps
    assert found.scale == pytest.approx(1 / 67.8, rel=1e-3)
