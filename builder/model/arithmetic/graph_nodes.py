"""Reads the arithmetic at the input of a TensorFlow graph, whatever its nodes are called."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.arithmetic.affine import InputArithmetic, measured
from builder.model.arithmetic.colors import is_plain_mix
from builder.model.arithmetic.walk import Kind, Node, walk
from builder.model.setup import tensorflow

_MOVES = frozenset(
    {
        *("BroadcastTo", "Cast", "CheckNumerics", "ClipByValue", "Concat", "ConcatV2"),
        *("CropAndResize", "EnsureShape", "ExpandDims", "Gather", "GatherV2", "Identity"),
        *("IdentityN", "Maximum", "Minimum", "MirrorPad", "Pack", "Pad", "PadV2"),
        *("PlaceholderWithDefault", "PreventGradient", "Reshape", "ResizeArea"),
        *("ResizeBicubic", "ResizeBilinear", "ResizeNearestNeighbor", "Reverse", "ReverseV2"),
        *("ScaleAndTranslate", "Slice", "Snapshot", "Split", "SplitV", "Squeeze"),
        *("StopGradient", "StridedSlice", "Tile", "Transpose", "Unpack"),
    }
)
_ADDS = frozenset({"Add", "AddN", "AddV2", "BiasAdd", "Sub"})
_MULTIPLIES = frozenset(
    {
        *("Div", "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "Mul", "Neg"),
        "RealDiv",
    }
)
_OF_SHAPES = frozenset({"Rank", "Shape", "ShapeN", "Size"})
"""Operators that look at an image's size, not at its values."""

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative", "_FusedConv2D")

_FAINT = 0.05
"""The length of a filter of 3 by 3 pixels and three channels is 0.3 to 3 in networks that were
trained on 0…1 or -1…1, and a 255th of that where the division is part of it."""

_SIDE = 64
"""Height and width that are tried where a graph takes any."""


def graph_arithmetic(graph: Any, image: str, output: str) -> InputArithmetic:
    """Return what a GraphDef does to channel values before it looks at neighbouring pixels.

    `image` names the input's node, `output` the tensor that the graph returns ("node:0").
    """
    nodes = _Graph(graph)
    found = walk(nodes.steps(), f"{image}:0", [_tensor(output)])
    names = tuple("/".join(name.split("/")[-2:]) for name in found.names)
    run = _runner(graph, image, found.ends, nodes.shape_of(image))
    maps = measured(run)
    merged = nodes.faint_convolution(found.ends) if not names else None
    return InputArithmetic(maps, names, merged)


def _node_of(tensor: str) -> str:
    return tensor.partition(":")[0]


def _tensor(name: str) -> str:
    return name if ":" in name else f"{name}:0"


class _Graph:
    def __init__(self, graph: Any) -> None:
        self._nodes = {node.name: node for node in graph.node}
        self._used: dict[str, set[str]] = {}
        for node in graph.node:
            for tensor in _data_inputs(node):
                self._used.setdefault(_node_of(tensor), set()).add(tensor)

    def steps(self) -> Iterator[Node]:
        """Yield the graph's nodes, each after those that it depends on."""
        for name in self._sorted():
            node = self._nodes[name]
            inputs = () if node.op in _OF_SHAPES else _data_inputs(node)
            outputs = {f"{name}:0"} | self._used.get(name, set())
            yield Node(name, self._kind(node), inputs, tuple(sorted(outputs)))

    def shape_of(self, image: str) -> tuple[int, ...]:
        """Return the shape of one picture for the graph; a small one where the graph takes any
        size."""
        dims = [dim.size for dim in self._nodes[image].attr["shape"].shape.dim]
        _, *sides = dims if len(dims) > 1 else (1, -1, -1, 3)
        return (1, *(side if side > 0 else _SIDE for side in sides))

    def faint_convolution(self, tensors: Sequence[str]) -> str | None:
        """Return a convolution of `tensors` that turns values 0…1 into next to nothing.

        TensorFlow merges a division into the convolution behind it ("FoldMultiplyIntoConv").
        """
        for name, node in self._nodes.items():
            inputs = _data_inputs(node)
            if node.op not in _CONVOLUTIONS or inputs[0] not in tensors:
                continue
            kernel = self._constant(inputs[1])
            if kernel is not None and 0 < _gain(kernel, node.op) < _FAINT:
                return "/".join(name.split("/")[-2:])
        return None

    def _sorted(self) -> list[str]:
        """Return the nodes' names in an order of computation; no recursion, as graphs are deep."""
        done: dict[str, None] = {}
        stack = list(reversed(self._nodes))
        waiting: set[str] = set()
        while stack:
            name = stack[-1]
            missing = [
                source
                for tensor in _data_inputs(self._nodes[name])
                if (source := _node_of(tensor)) in self._nodes
                and source not in done
                and source not in waiting
            ]
            waiting.add(name)
            if missing:
                stack.extend(missing)
            else:
                done[stack.pop()] = None
        return list(done)

    def _kind(self, node: Any) -> Kind:
        if node.op in _MOVES:
            return Kind.MOVES
        if node.op in _ADDS or (node.op == "Mean" and self._is_over_channels(node)):
            return Kind.ADDS
        if node.op in _MULTIPLIES or self._mixes_plainly(node):
            return Kind.MULTIPLIES
        return Kind.OTHER

    def _is_over_channels(self, node: Any) -> bool:
        axes = self._constant(node.input[1])
        return axes is not None and axes.reshape(-1).tolist() in ([-1], [3])

    def _mixes_plainly(self, node: Any) -> bool:
        if node.op not in ("Conv2D", "MatMul"):
            return False
        kernel = self._constant(node.input[1])
        if kernel is None:
            return False
        if node.op == "Conv2D":
            return kernel.shape[:2] == (1, 1) and is_plain_mix(kernel[0, 0])
        return not node.attr["transpose_b"].b and is_plain_mix(kernel)

    def _constant(self, tensor: str) -> NDArray[Any] | None:
        node = self._nodes.get(_node_of(tensor))
        while node is not None and node.op == "Identity":
            node = self._nodes.get(_node_of(node.input[0]))
        if node is None:
            return None
        if node.op == "Reshape":
            value, shape = map(self._constant, node.input)
            return None if value is None or shape is None else value.reshape(shape)
        if node.op != "Const":
            return None
        return np.asarray(tensorflow().make_ndarray(node.attr["value"].tensor))


def _gain(kernel: NDArray[Any], operator: str) -> float:
    """Return the median length of the filters of a kernel [height, width, channels, outputs]."""
    axes = (0, 1) if operator == "DepthwiseConv2dNative" else (0, 1, 2)
    return float(np.median(np.sqrt(np.sum(np.square(kernel, dtype=np.float64), axes))))


def _data_inputs(node: Any) -> tuple[str, ...]:
    return tuple(_tensor(name) for name in node.input if not name.startswith("^"))


def _runner(graph: Any, image: str, ends: tuple[str, ...], shape: tuple[int, ...]) -> Any:
    """Return a function from a level to what a uniform picture becomes at each of the `ends`."""
    tf = tensorflow()
    own = f"{image}:0"
    inner = [end for end in ends if end != own]
    part = tf.compat.v1.graph_util.extract_sub_graph(graph, [image, *map(_node_of, inner)])
    for node in part.node:
        # Some constants have a control input from the placeholder, which the picture replaces.
        node.input[:] = [name for name in node.input if not name.startswith("^")]

    def imported(picture: Any) -> Any:
        return tf.graph_util.import_graph_def(part, {own: picture}, inner, name="")

    computed = tf.function(imported, autograph=False)

    def run(level: float) -> list[Any]:
        picture = np.full(shape, level, np.float32)
        with tf.device("/CPU:0"):
            found = dict(zip(inner, computed(picture) if inner else (), strict=True))
        return [found.get(end, picture) for end in ends]

    return run
