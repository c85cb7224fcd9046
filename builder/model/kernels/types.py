"""Numbers that are not float32: WebAssembly's truths, and WebGPU's whole numbers.

WebAssembly keeps any number as a truth value and does not make it 1. WebGPU reads whole numbers as
float32 without converting their bits, so that a cast of them is garbage for whatever reads it. It
also moves axes of float32 only, and reduces by moving them.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow


def as_number(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of Cast; the last has its name. Truths are what is not zero."""
    tf = tensorflow()
    before, after = (tf.dtypes.as_dtype(node.attr[key].type) for key in ("SrcT", "DstT"))
    chain = Chain(node, "SrcT")
    if after == tf.bool and before != tf.bool:
        zero = chain.constant(np.zeros((), before.as_numpy_dtype))
        return chain.ended(chain.add("NotEqual", [node.input[0], zero]).name, tf.bool)
    if after.is_floating and not before.is_floating:
        floats = as_floats(chain, node.input[0], before, shapes.of(node.input[0], node.name))
        if after != tf.float32:
            floats = chain.cast(floats, tf.float32, after)
        return chain.ended(floats, after)
    return [node]


def in_floats(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of what moves axes, of whole numbers or truths.

    Up to 2²⁴ float32 has every whole number. All and Any are the least and the largest of zeros and
    ones.
    """
    tf = tensorflow()
    is_logical = node.op in ("All", "Any")
    dtype = tf.bool if is_logical else tf.dtypes.as_dtype(node.attr["T"].type)
    if not (dtype.is_integer or dtype.is_bool):
        return [node]
    chain = Chain(node, "Tperm" if node.op == "Transpose" else "Tidx")
    tensor = as_floats(chain, node.input[0], dtype, shapes.of(node.input[0], node.name))
    operator = {"All": "Min", "Any": "Max"}.get(node.op, node.op)
    made = chain.add(operator, [tensor, node.input[1]], T=tf.float32)
    for key in ("Tidx", "Tperm", "keep_dims"):
        if key in node.attr:
            made.attr[key].CopyFrom(node.attr[key])
    if dtype.is_bool:
        zero = chain.constant(np.zeros((), np.float32))
        return chain.ended(chain.add("NotEqual", [made.name, zero], T=tf.float32).name, dtype)
    return chain.ended(chain.cast(made.name, tf.float32, dtype), dtype)


def as_floats(chain: Chain, tensor: str, dtype: Any, shape: tuple[int, ...]) -> str:
    """Return whole numbers or truths as float32.

    Mean is the one kernel that makes float32 of whole numbers on each backend, so that the cast has
    nothing left to do. The mean is of two equal values, because that of one would be simplified
    away.
    """
    tf = tensorflow()
    size = int(np.prod(shape))
    if dtype.is_bool:
        flat = chain.reshaped(tensor, shape, (size,), T=dtype)
        ends = [chain.constant(np.array(end, np.float32)) for end in (1, 0)]
        made = chain.add("SelectV2", [flat, *ends], T=tf.float32).name
        return chain.reshaped(made, (size,), shape, T=tf.float32)
    column = chain.reshaped(tensor, shape, (size, 1), T=dtype)
    last = chain.integers(1)
    pairs = chain.add("ConcatV2", [column, column, last], T=dtype, Tidx=tf.int32)
    pairs.attr["N"].i = 2
    means = chain.add("Mean", [pairs.name, chain.integers([1])], T=dtype, Tidx=tf.int32)
    floats = chain.cast(means.name, dtype, tf.float32)
    return chain.reshaped(floats, (size,), shape, T=tf.float32)
