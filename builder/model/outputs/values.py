"""What is known of the values of a tensor, and what operators make of it.

Limits by interval arithmetic (Moore 1966, "Interval Analysis"), and whether the values of all
classes add up to a known number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, expm1, inf, isclose, isfinite, log, log1p, sqrt, tanh

Function = Callable[[float], float]

_NEXT_TO_NOTHING = 1e-4
"""By how much probabilities are cut off at 0 and 1 to have a logarithm: 1e-7 in Keras's losses."""


@dataclass(frozen=True)
class Values:
    """What is known of the values of a tensor."""

    low: float = -inf
    high: float = inf
    total: float | None = None
    """What the values of all classes add up to, where that is fixed."""
    is_score: bool = False
    """Whether they are scores of which a softmax or sigmoid makes probabilities."""
    is_log: bool = False
    """Whether they are logarithms of values that add up to 1."""
    is_shared: bool = False
    """Whether they are the same for all classes: added to scores, they change no probability."""
    is_constant: bool = False
    is_exclusive: bool = False
    """Whether they are made of probabilities that exclude each other, as a softmax returns them:
    none of them is for itself."""

    @property
    def excludes(self) -> bool:
        """Whether what is made of them is made of values that exclude each other."""
        return self.is_exclusive or self.is_log or self.total is not None


def _is_score(first: Values, second: Values) -> bool:
    """Return whether the sum or product of two is a score: that of a score and a constant is
    one."""
    scores = [values.is_score or values.is_log for values in (first, second)]
    others = [values.is_constant or values.is_shared for values in (first, second)]
    return any(scores) and all(map(any, zip(scores, others, strict=True)))


def _added(first: Values, second: Values) -> Values:
    totals = (first.total, second.total)
    return Values(
        first.low + second.low,
        first.high + second.high,
        total=None if None in totals else sum(total for total in totals if total is not None),
        is_score=_is_score(first, second),
        is_shared=_is_shared(first, second),
        is_constant=first.is_constant and second.is_constant,
    )


def _is_shared(*parts: Values) -> bool:
    shared = [values.is_shared for values in parts]
    return any(shared) and all(values.is_shared or values.is_constant for values in parts)


def _either(first: Values, second: Values) -> Values:
    low, high = min(first.low, second.low), max(first.high, second.high)
    return Values(low, high, is_shared=_is_shared(first, second))


def _negated(values: Values) -> Values:
    return Values(
        -values.high,
        -values.low,
        total=None if values.total is None else -values.total,
        is_score=values.is_score,
        is_shared=values.is_shared,
        is_constant=values.is_constant,
    )


def _multiplied(first: Values, second: Values) -> Values:
    corners = [_product(a, b) for a in (first.low, first.high) for b in (second.low, second.high)]
    total = None
    for one, other in ((first, second), (second, first)):
        if other.is_constant and other.low == other.high and one.total is not None:
            total = one.total * other.low
    constants = [values.is_constant for values in (first, second)]
    return Values(
        min(corners),
        max(corners),
        total=total,
        is_score=any(constants) and _is_score(first, second),
        is_constant=all(constants),
    )


def _product(first: float, second: float) -> float:
    return 0.0 if 0 in (first, second) else first * second


def _divided(first: Values, second: Values) -> Values:
    return _multiplied(first, _inverted(second))


def _inverted(values: Values) -> Values:
    if values.low <= 0 <= values.high and not (values.low == 0 or values.high == 0):
        return Values(is_constant=values.is_constant)
    ends = sorted(
        1 / end if end else (inf if values.high > 0 else -inf) for end in (values.low, values.high)
    )
    return Values(ends[0], ends[1], is_constant=values.is_constant)


def _highest(first: Values, second: Values) -> Values:
    total = _total_but_for(first, second, lambda values, end: end - values.low)
    return Values(max(first.low, second.low), max(first.high, second.high), total=total)


def _lowest(first: Values, second: Values) -> Values:
    total = _total_but_for(first, second, lambda values, end: values.high - end)
    return Values(min(first.low, second.low), min(first.high, second.high), total=total)


def _total_but_for(
    first: Values, second: Values, most: Callable[[Values, float], float]
) -> float | None:
    """Return the total of values that are cut off at a number, where that takes next to nothing.

    `most` returns by how much a value changes at most, by the values and the number.
    """
    for values, end in ((first, second), (second, first)):
        if end.is_constant and end.low == end.high and most(values, end.low) <= _NEXT_TO_NOTHING:
            return values.total
    return None


def _growing(function: Function) -> Callable[[Values], Values]:
    """Return the rule of a function that grows with its argument."""

    def rule(values: Values) -> Values:
        low, high = function(values.low), function(values.high)
        return Values(low, high, is_shared=values.is_shared, is_constant=values.is_constant)

    return rule


def _exponential(values: Values) -> Values:
    if values.is_log:
        return Values(0, 1, total=1)
    return _growing(_exp)(values)


def _logarithm(values: Values) -> Values:
    low = log(values.low) if values.low > 0 else -inf
    high = inf if values.high == inf else log(values.high) if values.high > 0 else -inf
    is_log = values.total is not None and isclose(values.total, 1)
    return Values(low, high, is_log=is_log, is_shared=values.is_shared)


def _squared(values: Values) -> Values:
    ends = [_product(end, end) for end in (values.low, values.high)]
    return Values(0.0 if values.low < 0 < values.high else min(ends), max(ends))


def _kept(values: Values) -> Values:
    return values


def _summed(values: Values) -> Values:
    return Values(0.0 if values.low >= 0 else -inf, 0.0 if values.high <= 0 else inf)


def _selected(values: Values) -> Values:
    """Return what is known of some of the values: of probabilities that add up to 1, nothing."""
    return Values() if values.total is not None or values.is_log else values


def _exp(x: float) -> float:
    return exp(min(x, 700)) if x < 700 else inf


def _sigmoid(x: float) -> float:
    return 1 / (1 + _exp(-x))


def _elu(x: float) -> float:
    return x if x > 0 else expm1(x)


def _selu(x: float) -> float:
    # Klambauer et al. 2017, arXiv:1706.02515, equation 14.
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * expm1(x))


def _softplus(x: float) -> float:
    return x if x > 700 else log1p(_exp(x))


def _softsign(x: float) -> float:
    return x / (1 + abs(x)) if isfinite(x) else (1.0 if x > 0 else -1.0)


OF_ONE: dict[str, Callable[[Values], Values]] = {
    "Sigmoid": _growing(_sigmoid),
    "Tanh": _growing(tanh),
    "Relu": _growing(lambda x: max(x, 0.0)),
    "Relu6": _growing(lambda x: min(max(x, 0.0), 6.0)),
    "Elu": _growing(_elu),
    "Selu": _growing(_selu),
    "Softplus": _growing(_softplus),
    "Softsign": _growing(_softsign),
    "Sqrt": _growing(lambda x: sqrt(max(x, 0.0))),
    "Exp": _exponential,
    "Log": _logarithm,
    "Neg": _negated,
    "Reciprocal": _inverted,
    "Inv": _inverted,
    "Square": _squared,
    "Abs": lambda values: replace(_squared(values), high=max(abs(values.low), abs(values.high))),
    # Over places, not over classes: what adds up to 1 at each place does so on average.
    "Mean": _kept,
    "AvgPool": _kept,
    "Sum": _summed,
    "Slice": _selected,
    "Max": _selected,
    "MaxPool": _selected,
}
"""Operators of one tensor, by TensorFlow's name."""

OF_TWO: dict[str, Callable[[Values, Values], Values]] = {
    "AddV2": _added,
    "Add": _added,
    "AddN": _added,
    "BiasAdd": _added,
    "Sub": lambda first, second: _added(first, _negated(second)),
    "Mul": _multiplied,
    "RealDiv": _divided,
    "Maximum": _highest,
    "Minimum": _lowest,
    "Select": _either,
}
"""Operators of two tensors or more."""
