from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.graph import inference_model
from builder.model.head import Head, find_head
from builder.model.setup import keras as import_keras
from builder.model.trace import trace_model
from tests.unit.model.conftest import source_of

keras = import_keras()
layers = keras.layers


def _model(*stack: Any) -> Any:
    keras.utils.set_random_seed(5)
    return keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(6, 3, strides=2), *stack])


def _head(model: Any) -> Head:
    return find_head(trace_model(model, 8, 8))


@pytest.mark.parametrize(
    ("end", "activation", "has_map"),
    [
        ([layers.GlobalAveragePooling2D(), layers.Dense(4)], "logits", True),
        ([layers.GlobalAveragePooling2D(), layers.Dense(4, activation="softmax")], "softmax", True),
        ([layers.GlobalAveragePooling2D(), layers.Dense(4), layers.Softmax()], "softmax", True),
        (
            [
                layers.GlobalAveragePooling2D(keepdims=True),
                layers.Dropout(0.5),
                layers.Conv2D(4, 1),
                layers.Reshape((4,)),
                layers.Activation("softmax"),
            ],
            *("softmax", True),
        ),
        (
            [layers.GlobalAveragePooling2D(), layers.Dense(4), layers.Activation("linear")],
            *("logits", True),
        ),
        ([layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid")], "sigmoid", True),
        ([layers.GlobalAveragePooling2D(), layers.Dense(4, "sigmoid")], "sigmoids", True),
        ([layers.GlobalMaxPooling2D(), layers.Dense(4)], "logits", False),
        ([layers.Flatten(), layers.Dense(4)], "logits", False),
        (
            [layers.GlobalAveragePooling2D(), layers.Dense(5, "relu"), layers.Dense(4)],
            *("logits", False),
        ),
    ],
)
def test_the_end_of_a_network_is_understood(end: list[Any], activation: str, has_map: bool) -> None:
    model = _model(*[type(layer).from_config(layer.get_config()) for layer in end])
    head = _head(model)
    assert head.activation == activation
    assert (head.features is not None) == has_map

    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    outputs = {name: np.asarray(v) for name, v in inference_model(source_of(model))(image).items()}
    own = np.asarray(model(image)).reshape(1, -1)
    expected = {
        "softmax": own,
        "logits": np.exp(own) / np.exp(own).sum(),
        "sigmoid": np.concatenate([1 - own, own], -1),
        "sigmoids": own,
    }[activation]
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-6)
    assert outputs["embedding"].ndim == 2
    if has_map:
        logits = outputs["class_activation"].mean((1, 2))
        assert outputs["class_activation"].shape == (1, 3, 3, head.classes)
        again = 1 / (1 + np.exp(-logits)) if activation == "sigmoids" else np.exp(logits)
        again = again if activation == "sigmoids" else again / again.sum()
        np.testing.assert_allclose(again, expected, atol=1e-5)
    else:
        assert "class_activation" not in outputs


def test_a_softmax_in_disguise_is_told_from_logits() -> None:
    inputs = keras.Input((8, 8, 3))
    scores = keras.ops.exp(layers.Dense(4)(layers.Flatten()(inputs)))
    disguised = keras.Model(inputs, scores / keras.ops.sum(scores, axis=-1, keepdims=True))
    assert _head(disguised).activation == "softmax"
    assert _head(keras.Model(inputs, scores * 2.0)).activation == "logits"
    functional = keras.Model(inputs, keras.ops.softmax(scores))
    assert _head(functional).activation == "softmax"


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ([], r"output has the shape \(3, 3, 6\).*one number for each class"),
        ([layers.Flatten(), layers.Dense(1)], "single output without a sigmoid"),
    ],
)
def test_what_is_no_classifier_is_refused(end: list[Any], reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        _head(_model(*end))


def test_two_outputs_are_refused() -> None:
    inputs = keras.Input((8, 8, 3))
    flat = layers.Flatten()(inputs)
    with pytest.raises(ModelError, match="2 outputs"):
        _head(keras.Model(inputs, [layers.Dense(3)(flat), layers.Dense(4)(flat)]))


def test_a_subclassed_model_is_refused() -> None:
    class Own(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs

    model = Own()
    model.inputs = [keras.KerasTensor((None, 8, 8, 3))]
    with pytest.raises(ModelError, match="code of its own"):
        trace_model(model, 8, 8)
