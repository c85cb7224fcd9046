"""Distinguishes probabilities from scores by the operators that a network ends in, without a
photo."""

from dataclasses import replace
from functools import reduce
from math import inf, isclose

from builder.model.outputs.expression import CONSTANT, RANGE, SCORES, Expression
from builder.model.outputs.values import OF_ONE, OF_TWO, Values


def meaning(output: Expression, classes: int) -> str | None:
    """Return "softmax", "sigmoid" or "logits": what a network's output is; None for none of them.

    "softmax" stands for probabilities of `classes` classes that add up to 1, "sigmoid" for numbers
    from 0 to 1 each for itself, "logits" for scores of any size.
    """
    values = _Interpreter(classes).values(output)
    if values.is_constant or (classes == 1 and (values.total is not None or values.is_log)):
        return None
    if values.total is not None and isclose(values.total, 1, abs_tol=1e-6) and values.low >= 0:
        return "softmax"
    if values.is_score or values.is_log:
        return "logits"
    if values.excludes:
        return None
    if isclose(values.low, 0, abs_tol=1e-4) and isclose(values.high, 1, abs_tol=1e-4):
        return "sigmoid"
    return None


class _Interpreter:
    def __init__(self, classes: int) -> None:
        self._classes = classes
        self._known: dict[int, Values] = {}
        self._numbers: dict[object, int] = {}

    def values(self, tensor: Expression) -> Values:
        """Return what is known of a tensor's values."""
        if id(tensor) not in self._known:
            self._known[id(tensor)] = self._values(tensor)
        return self._known[id(tensor)]

    def _values(self, tensor: Expression) -> Values:
        operator = tensor.operator
        if operator == SCORES:
            return Values(is_score=True)
        if operator in (CONSTANT, RANGE):
            low, high = tensor.limits or (-inf, inf)
            return Values(low, high, is_constant=operator == CONSTANT)
        if operator in ("Softmax", "LogSoftmax"):
            return self._softmax(tensor)
        inputs = [self.values(one) for one in tensor.inputs]
        values = self._computed(tensor, inputs)
        return replace(values, is_exclusive=any(one.excludes for one in inputs))

    def _computed(self, tensor: Expression, inputs: list[Values]) -> Values:
        operator = tensor.operator
        if operator in ("RealDiv", "Mul") and self._is_share_of_sum(tensor):
            return Values(0, 1, total=1) if inputs[0].low >= 0 else Values()
        if operator in ("ConcatV2", "Pack"):
            return self._joined(tensor, inputs)
        if operator in OF_TWO and inputs:
            return reduce(OF_TWO[operator], inputs)
        if operator in OF_ONE and len(inputs) == 1:
            values = OF_ONE[operator](inputs[0])
            over_classes = operator in ("Sum", "Max") and tensor.size == self._classes
            return replace(values, is_shared=True) if over_classes else values
        return Values()

    def _softmax(self, tensor: Expression) -> Values:
        if tensor.size not in (None, self._classes):
            return Values()  # over another axis: nothing that separates classes
        if tensor.operator == "LogSoftmax":
            return Values(high=0, is_log=True)
        return Values(0, 1, total=1)

    def _is_share_of_sum(self, tensor: Expression) -> bool:
        """Return whether a tensor is x / sum(x), or x · (1 / sum(x)), over all classes."""
        if len(tensor.inputs) != 2:
            return False
        part, divisor = tensor.inputs
        if tensor.operator == "Mul":
            if divisor.operator not in ("Reciprocal", "Inv"):
                part, divisor = divisor, part
            if divisor.operator not in ("Reciprocal", "Inv"):
                return False
            divisor = divisor.inputs[0]
        while divisor.operator in ("AddV2", "Maximum"):  # a little, against division by zero
            small = [self.values(one) for one in divisor.inputs]
            kept = [
                one
                for one, values in zip(divisor.inputs, small, strict=True)
                if not (values.is_constant and 0 <= values.high < 1e-3)
            ]
            if len(kept) != 1:
                return False
            (divisor,) = kept
        return (
            divisor.operator == "Sum"
            and self._is_same(divisor.inputs[0], part)
            and divisor.size in (None, self._classes)
        )

    def _is_same(self, first: Expression, second: Expression) -> bool:
        """Return whether two tensors are computed alike from the same ones."""
        return self._number(first) == self._number(second)

    def _number(self, tensor: Expression) -> int:
        """Return a number that is the same only for tensors that are computed alike."""
        parts = tuple(map(self._number, tensor.inputs))
        key: object = (tensor.operator, tensor.size, parts)
        if not parts:
            is_number = tensor.limits is not None and tensor.limits[0] == tensor.limits[1]
            key = tensor.limits if is_number else id(tensor)
        return self._numbers.setdefault(key, len(self._numbers))

    def _joined(self, tensor: Expression, inputs: list[Values]) -> Values:
        """Return what is known of tensors side by side."""
        if len(inputs) == 1:
            return inputs[0]
        low, high = min(v.low for v in inputs), max(v.high for v in inputs)
        if all(values.is_score for values in inputs):
            return Values(low, high, is_score=True)
        totals = {values.total for values in inputs}
        if tensor.operator == "Pack" and len(totals) == 1 and None not in totals:
            return Values(low, high, total=totals.pop())  # of each along the axis that is new
        if len(inputs) == 2 and self._classes == 2 and self._add_up_to_one(*tensor.inputs):
            return Values(low, high, total=1)
        return Values(low, high)

    def _add_up_to_one(self, first: Expression, second: Expression) -> bool:
        """Return whether one of two tensors is 1 minus the other."""
        return any(
            one.operator == "Sub"
            and self.values(one.inputs[0]) == Values(1, 1, is_constant=True)
            and self._is_same(one.inputs[1], other)
            for one, other in ((first, second), (second, first))
        )
