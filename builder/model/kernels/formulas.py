"""Operators that a backend lacks or computes wrongly in some form, expressed by others."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow


def as_quotient(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of FloorDiv; WebGL divides float32 as if they were int32."""
    del shapes
    if not tensorflow().dtypes.as_dtype(node.attr["T"].type).is_floating:
        return [node]
    chain = Chain(node)
    return chain.ended(chain.add("Floor", [chain.add("RealDiv", node.input).name]).name)


def as_root(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of EuclideanNorm, which TensorFlow.js has for two axes."""
    del shapes
    chain = Chain(node)
    total = chain.add("Sum", [chain.add("Square", node.input[:1]).name, node.input[1]])
    for key in ("Tidx", "keep_dims"):
        total.attr[key].CopyFrom(node.attr[key])
    return chain.ended(chain.add("Sqrt", [total.name]).name)


def as_identity(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the node that hands on what EnsureShape looks at: with a static shape, TensorFlow
    did so when it built the graph."""
    del shapes
    return Chain(node).ended(node.input[0])


def as_comparison(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of OneHot: a comparison of each number with its place.

    TensorFlow.js has the last axis only.
    """
    tf = tensorflow()
    depth, shape = shapes.constant(node.input[1]), shapes.of(node.input[0], node.name)
    if depth is None:
        return [node]
    axis = node.attr["axis"].i % (len(shape) + 1) if "axis" in node.attr else len(shape)
    kind = tf.dtypes.as_dtype(node.attr["TI"].type)
    chain = Chain(node)
    wide = [*shape[:axis], 1, *shape[axis:]]
    indices = chain.reshaped(node.input[0], shape, wide, T=kind)
    places = np.arange(depth, dtype=kind.as_numpy_dtype)
    across = [1] * axis + [-1] + [1] * (len(shape) - axis)
    is_there = chain.add("Equal", [indices, chain.constant(places.reshape(across))], T=kind)
    made = chain.add("SelectV2", [is_there.name, *node.input[2:4]])
    return chain.ended(made.name)


def as_mask(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of MatrixBandPart, for which TensorFlow.js takes wrong rows."""
    lower, upper = (shapes.constant(reference) for reference in node.input[1:3])
    if lower is None or upper is None:
        return [node]
    rows, columns = shapes.of(node.input[0], node.name)[-2:]
    right = np.arange(columns) - np.arange(rows)[:, np.newaxis]
    mask = ((lower < 0) | (-right <= lower)) & ((upper < 0) | (right <= upper))
    chain = Chain(node)
    dtype = tensorflow().dtypes.as_dtype(node.attr["T"].type).as_numpy_dtype
    zero = chain.constant(np.zeros((), dtype))
    return chain.ended(chain.add("SelectV2", [chain.constant(mask), node.input[0], zero]).name)


def in_order(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return TopKV2 with its values sorted, one of the orders that it may give."""
    del shapes
    node.attr["sorted"].b = True
    return [node]


def of_equal_batches(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of a product of batches that repeats a part of one.

    TensorFlow.js takes the operands' batches for equal, or one of them for a single matrix.
    """
    tf = tensorflow()
    operands = [shapes.of(reference, node.name) for reference in node.input]
    batch = np.broadcast_shapes(*(shape[:-2] for shape in operands))
    if all(shape[:-2] in (batch, ()) or set(shape[:-2]) == {1} for shape in operands):
        return [node]
    chain = Chain(node)
    inputs = []
    for reference, shape in zip(node.input, operands, strict=True):
        sides = (*batch, *shape[-2:])
        if sides == shape:
            inputs.append(reference)
            continue
        inputs.append(
            chain.add("BroadcastTo", [reference, chain.integers(sides)], Tidx=tf.int32).name
        )
    product = chain.add(node.op, inputs)
    for key in ("adj_x", "adj_y"):
        product.attr[key].CopyFrom(node.attr[key])
    return chain.ended(product.name)
