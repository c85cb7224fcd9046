"""Operators that take each number by itself, with what they broadcast."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.conformance.case import Case, booleans, floats, integers, positive, shape_of_rank

RANKS = (0, 1, 2, 3, 4, 5, 6)
OF_ANY = (
    *("Abs", "Ceil", "Cos", "Elu", "Erf", "Exp", "Expm1", "Floor", "Neg", "Reciprocal", "Relu"),
    *("Relu6", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Cosh", "Softplus", "Square", "Tan"),
    *("Tanh", "Atan", "Asinh", "LeakyRelu", "Round", "IsNan", "IsInf", "IsFinite", "Identity"),
    *("Softsign", "Erfc", "Rint", "Inv", "Snapshot", "StopGradient", "ZerosLike", "OnesLike"),
)
OF_POSITIVE = ("Log", "Log1p", "Rsqrt", "Sqrt")
OF_FRACTIONS = ("Acos", "Asin", "Atanh")
OF_INTEGERS = ("Abs", "Neg", "Sign", "Square", "ZerosLike", "OnesLike", "Identity")
ARITHMETIC = (
    *("Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "Maximum", "Minimum", "SquaredDifference"),
    *("FloorDiv", "FloorMod", "DivNoNan", "Pow", "Atan2"),
)
COMPARISONS = ("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual")
PAIRS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((), ()),
    ((5,), (5,)),
    ((5,), (1,)),
    ((3, 4), (4,)),
    ((4,), (3, 4)),
    ((3, 1), (1, 4)),
    ((2, 3, 4), (2, 3, 4)),
    ((2, 3, 4), (3, 1)),
    ((1, 4, 5, 3), (1, 4, 5, 3)),
    ((1, 4, 5, 3), (3,)),
    ((1, 4, 5, 3), ()),
    ((), (1, 4, 5, 3)),
    ((1, 4, 5, 3), (1, 1, 1, 3)),
    ((1, 4, 5, 3), (1, 4, 5, 1)),
    ((1, 4, 1, 3), (1, 1, 5, 3)),
    ((1, 4, 5, 1), (1, 4, 5, 3)),
    ((1, 2, 3, 4, 2), (1, 2, 3, 4, 2)),
    ((1, 2, 3, 4, 2), (1, 2, 1, 1, 2)),
    ((1, 2, 3, 4, 2), (4, 1)),
    ((1, 2, 3, 2, 2, 3), (1, 2, 3, 2, 2, 3)),
    ((1, 2, 3, 2, 2, 3), (1, 1, 3, 1, 1, 3)),
)
"""Shapes of two operands."""


def elementwise() -> Iterator[Case]:
    """Yield the cases of elementwise operators."""
    yield from _unary()
    yield from _binary()
    yield from _logical()
    yield from _choices()
    yield from _casts()
    yield from _several()


def _argument(operator: str) -> str:
    named = {"Identity": "input", "StopGradient": "input", "Snapshot": "input"}
    features = ("Elu", "LeakyRelu", "Relu", "Relu6", "Selu", "Softplus", "Softsign")
    return "features" if operator in features else named.get(operator, "x")


def _unary() -> Iterator[Case]:
    for rank in RANKS:
        shape = shape_of_rank(rank)
        for operator in OF_ANY:
            values = floats(*shape) * np.float32(3)
            # Halves are rounded to even numbers.
            yield Case(
                operator,
                {_argument(operator): np.round(values * 2) / 2 if operator in _ROUND else values},
            )
        for operator in OF_POSITIVE:
            yield Case(operator, {"x": positive(*shape)})
        yield Case("Acosh", {"x": positive(*shape) + np.float32(1)})
        for operator in OF_FRACTIONS:
            yield Case(operator, {"x": floats(*shape) * np.float32(0.49)})
        for operator in OF_INTEGERS:
            yield Case(operator, {_argument(operator): integers(*shape)})
        for alpha in (0.0, 0.1, 0.3):
            yield Case("LeakyRelu", {"features": floats(*shape), "alpha": alpha})
        yield Case(
            "ClipByValue",
            {
                "t": floats(*shape),
                "clip_value_min": np.float32(-0.5),
                "clip_value_max": np.float32(1.0),
            },
        )
    odd = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-30, -80.0, 80.0], np.float32)
    for operator in ("Relu", "Sigmoid", "Tanh", "Elu", "IsNan", "IsInf", "IsFinite", "Softplus"):
        yield Case(operator, {_argument(operator): odd[:2] if operator == "Relu" else odd[:4]})
    for operator in ("Sigmoid", "Tanh", "Elu", "Softplus", "Exp", "Selu", "Erf", "Softsign"):
        wide = np.linspace(-30, 30, 61, dtype=np.float32)
        yield Case(operator, {_argument(operator): wide})


_ROUND = frozenset({"Round", "Rint", "Floor", "Ceil"})


def _binary() -> Iterator[Case]:
    for operator in ARITHMETIC:
        left, right = ("y", "x") if operator == "Atan2" else ("x", "y")
        for first, second in PAIRS:
            make = positive if operator == "Pow" else floats
            yield Case(operator, {left: make(*first), right: floats(*second, seed=1)})
            if operator not in ("RealDiv", "DivNoNan", "Atan2", "Div", "Pow"):
                yield Case(operator, {left: integers(*first), right: integers(*second, seed=1)})
    for value in (0.0, 1.0, 2.0, 3.0, -1.0, 0.5):
        base = positive(1, 3, 3, 2) if value == 0.5 else floats(1, 3, 3, 2)
        yield Case("Pow", {"x": base, "y": np.float32(value)})
    exact = np.array([-4.0, -2.0, 0.0, 2.0, 6.0, -6.5, 7.0, 0.7], np.float32)
    for operator in ("FloorDiv", "FloorMod"):
        # Of 0.1 there are as many in 6 as rounding has it.
        for divisor in (2.0, -2.0, 0.75, 3.0):
            yield Case(operator, {"x": exact, "y": np.float32(divisor)})
    zeros = np.array([0.0, 1.0, 0.0, -2.0, 3.0], np.float32)
    yield Case("DivNoNan", {"x": floats(5), "y": zeros})
    yield Case("DivNoNan", {"x": zeros, "y": zeros})
    for shape in ((2, 3), (1, 4, 5, 3), (1, 7)):
        yield Case("BiasAdd", {"value": floats(*shape), "bias": floats(shape[-1], seed=1)})


def _logical() -> Iterator[Case]:
    for operator in COMPARISONS:
        for first, second in PAIRS:
            small = {"low": -2, "high": 3}
            left, right = integers(*first, **small), integers(*second, seed=1, **small)
            yield Case(operator, {"x": left, "y": right})
            yield Case(operator, {"x": left.astype(np.float32), "y": right.astype(np.float32)})
    for operator in ("LogicalAnd", "LogicalOr"):
        for first, second in PAIRS:
            yield Case(operator, {"x": booleans(*first), "y": booleans(*second, seed=1)})
    for rank in RANKS:
        yield Case("LogicalNot", {"x": booleans(*shape_of_rank(rank))})


def _choices() -> Iterator[Case]:
    for first, second in PAIRS:
        shape = np.broadcast_shapes(first, second)
        for make in (floats, integers):
            same: dict[str, Any] = {"t": make(*shape), "e": make(*shape, seed=1)}
            yield Case("SelectV2", {"condition": booleans(*shape), **same})
            mixed: dict[str, Any] = {"t": make(*second), "e": make(seed=1)}
            yield Case("SelectV2", {"condition": booleans(*first), **mixed})
            other: dict[str, Any] = {"t": make(*first), "e": make(*second)}
            yield Case("SelectV2", {"condition": booleans(), **other})
            if first == second:
                yield Case(
                    "Select", {"condition": booleans(*shape), "x": same["t"], "y": same["e"]}
                )


def _casts() -> Iterator[Case]:
    import tensorflow as tf

    types = (tf.float32, tf.int32, tf.bool)
    for rank in RANKS:
        shape = shape_of_rank(rank)
        fractions = floats(*shape) * np.float32(3)
        for values in (fractions, np.round(fractions * 0.3), integers(*shape), booleans(*shape)):
            for target in types:
                # What reads the result tells whether it is more than a name.
                reader = "LogicalNot" if target == tf.bool else "Neg"
                yield Case("Cast", {"x": values, "DstT": target}, after=((reader, None),))


def _several() -> Iterator[Case]:
    for rank in RANKS:
        shape = shape_of_rank(rank)
        for count in (1, 2, 3, 5):
            made = [floats(*shape, seed=seed) for seed in range(count)]
            yield Case("AddN", {"inputs": made})
