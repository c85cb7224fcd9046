"""Numbers of types that the browser lacks are those of TensorFlow.js, and compute the same."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.model.emitted import EmittedModel
from builder.model.kernels.numbers import with_browser_numbers
from builder.model.network.inference import inference_model
from builder.model.parity import keras_probabilities
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.conversion import convert
from tests.unit.model.conftest import source_of
from tests.unit.model.kernels.graphs import frozen, run, values

keras, tf = import_keras(), tensorflow()
ops = keras.ops
KNOWN = {tf.float32.as_datatype_enum, tf.int32.as_datatype_enum, tf.bool.as_datatype_enum, 0}


def _to_the_end(x: Any) -> Any:
    last = tf.constant([1, np.iinfo(np.int64).max], tf.int64)
    return tf.strided_slice(x, tf.constant([0, 1], tf.int64), last, tf.ones(2, tf.int64))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: tf.cast(tf.cast(x, tf.float64) * tf.constant(0.5, tf.float64), tf.float32),
        lambda x: tf.cast(tf.cast(x, tf.bfloat16), tf.float32) * 2.0,
        lambda x: tf.one_hot(tf.cast(tf.abs(x), tf.int64), 3),
        lambda x: tf.cast(
            tf.cast(tf.abs(x) * 9.0, tf.uint8) + tf.constant(7, tf.uint8), tf.float32
        ),
        _to_the_end,
    ],
    ids=["double", "bfloat", "int64", "bytes", "to the end"],
)
def test_every_type_becomes_one_of_the_browser_s(function: Callable[[Any], Any]) -> None:
    given = values(2, 3, seed=1) * 2
    graph, names, output = frozen(function, given)
    written = with_browser_numbers(graph)
    types = {value.type for node in written.node for value in node.attr.values()}
    assert types <= KNOWN
    assert not {value.type for node in graph.node for value in node.attr.values()} <= KNOWN
    np.testing.assert_allclose(
        run(written, names, output, given), run(graph, names, output, given), rtol=1e-2
    )


def test_a_graph_of_known_types_is_left_alone() -> None:
    graph, _, _ = frozen(lambda x: tf.cast(tf.cast(x, tf.int32), tf.float32), values(2, 3))
    assert with_browser_numbers(graph) is graph


@pytest.mark.parametrize(
    "front",
    [
        lambda x: ops.cast(ops.cast(x, "float16") * 0.5, "float32"),
        lambda x: ops.cast(ops.cast(x, "float64") * 0.5, "float32"),
        lambda x: ops.one_hot(ops.cast(ops.mean(x, axis=(1, 2)) * 9, "int32"), 10),
    ],
    ids=["half", "double", "one-hot"],
)
def test_a_model_of_such_numbers_answers_as_keras_does(front: Callable[[Any], Any]) -> None:
    keras.utils.set_random_seed(1)
    inputs = keras.Input((8, 8, 3))
    features = keras.layers.Conv2D(6, 3)(inputs)
    flat = keras.layers.Flatten()(front(features))
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(flat))
    source = source_of(model, rescale_factor=1 / 255)
    images = reference_images(8, 8)[:4]
    answers = EmittedModel(convert(inference_model(source), "none").files).predict(images)
    np.testing.assert_allclose(answers, keras_probabilities(source, images), atol=1e-3)
