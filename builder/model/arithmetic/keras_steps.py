"""Reads the arithmetic at the input of a Keras model: of its layers and operations."""

from typing import Any

import numpy as np

from builder.model.arithmetic.affine import InputArithmetic, measured
from builder.model.arithmetic.colors import is_plain_mix
from builder.model.arithmetic.walk import Kind, Node, Walk, walk
from builder.model.trace import Step, Trace, Values

_MOVES = frozenset(
    {
        *("ArraySplit", "BroadcastTo", "Cast", "CenterCrop", "Clip", "Concatenate", "Copy"),
        *("CropImages", "Cropping2D", "ExpandDims", "Flatten", "Flip", "GetItem", "Identity"),
        *("InputLayer", "Maximum", "Minimum", "Moveaxis", "Pad", "PadImages", "Permute"),
        *("RandomCrop", "Ravel", "Repeat", "Reshape", "Resize", "Resizing", "Slice", "Split"),
        *("Squeeze", "Stack", "StopGradient", "Swapaxes", "Take", "Tile", "Transpose"),
        *("Unstack", "UpSampling2D", "ZeroPadding2D"),
    }
)
_ADDS = frozenset({"Add", "Average", "Subtract"})
_MULTIPLIES = frozenset(
    {
        *("BatchNormalization", "Divide", "Multiply", "Negative", "Normalization"),
        *("RGBToGrayscale", "Rescaling", "TrueDivide"),
    }
)
_MIXES = frozenset({"Dot", "Einsum", "Matmul", "Tensordot"})
"""Products with a matrix, which is a mix of channels where it has nothing learnt."""


def keras_arithmetic(trace: Trace) -> InputArithmetic:
    """Return what a Keras model does to channel values before it looks at neighbouring pixels."""
    nodes = [_node(step) for step in trace.steps]
    found = walk(nodes, _name(trace.input), [_name(trace.output)])
    maps = measured(lambda level: _answers(trace, nodes, found, level))
    return InputArithmetic(maps, found.names)


def _node(step: Step) -> Node:
    import keras

    outputs = [leaf for leaf in keras.tree.flatten(step.output) if hasattr(leaf, "shape")]
    return Node(
        step.operation.name,
        _kind(step),
        tuple(map(_name, step.inputs)),
        tuple(map(_name, outputs)),
    )


def _name(tensor: Any) -> str:
    return str(id(tensor))


def _kind(step: Step) -> Kind:
    kind = type(step.operation).__name__
    if kind in _MOVES:
        return Kind.MOVES
    if kind in _ADDS or (kind == "Mean" and _is_over_channels(step)):
        return Kind.ADDS
    if kind in _MULTIPLIES or (kind in _MIXES and _has_plain_matrix(step)):
        return Kind.MULTIPLIES
    return Kind.OTHER


def _is_over_channels(step: Step) -> bool:
    axis = getattr(step.operation, "axis", None)
    axes = list(axis) if isinstance(axis, list | tuple) else [axis]
    return len(step.inputs) == 1 and axes in ([-1], [len(step.inputs[0].shape) - 1])


def _has_plain_matrix(step: Step) -> bool:
    import keras

    fixed = [value for value in step.args if not isinstance(value, keras.KerasTensor)]
    matrices = [np.asarray(value) for value in fixed if hasattr(value, "shape")]
    return len(matrices) == 1 and is_plain_mix(matrices[0])


def _answers(trace: Trace, nodes: list[Node], found: Walk, level: float) -> list[Any]:
    """Return what a uniform picture becomes at each end, computing no more than what leads
    there."""
    import keras

    picture = keras.ops.full(trace.input.shape, level, dtype="float32")
    values = Values({id(trace.input): picture})
    known = {_name(trace.input)}
    ends = {_name(trace.input): picture}
    for step, node in zip(trace.steps, nodes, strict=True):
        if node.kind is Kind.OTHER or not known.issuperset(node.inputs):
            continue
        args, kwargs = keras.tree.map_structure(values.resolve, (step.args, step.kwargs))
        result = keras.tree.flatten(step.operation(*args, **kwargs))
        for symbol, value in zip(keras.tree.flatten(step.output), result, strict=True):
            values.set(symbol, value)
            ends[_name(symbol)] = value
        known.update(node.outputs)
    return [keras.ops.convert_to_numpy(ends[end]) for end in found.ends]
