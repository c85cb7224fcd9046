from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity
from builder.model.network.inference import inference_model
from builder.model.outputs.activation import probabilities_of
from builder.model.outputs.head import Head, find_head
from builder.model.parity import keras_probabilities
from builder.model.setup import keras as import_keras
from builder.model.trace import trace_model
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import source_of

keras = import_keras()
layers, ops = keras.layers, keras.ops


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


def _dense(units: int = 4, **options: Any) -> list[Any]:
    return [layers.GlobalAveragePooling2D(), layers.Dense(units, **options)]


def _ends(end: Callable[[Any], Any], units: int = 4) -> Any:
    """Return a model that does something with the scores of its classes."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((8, 8, 3))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3, strides=2)(inputs))
    return keras.Model(inputs, end(layers.Dense(units)(pooled)))


def _sigmoid_and_its_opposite(scores: Any) -> Any:
    second = ops.sigmoid(scores)
    return layers.Concatenate()([1.0 - second, second])


@pytest.mark.parametrize(
    ("end", "units", "activation", "has_map"),
    [
        (lambda x: layers.Softmax()(x / 2.5), 4, "softmax", True),
        (lambda x: layers.Softmax()(layers.Rescaling(0.4)(x)), 4, "softmax", True),
        (layers.Softmax(axis=1), 4, "softmax", True),
        (
            lambda x: ops.squeeze(layers.Softmax(axis=1)(layers.Reshape((4, 1))(x)), -1),
            4,
            "softmax",
            True,
        ),
        (lambda x: layers.Identity()(ops.cast(ops.softmax(x), "float32")), 4, "softmax", True),
        (lambda x: ops.expand_dims(ops.softmax(x), 1), 4, "softmax", True),
        (layers.BatchNormalization(), 4, "logits", True),
        (ops.log_softmax, 4, "logits", True),
        (lambda x: 1.0 / (1.0 + ops.exp(-x)), 4, "sigmoids", True),
        (lambda x: ops.clip(0.2 * x + 0.5, 0.0, 1.0), 4, "sigmoids", True),
        (layers.Activation("hard_sigmoid"), 5, "sigmoids", True),
        (layers.ReLU(max_value=1.0), 4, "sigmoids", True),
        (layers.Activation("hard_sigmoid"), 1, "sigmoid", True),
        (_sigmoid_and_its_opposite, 1, "softmax", False),
        (lambda x: layers.Average()([ops.softmax(x), ops.softmax(2.0 * x)]), 4, "softmax", False),
    ],
)
def test_what_stands_behind_the_classifier_is_read(
    end: Callable[[Any], Any], units: int, activation: str, has_map: bool
) -> None:
    model = _ends(end, units)
    head = _head(model)
    assert head.activation == activation
    assert head.embedding.shape == (1, 6)
    assert (head.features is not None) == has_map
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    outputs = inference_model(source_of(model))(image)
    expected = probabilities_of(model(image, training=False), activation)
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-6)


@pytest.mark.parametrize(
    "name",
    ["relu", "tanh", "exponential", "softplus", "elu", "gelu", "silu", "log_sigmoid", "hard_tanh"],
)
def test_an_activation_that_tells_nothing_is_asked_about(name: str) -> None:
    model = _model(*_dense(activation=name))
    with pytest.raises(ModelError, match=rf"ends in {name} \(the layer 'dense.*--activation: logi"):
        _head(model)
    assert find_head(trace_model(model, 8, 8), "logits").activation == "logits"


@pytest.mark.parametrize("asked", ["logits", "sigmoid"])
def test_one_logit_tells_two_classes_apart_where_the_person_says_so(asked: str) -> None:
    model = _model(*_dense(1))
    source = replace(source_of(model), asked_activation=asked)
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    outputs = inference_model(source)(image)
    second = 1 / (1 + np.exp(-np.asarray(model(image))))
    np.testing.assert_allclose(
        outputs["probabilities"], np.concatenate([1 - second, second], -1), atol=1e-6
    )
    logits = np.asarray(outputs["class_activation"]).mean((1, 2))
    again = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(again, outputs["probabilities"], atol=1e-5)


def test_logits_of_several_labels_get_a_sigmoid_each() -> None:
    model = _model(*_dense(3))
    head = find_head(trace_model(model, 8, 8), "sigmoid")
    assert head.activation == "independent-logits"
    assert head.description.startswith("several of 3 classes at once, each for itself, by a sigm")
    source = replace(source_of(model), asked_activation="sigmoid")
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    expected = 1 / (1 + np.exp(-np.asarray(model(image))))
    np.testing.assert_allclose(inference_model(source)(image)["probabilities"], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            lambda: _ends(layers.Softmax(axis=0)),
            "Softmax over the axis 0 .* a single number and ma",
        ),
        (
            lambda: _model(*_dense(1, activation="softmax")),
            "softmax .*makes 1 of it for every phot",
        ),
        (lambda: _ends(lambda x: ops.softmax(x) * 100.0), "ends in Multiply .*does not show"),
        (
            lambda: _ends(lambda x: layers.Concatenate()([ops.softmax(x), ops.softmax(-x)])),
            "ends in Concatenate .*does not show",
        ),
    ],
)
def test_what_makes_no_probabilities_is_refused(model: Callable[[], Any], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        _head(model())


def test_scores_side_by_side_share_their_embedding() -> None:
    inputs = keras.Input((8, 8, 3))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3)(inputs))
    parts = [layers.Dense(1, activation="sigmoid")(pooled) for _ in range(3)]
    head = _head(keras.Model(inputs, layers.Concatenate()(parts)))
    assert head.activation == "sigmoids"
    assert head.embedding.shape == (1, 6)


def test_a_convolution_to_the_classes_has_a_map_of_its_own() -> None:
    model = _model(layers.Conv2D(4, 1), layers.GlobalAveragePooling2D(), layers.Softmax())
    head = _head(model)
    assert (head.activation, head.classifier) == ("softmax", None)
    image = np.random.default_rng(1).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    outputs = inference_model(source_of(model))(image)
    logits = np.asarray(outputs["class_activation"]).mean((1, 2))
    again = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(again, outputs["probabilities"], atol=1e-5)


def test_a_softmax_in_disguise_is_told_from_logits() -> None:
    inputs = keras.Input((8, 8, 3))
    scores = keras.ops.exp(layers.Dense(4)(layers.Flatten()(inputs)))
    disguised = keras.Model(inputs, scores / keras.ops.sum(scores, axis=-1, keepdims=True))
    assert _head(disguised).activation == "softmax"
    with pytest.raises(ModelError, match=r"ends in Multiply .*--activation: logits, sigmoid"):
        _head(keras.Model(inputs, scores * 2.0))
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
    with pytest.raises(ModelError, match=r"2 outputs \(boxes, scores\)"):
        _head(
            keras.Model(inputs, {"boxes": layers.Dense(3)(flat), "scores": layers.Dense(4)(flat)})
        )


@pytest.mark.parametrize("held", [lambda x: {"scores": x}, lambda x: [x], lambda x: {"a": [x]}])
def test_one_output_may_be_held_by_a_dictionary_or_list(held: Callable[[Any], Any]) -> None:
    inputs = keras.Input((8, 8, 3))
    scores = layers.Dense(3, activation="softmax")(layers.Flatten()(inputs))
    source = source_of(keras.Model(inputs, held(scores)))
    images = np.random.default_rng(1).uniform(0, 1, (2, 8, 8, 3)).astype(np.float32)
    answers = [inference_model(source)(image[np.newaxis])["probabilities"] for image in images]
    np.testing.assert_allclose(
        np.concatenate(answers), keras_probabilities(source, images), atol=1e-6
    )


def test_a_subclassed_model_is_refused() -> None:
    class Own(keras.Model):
        def call(self, inputs: Any) -> Any:
            return inputs

    model = Own()
    model.inputs = [keras.KerasTensor((None, 8, 8, 3))]
    with pytest.raises(ModelError, match="code of its own"):
        trace_model(model, 8, 8)


@pytest.mark.parametrize(
    ("units", "function", "asked"), [(5, "hard_sigmoid", None), (1, None, "logits")]
)
def test_a_head_is_converted_as_it_is_read(
    units: int, function: str | None, asked: str | None
) -> None:
    model = _model(*_dense(units, activation=function))
    source = replace(source_of(model, rescale_factor=1 / 255), asked_activation=asked)
    graph = convert(inference_model(source), "none")
    assert measure_parity(graph, source).max_probability_difference < 1e-6


def test_all_that_the_app_asks_for_are_nodes_of_the_graph() -> None:
    model = _model(*_dense(3, activation="softmax"))
    kernel = np.random.default_rng(2).normal(size=(6, 3)).astype(np.float32)
    familiarity = Familiarity(kernel, np.zeros(3, np.float32), 1.0)
    source = replace(source_of(model), familiarity=familiarity)
    document = convert(inference_model(source), "none").document
    asked = {"probabilities", "embedding", "familiarity", "class_activation"}
    assert set(document["signature"]["outputs"]) == asked
    assert asked <= {node["name"] for node in document["modelTopology"]["node"]}
