"""What a network's output is follows from its last operators."""

from math import inf

import pytest

from builder.model.outputs.expression import (
    CONSTANT,
    RANGE,
    SCORES,
    Expression,
    constant,
    unknown,
)
from builder.model.outputs.meaning import meaning

SCORE = Expression(SCORES)


def op(operator: str, *inputs: Expression | float, size: int | None = None) -> Expression:
    """Return an operator of tensors and numbers."""
    tensors = [one if isinstance(one, Expression) else constant(one, one) for one in inputs]
    return Expression(operator, tuple(tensors), size=size)


def softmax(of: Expression = SCORE, size: int | None = 4) -> Expression:
    return op("Softmax", of, size=size)


def composed_softmax() -> Expression:
    """As TensorFlow's and Keras's older code has it; the exponentials are two equal nodes."""

    def exponential() -> Expression:
        return op("Exp", op("Sub", SCORE, op("Max", SCORE, size=4)))

    return op("RealDiv", exponential(), op("AddV2", op("Sum", exponential(), size=4), 1e-7))


def complement(joined: str = "ConcatV2") -> Expression:
    return op(joined, op("Sub", 1, op("Sigmoid", SCORE)), op("Sigmoid", SCORE))


def log_sum_exp() -> Expression:
    return op("Log", op("Sum", op("Exp", SCORE), size=4))


HARD_SIGMOID = op("Maximum", op("Minimum", op("AddV2", op("Mul", SCORE, 0.2), 0.5), 1), 0)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (SCORE, "logits"),
        (op("RealDiv", SCORE, 2.5), "logits"),
        (op("Neg", SCORE), "logits"),
        (op("AddV2", op("Mul", SCORE, Expression(CONSTANT)), Expression(CONSTANT)), "logits"),
        (op("Mean", SCORE), "logits"),
        (op("ConcatV2", SCORE, SCORE), "logits"),
        (op("LogSoftmax", SCORE, size=4), "logits"),
        (op("Log", softmax()), "logits"),
        (op("Sub", SCORE, log_sum_exp()), "logits"),
        (softmax(), "softmax"),
        (softmax(op("RealDiv", SCORE, 2.5)), "softmax"),
        (softmax(size=None), "softmax"),
        (op("Mean", softmax()), "softmax"),
        (op("Mul", op("AddN", softmax(), softmax()), 0.5), "softmax"),
        (op("Exp", op("LogSoftmax", SCORE, size=4)), "softmax"),
        (composed_softmax(), "softmax"),
        (op("Mul", op("Exp", SCORE), op("Reciprocal", op("Sum", op("Exp", SCORE)))), "softmax"),
        (op("Sigmoid", SCORE), "sigmoid"),
        (op("Reciprocal", op("AddV2", op("Exp", op("Neg", SCORE)), 1)), "sigmoid"),
        (op("RealDiv", 1, op("AddV2", 1, op("Exp", op("Neg", SCORE)))), "sigmoid"),
        (op("Mul", op("AddV2", op("Tanh", op("Mul", SCORE, 0.5)), 1), 0.5), "sigmoid"),
        (HARD_SIGMOID, "sigmoid"),
        (op("RealDiv", op("Relu6", op("AddV2", SCORE, 3)), 6), "sigmoid"),
        (Expression(RANGE, limits=(0, 1)), "sigmoid"),
        (op("ConcatV2", *[op("Sigmoid", SCORE)] * 4), "sigmoid"),
        (op("Mean", op("Sigmoid", SCORE)), "sigmoid"),
        (op("Maximum", op("Minimum", softmax(), 1 - 1e-7), 1e-7), "softmax"),
        (op("Maximum", op("Minimum", op("Sigmoid", SCORE), 1 - 1e-7), 1e-7), "sigmoid"),
        (op("Mean", op("Pack", softmax(), softmax(op("Mul", SCORE, 2)))), "softmax"),
        (op("Mean", op("Pack", op("Sigmoid", SCORE), op("Sigmoid", SCORE))), "sigmoid"),
        # What does not tell.
        (op("Relu", SCORE), None),
        (op("Tanh", SCORE), None),
        (op("Exp", SCORE), None),
        (op("Softplus", SCORE), None),
        (op("Mul", softmax(), 100), None),
        # From 0 to 1, and of one class each: several labels at once they are not.
        (op("Sub", 1, softmax()), None),
        (op("Maximum", softmax(), softmax(op("Mul", SCORE, 2))), None),
        (op("Maximum", softmax(), 0.1), None),
        (op("Mean", op("Pack", softmax(), op("Sigmoid", SCORE))), None),
        (op("Mul", SCORE, SCORE), None),
        (op("Slice", softmax(size=4)), None),
        (softmax(size=7), None),
        (op("RealDiv", op("Exp", SCORE), op("Sum", op("Exp", SCORE), size=7)), None),
        (op("RealDiv", SCORE, op("Sum", SCORE, size=4)), None),
        (op("ConcatV2", softmax(size=2), softmax(size=2)), None),
        (Expression(RANGE, limits=(-inf, 0)), None),
        (constant(0, 1), None),
        (unknown("gelu"), None),
        (op("Gelu", SCORE), None),
    ],
)
def test_operators_tell_what_numbers_mean(output: Expression, expected: str | None) -> None:
    assert meaning(output, 4) == expected


def test_two_outputs_of_one_sigmoid_add_up_to_one() -> None:
    assert meaning(complement(), 2) == "softmax"
    assert meaning(complement("Pack"), 2) == "softmax"
    assert meaning(op("ConcatV2", op("Sigmoid", SCORE), op("Sigmoid", op("Neg", SCORE))), 2) == (
        "sigmoid"
    )


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (SCORE, "logits"),
        (op("Sigmoid", SCORE), "sigmoid"),
        (softmax(size=1), None),
        (op("LogSoftmax", SCORE, size=1), None),
    ],
)
def test_a_single_output(output: Expression, expected: str | None) -> None:
    assert meaning(output, 1) == expected
