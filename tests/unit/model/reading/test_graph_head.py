"""Frozen graphs: what stands behind the classifier is understood there, too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.network.inference import inference_model
from builder.model.outputs.activation import probabilities_of
from builder.model.outputs.head import Head, head_of
from builder.model.reading.graph_network import graph_network
from builder.model.setup import tensorflow
from builder.model.source import SourceModel
from tests.unit.model.conftest import source_of

tf = tensorflow()
RNG = np.random.default_rng(3)
End = Callable[[Any], Any]


def _graph(
    end: End, classes: int = 4, *, pool: str = "mean", is_convolution: bool = False
) -> Callable[[Any], Any]:
    """Return a classifier of TensorFlow's operators, with `end` behind its scores."""
    weights = RNG.normal(0, 0.3, (3, 3, 3, 6)).astype(np.float32)
    kernel = RNG.normal(0, 1, (6, classes)).astype(np.float32)
    bias = RNG.normal(0, 0.3, classes).astype(np.float32)

    def network(photo: Any) -> Any:
        x = tf.nn.relu(tf.nn.conv2d(photo, weights, 2, "VALID"))
        if pool == "mean":
            x = tf.reduce_mean(x, (1, 2), keepdims=True)
        else:
            x = tf.nn.avg_pool2d(x, 3, 1, "VALID")
        if is_convolution:
            scores = tf.nn.conv2d(x, kernel[np.newaxis, np.newaxis], 1, "SAME")
            return end(tf.nn.bias_add(scores, bias))
        return end(tf.nn.bias_add(tf.squeeze(x, (1, 2)) @ kernel, bias))

    return network


def _source(network: Callable[[Any], Any], batch: int | None = None) -> SourceModel:
    signature = [tf.TensorSpec((batch, 8, 8, 3), tf.float32, name="photo")]
    graph = tf.function(network, signature, autograph=False).get_concrete_function().graph
    read = graph_network(graph.as_graph_def(), "photo", graph.outputs[0].name, Path("a graph"))
    return source_of(read.model)


def _head(network: Callable[[Any], Any], batch: int | None = None) -> Head:
    return head_of(_source(network, batch))


def _composed_softmax(scores: Any) -> Any:
    powers = tf.exp(scores - tf.reduce_max(scores, -1, keepdims=True))
    return powers / tf.reduce_sum(powers, -1, keepdims=True)


def _squeezed(scores: Any) -> Any:
    return tf.squeeze(scores, (1, 2))


def _with_opposite(score: Any) -> Any:
    return tf.concat([1.0 - tf.sigmoid(score), tf.sigmoid(score)], -1)


@pytest.mark.parametrize(
    ("network", "activation", "has_map"),
    [
        (_graph(tf.nn.softmax), "softmax", True),
        (_graph(tf.identity), "logits", True),
        (_graph(tf.nn.sigmoid), "sigmoids", True),
        (_graph(tf.nn.sigmoid, 1), "sigmoid", True),
        (_graph(lambda x: tf.reshape(tf.nn.softmax(x), (-1, 4))), "softmax", True),
        (
            _graph(lambda x: tf.cast(tf.cast(tf.nn.softmax(x), tf.float64), tf.float32)),
            "softmax",
            True,
        ),
        (_graph(lambda x: tf.nn.softmax(x / 2.5)), "softmax", True),
        (_graph(tf.nn.log_softmax), "logits", True),
        (_graph(_composed_softmax), "softmax", True),
        (_graph(lambda x: 1.0 / (1.0 + tf.exp(-x))), "sigmoids", True),
        (_graph(lambda x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)), "sigmoids", True),
        (_graph(lambda x: tf.nn.relu6(x + 3.0) / 6.0, 5), "sigmoids", True),
        (_graph(lambda x: x - tf.reduce_logsumexp(x, -1, keepdims=True)), "logits", False),
        (_graph(_with_opposite, 1), "softmax", False),
        (_graph(lambda x: tf.gather(tf.nn.softmax(x), [2, 0, 1, 3], axis=1)), "softmax", False),
        (_graph(tf.nn.softmax, pool="pool"), "softmax", True),
        (
            _graph(lambda x: tf.nn.softmax(_squeezed(x)), is_convolution=True),
            *("softmax", True),
        ),
        (
            _graph(lambda x: _squeezed(tf.nn.softmax(x)), pool="pool", is_convolution=True),
            *("softmax", True),
        ),
    ],
)
def test_the_end_of_a_graph_is_understood(
    network: Callable[[Any], Any], activation: str, has_map: bool
) -> None:
    source = _source(network)
    head = head_of(source)
    assert head.activation == activation
    assert (head.features is not None) == has_map
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    outputs = inference_model(source)(image)
    expected = probabilities_of(network(image), activation)
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-6)
    if has_map:
        assert head.embedding.shape[-1] == 6
        assert outputs["class_activation"].shape == (1, 3, 3, head.classes)


def test_a_graph_of_one_photo_answers_several() -> None:
    network = _graph(lambda x: tf.reshape(tf.nn.softmax(x / 2.0), (1, 4)))
    model = _source(network, batch=1).keras_model
    images = np.random.default_rng(1).uniform(0, 1, (3, 8, 8, 3)).astype(np.float32)
    expected = [network(image[np.newaxis])[0] for image in images]
    np.testing.assert_allclose(model(images), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (_graph(tf.nn.relu), r"ends in Relu \(the node '.*'\), which does not show"),
        (_graph(tf.nn.tanh), "ends in Tanh"),
        (_graph(lambda x: tf.nn.softmax(x) * 100.0), "ends in Mul"),
        (_graph(lambda x: tf.nn.softmax(x, 0)), "runs over a single number and makes 1"),
        (
            _graph(lambda x: _squeezed(tf.nn.softmax(x, 1)), is_convolution=True),
            "runs over a single number and makes 1",
        ),
        (_graph(tf.identity, 1), "single output without a sigmoid"),
        (_graph(lambda x: tf.nn.dropout(tf.nn.softmax(x), 0.5)), "at random also when it classifi"),
        (
            _graph(
                lambda x: _squeezed(
                    tf.compat.v1.nn.fused_batch_norm(x, tf.ones(4), tf.zeros(4))[0]
                ),
                is_convolution=True,
            ),
            "normalizes by the photos of a batch",
        ),
        (_graph(lambda x: tf.cast(tf.argmax(x, -1), tf.float32)), "has the shape"),
    ],
)
def test_an_end_that_tells_nothing_is_refused(network: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        _head(network)


def test_control_inputs_are_left_out() -> None:
    def network(photo: Any) -> Any:
        with tf.control_dependencies([photo, tf.debugging.assert_less(photo, 1e9)]):
            scale = tf.constant(0.5)
            kernel = tf.constant(RNG.normal(size=(12, 4)).astype(np.float32))
        return tf.nn.softmax(tf.reshape(photo[:, ::4, ::4], (-1, 12)) @ kernel * scale)

    source = _source(network)
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    answers = inference_model(source)(image)["probabilities"]
    np.testing.assert_allclose(answers, source.keras_model(image), atol=1e-6)
