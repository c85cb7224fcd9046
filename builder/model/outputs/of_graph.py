"""The end of a frozen TensorFlow graph as an expression."""

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from builder.model.outputs.expression import CONSTANT, SCORES, Expression, constant, unknown
from builder.model.setup import silenced, tensorflow

_MOST = 100
"""Most nodes that are looked at; no network has this many after its last weights."""
_LARGE = 64
"""Numbers in a constant from which on its values are left out: weights, not axes and shapes."""

_SCORING = frozenset(
    {"MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum", "Conv2D", "Conv3D"}
    | {"DepthwiseConv2dNative", "Conv2DBackpropInput"}
)
_PASSING = frozenset(
    {"Identity", "IdentityN", "Reshape", "Squeeze", "ExpandDims", "Cast", "Transpose", "Snapshot"}
    | {"StopGradient", "PreventGradient", "CheckNumerics", "EnsureShape", "PlaceholderWithDefault"}
)
_SELECTING = frozenset({"Slice", "StridedSlice", "Split", "SplitV", "Unpack"})
_ELEMENTWISE = frozenset(
    {"Sigmoid", "Tanh", "Relu", "Relu6", "Elu", "Selu", "Softplus", "Softsign", "Exp", "Log"}
    | {"Sqrt", "Square", "Abs", "Neg", "Reciprocal", "Inv", "AddV2", "Add", "AddN", "BiasAdd"}
    | {"Sub", "Mul", "RealDiv", "Maximum", "Minimum"}
)


def expression_of_graph(graph: Any, output: str, known: Mapping[str, Expression]) -> Expression:
    """Return what the tensor `output` ("node:0") of a GraphDef was computed from.

    `known` has what is known of the graph's placeholders, by name.
    """
    imported = imported_without_weights(graph)
    return _Reader(known).of(imported.get_tensor_by_name(output))


def imported_without_weights(graph: Any) -> Any:
    """Return a GraphDef as a `tf.Graph`, whose shapes are known, without its large constants."""
    tf = tensorflow()
    imported = tf.Graph()
    with imported.as_default(), silenced():
        tf.graph_util.import_graph_def(_without_weights(graph), name="")
    return imported


def _without_weights(graph: Any) -> Any:
    """Return the graph with placeholders in the place of its large constants."""
    tf = tensorflow()
    light = tf.compat.v1.GraphDef(versions=graph.versions, library=graph.library)
    for node in graph.node:
        if node.op == "Const":
            shape = tf.TensorShape(node.attr["value"].tensor.tensor_shape)
            if prod(shape.as_list()) > _LARGE:
                stand_in = light.node.add(name=node.name, op="Placeholder")
                stand_in.attr["dtype"].CopyFrom(node.attr["dtype"])
                stand_in.attr["shape"].shape.CopyFrom(shape.as_proto())
                continue
        copy = light.node.add()
        copy.CopyFrom(node)
        if node.op == "Placeholder" and copy.attr["shape"].shape.dim:
            copy.attr["shape"].shape.dim[0].size = 1  # one photo, so that every size is known
    return light


class _Reader:
    def __init__(self, known: Mapping[str, Expression]) -> None:
        self._placeholders = known
        self._known: dict[str, Expression] = {}

    def of(self, tensor: Any) -> Expression:
        """Return the expression of a tensor of a `tf.Graph`."""
        if tensor.name not in self._known:
            if len(self._known) > _MOST:
                return unknown(_origin(tensor.op))
            self._known[tensor.name] = unknown("")  # counted, and known before its inputs are
            self._known[tensor.name] = self._of(tensor)
        return self._known[tensor.name]

    def _of(self, tensor: Any) -> Expression:
        operation = tensor.op
        kind, inputs = operation.type, operation.inputs
        if kind in ("Const", "Placeholder"):
            return self._placeholders.get(operation.name) or _constant(tensor)
        if kind in _PASSING and (kind != "Cast" or inputs[0].dtype.is_floating):
            return self.of(inputs[tensor.value_index if kind == "IdentityN" else 0])
        return self._computed(operation)

    def _computed(self, operation: Any) -> Expression:
        kind, inputs, origin = operation.type, operation.inputs, _origin(operation)
        if kind in _SCORING:
            return Expression(SCORES, origin=origin)
        if kind in _SELECTING:
            return Expression("Slice", (self.of(inputs[-1 if kind == "Split" else 0]),))
        if kind in _ELEMENTWISE:
            return Expression(kind, tuple(map(self.of, inputs)), origin=origin)
        special = _SPECIAL[kind](self, operation) if kind in _SPECIAL else None
        return special or unknown(origin)


def _origin(operation: Any) -> str:
    name = "/".join(operation.name.split("/")[-2:])
    return f"{operation.type} (the node {name!r})"


def _constant(tensor: Any) -> Expression:
    value = tensorflow().get_static_value(tensor)
    if value is None or not np.issubdtype(value.dtype, np.number) or not value.size:
        return Expression(CONSTANT)
    return constant(float(value.min()), float(value.max()))


def _softmax(reader: _Reader, operation: Any) -> Expression:
    (tensor,) = operation.inputs
    size = tensor.shape[-1] if tensor.shape.rank else None
    origin = _origin(operation)
    return Expression(operation.type, (reader.of(tensor),), size=size, origin=origin)


def _reduced(reader: _Reader, operation: Any) -> Expression | None:
    tensor, axes = operation.inputs[0], tensorflow().get_static_value(operation.inputs[1])
    shape = tensor.shape
    if axes is None or shape.rank is None:
        return None
    axes = [int(axis) % shape.rank for axis in np.reshape(axes, -1)]
    over_classes = shape.rank - 1 in axes
    if operation.type == "Mean":
        return None if over_classes else _pooled(reader, operation)
    if not over_classes:
        return None
    # The batch has an open length, and one photo in it.
    sides = [shape[axis] or 1 for axis in axes]
    return Expression(operation.type, (reader.of(tensor),), size=prod(sides))


def _joined(reader: _Reader, operation: Any) -> Expression:
    parts = operation.inputs[:-1] if operation.type == "ConcatV2" else operation.inputs
    return Expression(operation.type, tuple(map(reader.of, parts)), origin=_origin(operation))


def _clipped(reader: _Reader, operation: Any) -> Expression:
    value, low, high = map(reader.of, operation.inputs)
    return Expression("Maximum", (Expression("Minimum", (value, high)), low))


def _pooled(reader: _Reader, operation: Any) -> Expression:
    pooled = reader.of(operation.inputs[0])  # which says more
    return Expression(operation.type, (pooled,), origin=pooled.origin or _origin(operation))


def _normalized(reader: _Reader, operation: Any) -> Expression:
    scaled = Expression("Mul", (reader.of(operation.inputs[0]), Expression(CONSTANT)))
    return Expression("AddV2", (scaled, Expression(CONSTANT)))


def _gathered(reader: _Reader, operation: Any) -> Expression:
    indices = tensorflow().get_static_value(operation.inputs[1])
    values = reader.of(operation.inputs[0])
    sides = operation.inputs[0].shape.as_list() if operation.inputs[0].shape.rank else []
    moves_all = indices is not None and sorted(indices.reshape(-1)) in [
        list(range(side or 0)) for side in sides
    ]
    return values if moves_all else Expression("Slice", (values,))


def _chosen(reader: _Reader, operation: Any) -> Expression:
    return Expression("Select", tuple(map(reader.of, operation.inputs[1:])))


def _zeros(_reader: _Reader, _operation: Any) -> Expression:
    return constant(0, 0)


_SPECIAL: dict[str, Callable[[_Reader, Any], Expression | None]] = {
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
    "Sum": _reduced,
    "Max": _reduced,
    "Mean": _reduced,
    "ConcatV2": _joined,
    "Pack": _joined,
    "ClipByValue": _clipped,
    "AvgPool": _pooled,
    "GatherV2": _gathered,
    "Select": _chosen,
    "SelectV2": _chosen,
    "ZerosLike": _zeros,
    "MaxPool": _pooled,
    "FusedBatchNorm": _normalized,
    "FusedBatchNormV2": _normalized,
    "FusedBatchNormV3": _normalized,
}
