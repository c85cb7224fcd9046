"""The arithmetic at the input of TensorFlow graphs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder.model.arithmetic.affine import InputArithmetic
from builder.model.arithmetic.graph_nodes import graph_arithmetic
from builder.model.setup import tensorflow

tf = tensorflow()
KERNEL = np.random.default_rng(0).normal(size=(3, 3, 3, 4)).astype(np.float32)


def arithmetic(
    scale: Callable[[Any], Any], shape: tuple[int | None, ...] = (None, 16, 16, 3)
) -> InputArithmetic:
    with tf.Graph().as_default() as graph:
        image = tf.compat.v1.placeholder(tf.float32, shape, name="image")
        scaled = scale(image)
        conv = tf.nn.conv2d(scaled, KERNEL[:, :, : scaled.shape[-1]], 1, "SAME")
        # What scales logits is none of the input's business.
        tf.identity(tf.reduce_mean(conv, (1, 2)) / 255.0, name="output")
    return graph_arithmetic(graph.as_graph_def(), "image", "output:0")


def hub(image: Any) -> Any:
    with tf.name_scope("module/hub_input"):
        return tf.subtract(tf.multiply(image, 2.0, name="Mul"), 1.0, name="Sub")


def batch_norm(image: Any) -> Any:
    ones = tf.ones(3)
    out, *_ = tf.compat.v1.nn.fused_batch_norm(
        *(image, ones, 0 * ones),
        mean=120 * ones,
        variance=3600 * ones,
        is_training=False,
    )
    return out


def resized(image: Any) -> Any:
    shape = tf.cast(tf.shape(image)[1:3] // 2, tf.int32)
    return tf.image.resize(tf.reverse(image, [-1]), shape)[..., :3] / 255.0


WAYS: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "TF-Hub": (hub, 2, -1),
    "divided, after a resize to a computed size": (resized, 1 / 255, 0),
    "normalized by what is computed of constants": (
        lambda image: (image - 120.0) / tf.maximum(tf.sqrt(tf.constant([2500.0] * 3)), 1e-7),
        *(1 / 50, -2.4),
    ),
    "batch norm": (batch_norm, 1 / 60, -2),
    "bias": (lambda image: tf.nn.bias_add(image, tf.constant([-103.9, -116.8, -123.7])), 1, -116.8),
    "gray by a product": (
        lambda image: tf.tensordot(image, tf.constant([[0.2989], [0.587], [0.114]]), 1) / 255.0,
        *(1 / 255, 0),
    ),
    "gray, as TensorFlow makes it": (
        lambda image: tf.image.rgb_to_grayscale(image) / 255.0,
        *(1 / 255, 0),
    ),
    "reordered and scaled by a convolution": (
        lambda image: tf.nn.conv2d(
            image, np.eye(3, dtype=np.float32)[None, None, ::-1] / 255, 1, "SAME"
        ),
        *(1 / 255, 0),
    ),
    "split and joined": (
        lambda image: tf.concat([part * 2.0 - 1.0 for part in tf.split(image, 3, -1)], -1),
        *(2, -1),
    ),
    "bytes": (
        lambda image: tf.image.convert_image_dtype(tf.cast(image, tf.uint8), tf.float32),
        1 / 255,
        0,
    ),
    "nothing": (tf.identity, 1, 0),
}


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("shape", [(None, 16, 16, 3), (1, None, None, 3)])
def test_it_is_followed_up_to_the_first_convolution(
    name: str, shape: tuple[int | None, ...]
) -> None:
    scale, factor, offset = WAYS[name]
    (found,) = arithmetic(scale, shape).maps
    assert found.scale == pytest.approx(factor, rel=2e-3)
    assert found.offset == pytest.approx(offset, rel=2e-3, abs=2e-3)


def test_the_last_two_parts_of_names_are_told() -> None:
    assert arithmetic(hub).names == ("hub_input/Mul", "hub_input/Sub")


def test_a_learnt_convolution_ends_it() -> None:
    found = arithmetic(lambda image: tf.nn.conv2d(image, KERNEL[:1, :1, :, :3], 1, "SAME") / 255.0)
    assert found.is_none


def test_control_inputs_do_not_count() -> None:
    with tf.Graph().as_default() as graph:
        image = tf.compat.v1.placeholder(tf.float32, (None, 16, 16, 3), name="image")
        with tf.control_dependencies([image]):
            two = tf.constant(2.0)
        conv = tf.nn.conv2d(image * two - 1.0, KERNEL, 1, "SAME")
        tf.identity(tf.reduce_mean(conv, (1, 2)), name="output")
    (found,) = graph_arithmetic(graph.as_graph_def(), "image", "output:0").maps
    assert (found.scale, found.offset) == (2, -1)


@pytest.mark.parametrize(("factor", "merged"), [(1 / 255, True), (1 / 58, True), (1.0, False)])
def test_a_division_that_was_merged_into_a_convolution_shows_in_its_weights(
    factor: float, merged: bool
) -> None:
    with tf.Graph().as_default() as graph:
        image = tf.compat.v1.placeholder(tf.float32, (None, 16, 16, 3), name="image")
        kernel = (KERNEL * 0.3 * factor).astype(np.float32)
        conv = tf.nn.conv2d(
            tf.pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]]), kernel, 1, "VALID", name="a/conv"
        )
        tf.identity(tf.reduce_mean(conv, (1, 2)), name="output")
    found = graph_arithmetic(graph.as_graph_def(), "image", "output:0")
    assert found.is_none
    assert found.merged_into == ("a/conv" if merged else None)
