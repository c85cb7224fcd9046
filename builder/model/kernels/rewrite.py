"""Puts a frozen graph in terms that every backend of TensorFlow.js computes right."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from builder.model.kernels import axes, fewer_axes, formulas, types
from builder.model.kernels.convolution import CONVOLUTIONS, with_explicit_padding
from builder.model.kernels.einsum import as_products
from builder.model.kernels.patches import as_pieces, without_identity_kernel
from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow

Rewrite = Callable[[Any, Shapes], Iterable[Any]]
"""A NodeDef → the NodeDefs in its place, of which the last has its name."""

_REWRITES: Mapping[str, Rewrite] = {
    **dict.fromkeys(CONVOLUTIONS, with_explicit_padding),
    "Conv2D": without_identity_kernel,
    "Einsum": as_products,
    "ExtractImagePatches": as_pieces,
    **dict.fromkeys(("Cumsum", "Cumprod"), axes.as_running),
    **dict.fromkeys(("ArgMax", "ArgMin"), axes.as_place),
    **dict.fromkeys(("Pad", "PadV2", "MirrorPad"), fewer_axes.padded),
    **dict.fromkeys(("Select", "SelectV2", "DivNoNan"), fewer_axes.broadcast),
    "ReverseV2": fewer_axes.turned,
    "Cast": types.as_number,
    **dict.fromkeys(("All", "Any", "Max", "Min", "Prod", "Sum", "Transpose"), types.in_floats),
    "FloorDiv": formulas.as_quotient,
    "EuclideanNorm": formulas.as_root,
    "EnsureShape": formulas.as_identity,
    "OneHot": formulas.as_comparison,
    "MatrixBandPart": formulas.as_mask,
    "TopKV2": formulas.in_order,
    **dict.fromkeys(("BatchMatMul", "BatchMatMulV2"), formulas.of_equal_batches),
}

REWRITTEN = frozenset(_REWRITES)
"""Operators that graphs may have before they are rewritten, whether TensorFlow.js has them or not.
`require_browser_operators` names those that remain."""


def with_right_kernels(graph: Any) -> Any:
    """Return the GraphDef, whose inputs have static shapes, without what a backend gets wrong.

    Raises `ModelError`, with the name of the node, for what cannot be rewritten.
    """
    shapes = Shapes(graph)
    rewritten = {
        node.name: list(_REWRITES[node.op](_copy(node), shapes))
        for node in graph.node
        if node.op in _REWRITES
    }
    if all(rewritten.get(node.name, [node]) == [node] for node in graph.node):
        return graph  # There is nothing to rewrite: spare the copies of large weights.
    result = tensorflow().compat.v1.GraphDef(versions=graph.versions, library=graph.library)
    for node in graph.node:
        result.node.extend(rewritten.get(node.name, [node]))
    return result


def _copy(node: Any) -> Any:
    copy = tensorflow().compat.v1.NodeDef()
    copy.CopyFrom(node)
    return copy
