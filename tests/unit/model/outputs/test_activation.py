"""The setting `activation` says what operators do not, and contradicts nothing that they do."""

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.outputs.activation import (
    activation_of,
    app_activation,
    probabilities_of,
    require_probabilities,
    single_output,
)


@pytest.mark.parametrize(
    ("found", "asked", "classes", "kind"),
    [
        ("softmax", None, 4, "softmax"),
        ("softmax", "softmax", 4, "softmax"),
        ("softmax", "none", 4, "softmax"),
        ("sigmoid", None, 4, "sigmoids"),
        ("sigmoid", None, 1, "sigmoid"),
        ("sigmoid", "sigmoid", 1, "sigmoid"),
        ("logits", None, 4, "logits"),
        ("logits", "softmax", 4, "logits"),
        ("logits", "logits", 4, "logits"),
        ("logits", "sigmoid", 4, "independent-logits"),
        ("logits", "logits", 1, "logit"),
        ("logits", "sigmoid", 1, "logit"),
        ("logits", "none", 4, "scores"),
        (None, "softmax", 4, "softmax"),
        (None, "sigmoid", 4, "sigmoids"),
        (None, "sigmoid", 1, "sigmoid"),
        (None, "logits", 4, "logits"),
        (None, "logits", 1, "logit"),
        (None, "none", 4, "scores"),
        (None, "none", 1, "sigmoid"),
    ],
)
def test_what_an_output_is(found: str | None, asked: str | None, classes: int, kind: str) -> None:
    assert activation_of(found, asked, classes, "the end") == kind


@pytest.mark.parametrize(
    ("found", "asked", "classes", "said"),
    [
        (None, None, 4, "ends in the end, which does not show .*--activation: logits, sigmoid"),
        ("logits", None, 1, r"single output without a sigmoid, the end.*--activation logits\."),
        ("softmax", "logits", 4, "--activation logits contradicts the model, which ends in the en"),
        ("softmax", "sigmoid", 4, "--activation sigmoid contradicts"),
        ("sigmoid", "softmax", 4, "--activation softmax contradicts"),
        ("logits", "softmax", 1, "a softmax makes 1 for every photo: choose logits or sigmoid"),
    ],
)
def test_what_is_not_known_or_cannot_be_is_refused(
    found: str | None, asked: str | None, classes: int, said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        activation_of(found, asked, classes, "the end")


@pytest.mark.parametrize(
    ("kind", "outputs", "answers", "app"),
    [
        ("softmax", [[0.25, 0.75]], [[0.25, 0.75]], "softmax"),
        ("logits", [[0.0, np.log(3)]], [[0.25, 0.75]], "softmax"),
        ("logits", [[1000.0, 0.0]], [[1.0, 0.0]], "softmax"),
        ("sigmoid", [[0.75]], [[0.25, 0.75]], "softmax"),
        ("logit", [[np.log(3)]], [[0.25, 0.75]], "softmax"),
        ("logit", [[-1000.0]], [[1.0, 0.0]], "softmax"),
        ("sigmoids", [[0.9, 0.8]], [[0.9, 0.8]], "sigmoid"),
        ("independent-logits", [[0.0, np.log(3)]], [[0.5, 0.75]], "sigmoid"),
        ("scores", [[0.9, 0.3]], [[0.9, 0.3]], "none"),
    ],
)
def test_probabilities_of_each_kind(
    kind: str, outputs: list[list[float]], answers: list[list[float]], app: str
) -> None:
    np.testing.assert_allclose(probabilities_of(np.array(outputs), kind), answers, atol=1e-12)
    assert app_activation(kind) == app


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("softmax", [[0.5, 0.5], [0.5, 0.2]], r"add up to 0\.7, not 1.*--activation: logits"),
        ("sigmoids", [[0.5, 1.2]], r"run from 0\.5 to 1\.2, not from 0 to 1.*--activation"),
        ("scores", [[-0.5, 0.2]], r"run from -0\.5 to 0\.2, not from 0 to 1"),
    ],
)
def test_answers_that_are_none_are_refused(
    kind: str, answers: list[list[float]], said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        require_probabilities(np.array(answers), kind, "trees")
    require_probabilities(np.array([[0.25, 0.75]]), kind, "trees")


def test_an_output_is_taken_out_of_what_holds_it() -> None:
    for held in (np.ones(2), [np.ones(2)], {"p": np.ones(2)}, ({"p": [np.ones(2)]},)):
        assert single_output(held).shape == (2,)
