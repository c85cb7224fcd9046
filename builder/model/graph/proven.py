"""What every backend of TensorFlow.js was seen to compute as TensorFlow does.

tests/conformance/ has cases of all of it, and its tests check that nothing is here without one.
docs/conformance.md has the results.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from builder.model.graph.node_forms import EmittedNode

Holds = Callable[[EmittedNode], bool]
"""Returns whether a node's attributes and inputs are like those that were tried."""

FLOAT, WHOLE, TRUTH = "float32", "int32", "bool"
"""The types of numbers that TensorFlow.js knows; it takes int64 for int32, and half for float32."""


@dataclass(frozen=True)
class Proven:
    """The forms of an operator that were tried."""

    axes: int
    """How many axes its inputs have at most."""
    types: frozenset[str]
    """Types of its first input, which with some is a size or an axis."""
    holds: Holds | None = None
    """What else must hold."""


def _of(operators: str, axes: int, types: Sequence[str], holds: Holds | None = None) -> Any:
    return {name: Proven(axes, frozenset(types), holds) for name in operators.split()}


def _in_rows(node: EmittedNode) -> bool:
    return node.text("data_format") in (None, "NHWC")


def _is_plain_convolution(node: EmittedNode) -> bool:
    """Return whether strides and dilations exclude each other, and no kernel leaves gaps."""
    strides, dilations = node.integers("strides"), node.integers("dilations") or [1] * 4
    if not _in_rows(node) or (max(strides) > 1 and max(dilations) > 1):
        return False
    kernel = node.shape(1)[:2]
    return node.text("padding") != "SAME" or all(
        (side - 1) * gap + 1 >= step
        for side, gap, step in zip(kernel, dilations[1:3], strides[1:3], strict=True)
    )


def _is_fused(node: EmittedNode, plain: Holds) -> bool:
    """Return whether what is fused into a node has one constant a channel."""
    channels = (node.output[-1],)
    vectors = all(node.shape(i) == channels for i in range(2, node.inputs))
    return plain(node) and vectors


def _counts_from_the_front(node: EmittedNode) -> bool:
    axis = node.constant(1)
    return axis is not None and int(axis) >= 0 and not node.is_true("reverse")


def _has_equal_batches(node: EmittedNode) -> bool:
    batches = [node.shape(i)[:-2] for i in (0, 1)]
    return batches[0] == batches[1] or any(set(batch) <= {1} for batch in batches)


def _is_whole_or_small(node: EmittedNode) -> bool:
    steps = node.constant(3)
    is_plain = len(node.shape(0)) <= 4 and node.dtype == FLOAT
    return steps is not None and (is_plain or set(steps.tolist()) == {1})


def _always(node: EmittedNode) -> bool:
    return bool(node.inputs)


def _not(attribute: str) -> Holds:
    return lambda node: not node.is_true(attribute)


def _keeps_its_bits(node: EmittedNode) -> bool:
    """Return whether a cast makes float32 only of float32 or of a mean, and truths only of
    truths."""
    is_float = node.dtype == FLOAT or node.output_type != FLOAT
    return (is_float or node.source(0) == "Mean") and (
        node.output_type != TRUTH or node.dtype == TRUTH
    )


def _is_of_pairs(node: EmittedNode) -> bool:
    """Return whether a mean of whole numbers is that of two equal ones, which `types.py` makes."""
    return node.dtype == FLOAT or (node.source(0) == "ConcatV2" and node.shape(0)[1:] == (2,))


def _takes_whole_axes(node: EmittedNode) -> bool:
    return node.integer("batch_dims") == 0


_NUMBERS, _ALL = (FLOAT, WHOLE), (FLOAT, WHOLE, TRUTH)

PROVEN: Mapping[str, Proven] = {
    **_of("Conv2D DepthwiseConv2dNative", 4, [FLOAT], _is_plain_convolution),
    **_of(
        "_FusedConv2D FusedDepthwiseConv2dNative",
        4,
        [FLOAT],
        partial(_is_fused, plain=_is_plain_convolution),
    ),
    **_of("Conv2DBackpropInput", 4, [WHOLE], _in_rows),
    **_of("AvgPool MaxPool", 4, [FLOAT], _in_rows),
    **_of("MatMul", 2, [FLOAT]),
    **_of("_FusedMatMul", 2, [FLOAT], partial(_is_fused, plain=_always)),
    **_of("BatchMatMul BatchMatMulV2", 6, [FLOAT], _has_equal_batches),
    **_of("FusedBatchNormV3", 4, [FLOAT], lambda n: _in_rows(n) and not n.is_true("is_training")),
    **_of("BiasAdd", 4, [FLOAT], _in_rows),
    **_of("LRN", 4, [FLOAT]),
    **_of(
        "Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Elu Erf Exp Expm1 Floor "
        "IsFinite IsInf IsNan LeakyRelu Log Log1p Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid "
        "Sin Sinh Softplus Sqrt Tan Tanh",
        6,
        [FLOAT],
    ),
    **_of("Snapshot StopGradient", 6, [FLOAT]),
    **_of("Abs Neg OnesLike Sign Square ZerosLike", 6, _NUMBERS),
    **_of("AddN", 6, [FLOAT]),
    **_of("Identity", 6, _ALL),
    **_of("Rank Shape Size", 4, [FLOAT]),
    **_of("Cast", 6, _ALL, _keeps_its_bits),
    **_of("Add AddV2 FloorMod Maximum Minimum Mul SquaredDifference Sub", 6, _NUMBERS),
    **_of("FloorDiv", 6, [WHOLE]),
    **_of("Atan2 Div Pow RealDiv", 6, [FLOAT]),
    **_of("DivNoNan", 4, [FLOAT]),
    **_of("Equal Greater GreaterEqual Less LessEqual NotEqual", 6, _NUMBERS),
    **_of("LogicalAnd LogicalNot LogicalOr", 6, [TRUTH]),
    **_of("Select SelectV2", 4, [TRUTH]),
    **_of("Max Min Prod Sum", 6, [FLOAT]),
    **_of("Mean", 6, _NUMBERS, _is_of_pairs),
    **_of("Softmax LogSoftmax", 5, [FLOAT]),
    **_of("ArgMax ArgMin", 6, [FLOAT], _counts_from_the_front),
    **_of("Cumsum Cumprod", 4, [FLOAT], _counts_from_the_front),
    **_of("TopKV2", 5, [FLOAT]),
    **_of("Reshape", 6, _ALL),
    **_of("ExpandDims", 5, _NUMBERS),
    **_of("Squeeze", 6, _NUMBERS),
    **_of("Transpose", 6, [FLOAT]),
    **_of("ReverseV2", 4, _NUMBERS),
    **_of("ConcatV2", 6, _NUMBERS),
    **_of("Pack", 4, _NUMBERS),
    **_of("Slice", 6, _NUMBERS),
    **_of("StridedSlice", 6, _NUMBERS, _is_whole_or_small),
    **_of("Split", 5, [WHOLE]),
    **_of("SplitV Unpack", 5, [FLOAT]),
    **_of("Pad", 4, _NUMBERS),
    **_of("PadV2 MirrorPad", 4, [FLOAT]),
    **_of("Tile BroadcastTo", 6, _ALL),
    **_of("DepthToSpace SpaceToBatchND BatchToSpaceND", 4, [FLOAT]),
    **_of("GatherV2", 5, _NUMBERS, _takes_whole_axes),
    **_of("GatherNd", 5, [FLOAT]),
    **_of("Fill", 1, [WHOLE]),
    **_of("Range", 0, _NUMBERS),
    **_of("LinSpace", 0, [FLOAT]),
    **_of("ResizeBilinear ResizeNearestNeighbor", 4, [FLOAT]),
    **_of("CropAndResize", 4, [FLOAT], lambda node: node.text("method") in (None, "bilinear")),
}
"""By operator; what is not here is in no graph that a build emits."""
