"""The end of a traced Keras network as an expression: its last layers and operations."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, prod
from typing import Any

import numpy as np

from builder.model.outputs.expression import (
    CONSTANT,
    RANGE,
    SCORES,
    Expression,
    constant,
    unknown,
)
from builder.model.trace import Step, Trace

_MOST = 100
"""Most tensors that are looked at; no network has this many after its last weights."""

_SCORING = frozenset(
    {"Dense", "EinsumDense", "MultiHeadAttention", "Matmul", "Dot", "Einsum", "Tensordot", "Linear"}
    | {"Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
    | {"DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"}
    | {"Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose"}
)
"""Layers and operations that weigh their input: what they return, before an activation, are
scores."""

_WRAPPERS = frozenset({"SpectralNormalization", "SplitConvolution", "TimeDistributed"})
"""Layers that do what the layer inside them does, and nothing afterwards."""

_PASSING = frozenset(
    {"Flatten", "Reshape", "Identity", "Squeeze", "ExpandDims", "Permute", "Transpose", "Cast"}
    | {"StopGradient", "Copy"}
)
"""Layers and operations that leave values as they are, wherever they move them."""

_SAME = {
    **{name: name for name in ("Sigmoid", "Tanh", "Relu", "Relu6", "Elu", "Selu", "Softplus")},
    **{name: name for name in ("Softsign", "Exp", "Log", "Sqrt", "Square", "Abs", "Reciprocal")},
    **{name: name for name in ("Maximum", "Minimum")},
    **{"Negative": "Neg", "Absolute": "Abs", "Add": "AddV2", "Subtract": "Sub", "Multiply": "Mul"},
    **{"Divide": "RealDiv", "TrueDivide": "RealDiv", "Concatenate": "ConcatV2"},
    **{"Stack": "Pack", "GetItem": "Slice", "Take": "Slice", "Split": "Slice"},
    **{f"GlobalAveragePooling{n}D": "Mean" for n in (1, 2, 3)},
    **{f"AveragePooling{n}D": "Mean" for n in (1, 2, 3)},
    **{f"GlobalMaxPooling{n}D": "MaxPool" for n in (1, 2, 3)},
    **{f"MaxPooling{n}D": "MaxPool" for n in (1, 2, 3)},
}
"""Names of Keras's layers and operations, and what TensorFlow calls the operator."""

_FUNCTIONS = {
    **{name: name.title() for name in ("sigmoid", "tanh", "relu", "relu6", "elu", "selu")},
    **{"softplus": "Softplus", "softsign": "Softsign", "exponential": "Exp"},
    **{"softmax": "Softmax", "log_softmax": "LogSoftmax"},
}
"""Activations by the name of Keras's function."""

_RANGES = {
    "hard_sigmoid": (0.0, 1.0),
    "sparse_sigmoid": (0.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "log_sigmoid": (-inf, 0.0),
}
"""Activations of each value for itself, with the limits of what they return."""


def expression_of(trace: Trace) -> Expression:
    """Return what a network's output was computed from."""
    return _Reader(trace).of(trace.output)


class _Reader:
    def __init__(self, trace: Trace) -> None:
        import keras

        self._producers = {
            id(tensor): step
            for step in trace.steps
            for tensor in keras.tree.flatten(step.output)
            if isinstance(tensor, keras.KerasTensor)
        }
        self._known: dict[int, Expression] = {}

    def of(self, argument: Any) -> Expression:
        """Return the expression of a symbolic tensor, or of a constant."""
        import keras

        if not isinstance(argument, keras.KerasTensor):
            return _constant(argument)
        if id(argument) not in self._known:
            step = self._producers.get(id(argument))
            if step is None:
                return Expression(SCORES, origin="the photo itself")
            if len(self._known) > _MOST:
                return unknown(f"more than {_MOST} operations without weights")
            self._known[id(argument)] = unknown("")  # counted, and known before its inputs are
            self._known[id(argument)] = self._step(step)
        return self._known[id(argument)]

    def _step(self, step: Step) -> Expression:
        operation = step.operation
        if type(operation).__name__ in _WRAPPERS:
            operation = operation.layer
        name = type(operation).__name__
        if hasattr(operation, "ending"):  # a graph that was read from a file
            return operation.ending(self.of(step.args[0]))  # type: ignore[no-any-return]
        if name in _PASSING:
            return self.of(step.args[0])
        if name == "Activation":
            return _activated(self.of(step.args[0]), operation, step)
        origin = f"{name} (the layer {step.operation.name!r})"
        if name in _SCORING:
            return _activated(Expression(SCORES, origin=origin), operation, step)
        return self._computed(name, operation, step) or unknown(origin)

    def _computed(self, name: str, operation: Any, step: Step) -> Expression | None:
        if not type(operation).__module__.startswith("keras."):
            return None
        origin = f"{name} (the layer {step.operation.name!r})"
        if name in _SPECIAL:
            made = _SPECIAL[name](self._inputs(step), operation, step)
            return made and replace(made, origin=made.origin or origin)
        if name in _SAME:
            inputs = self._inputs(step)
            if _SAME[name] in ("Mean", "MaxPool"):  # what is pooled says more
                origin = inputs[0].origin or origin
            return Expression(_SAME[name], inputs, origin=origin)
        return None

    def _inputs(self, step: Step) -> tuple[Expression, ...]:
        """Return what a step takes: layers that merge take a list, operations two arguments."""
        given = step.args[0] if step.args and isinstance(step.args[0], list | tuple) else step.args
        if type(step.operation).__name__ in ("GetItem", "Take", "Split"):
            given = step.args[:1]
        return tuple(self.of(argument) for argument in given)


def _constant(value: Any) -> Expression:
    try:
        values = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        return Expression(CONSTANT)
    return constant(float(values.min()), float(values.max())) if values.size else unknown("")


def _activated(before: Expression, operation: Any, step: Step) -> Expression:
    """Return what the activation function of a layer makes of a tensor."""
    function = getattr(operation, "activation", None)
    name = getattr(function, "__name__", "linear")
    if name == "linear":
        return before
    origin = f"{name} (the layer {step.operation.name!r})"
    if not str(getattr(function, "__module__", "")).startswith("keras."):
        return unknown(origin)
    if name in _RANGES:
        return Expression(RANGE, limits=_RANGES[name], origin=origin)
    if name not in _FUNCTIONS:
        return unknown(origin)
    return Expression(_FUNCTIONS[name], (before,), size=step.output.shape[-1], origin=origin)


def _length(shape: tuple[int | None, ...], axis: Any) -> int | None:
    """Return how many values an operation along one axis or several runs over."""
    axes = range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
    sides = [shape[one] for one in axes]
    return None if None in sides else prod(side for side in sides if side is not None)


def _softmax(inputs: tuple[Expression, ...], operation: Any, step: Step) -> Expression:
    name = "LogSoftmax" if type(operation).__name__ == "LogSoftmax" else "Softmax"
    axis = getattr(operation, "axis", -1)
    length = _length(step.args[0].shape, axis)
    origin = f"{name} over the axis {axis} (the layer {operation.name!r})"
    return Expression(name, inputs[:1], size=length, origin=origin)


def _reduced(inputs: tuple[Expression, ...], operation: Any, step: Step) -> Expression | None:
    shape, axis = step.args[0].shape, getattr(operation, "axis", None)
    axes = range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
    over_classes = any(one in (-1, len(shape) - 1) for one in axes)
    name = type(operation).__name__
    if name == "Mean":
        return None if over_classes else Expression("Mean", inputs[:1])
    return Expression(name, inputs[:1], size=_length(shape, axis)) if over_classes else None


def _clipped(inputs: tuple[Expression, ...], operation: Any, _step: Step) -> Expression:
    low, high = _constant(operation.x_min), _constant(operation.x_max)
    return Expression("Maximum", (Expression("Minimum", (inputs[0], high)), low))


def _relu(inputs: tuple[Expression, ...], operation: Any, _step: Step) -> Expression | None:
    if operation.negative_slope or operation.threshold:
        return None
    positive = Expression("Relu", inputs)
    most = operation.max_value
    return positive if most is None else Expression("Minimum", (positive, _constant(most)))


def _rescaled(inputs: tuple[Expression, ...], operation: Any, _step: Step) -> Expression:
    scaled = Expression("Mul", (*inputs, _constant(operation.scale)))
    return Expression("AddV2", (scaled, _constant(operation.offset)))


def _averaged(inputs: tuple[Expression, ...], _operation: Any, _step: Step) -> Expression:
    share = constant(1 / len(inputs), 1 / len(inputs))
    return Expression("Mul", (Expression("AddN", inputs), share))


def _normalized(inputs: tuple[Expression, ...], _operation: Any, _step: Step) -> Expression:
    """Return what batch norm makes of its input: factors and offsets that were learnt."""
    scaled = Expression("Mul", (*inputs[:1], Expression(CONSTANT)))
    return Expression("AddV2", (scaled, Expression(CONSTANT)))


def _within(low: float, high: float) -> Callable[..., Expression]:
    return lambda *_: Expression(RANGE, limits=(low, high))


_SPECIAL: dict[str, Callable[[tuple[Expression, ...], Any, Step], Expression | None]] = {
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
    "Sum": _reduced,
    "Max": _reduced,
    "Mean": _reduced,
    "Clip": _clipped,
    "ReLU": _relu,
    "Rescaling": _rescaled,
    "Average": _averaged,
    "BatchNormalization": _normalized,
    "HardSigmoid": _within(0, 1),
    "SparseSigmoid": _within(0, 1),
    "HardTanh": _within(-1, 1),
    "LogSigmoid": _within(-inf, 0),
}
"""Layers and operations with settings of their own."""
