"""What runs along one axis, which the backends count from the front.

With a negative axis, WebAssembly's kernels read and write outside of their tensors, and the other
backends compute invalid shapes. WebGPU's sums from the end start at the wrong place, those of whole
numbers are garbage, and its ArgMax of a tensor with one axis returns another shape.
"""

from collections.abc import Iterable
from math import prod
from typing import Any

from builder.model.kernels.fewer_axes import MOST
from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes
from builder.model.kernels.types import as_floats
from builder.model.setup import tensorflow


def as_running(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of Cumsum or Cumprod; the last has its name."""
    given, shape = shapes.constant(node.input[1]), shapes.of(node.input[0], node.name)
    tf = tensorflow()
    dtype = tf.dtypes.as_dtype(node.attr["T"].type)
    is_plain = given is not None and given >= 0 and not node.attr["reverse"].b
    if given is None or (is_plain and len(shape) <= MOST and dtype.is_floating):
        return [node]
    axis = int(given) % len(shape)
    three = (prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :]))
    chain = Chain(node)
    tensor = node.input[0]
    if dtype.is_integer:
        chain = Chain(node, "Tidx")
        tensor = as_floats(chain, tensor, dtype, shape)
    floats = {"T": tf.float32 if dtype.is_integer else dtype}
    is_reversed = node.attr["reverse"].b
    tensor = chain.reshaped(tensor, shape, three, **floats)
    tensor = chain.reversed(tensor, 1, **floats) if is_reversed else tensor
    running = chain.add(node.op, [tensor, chain.integers(1)], Tidx=tf.int32, **floats)
    running.attr["exclusive"].b = node.attr["exclusive"].b
    name = chain.reversed(running.name, 1, **floats) if is_reversed else running.name
    name = chain.reshaped(name, three, shape, **floats)
    return chain.ended(chain.cast(name, tf.float32, dtype) if dtype.is_integer else name, dtype)


def as_place(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of ArgMax or ArgMin; the last has its name."""
    given, shape = shapes.constant(node.input[1]), shapes.of(node.input[0], node.name)
    if given is None or (given >= 0 and len(shape) > 1):
        return [node]
    axis = int(given) % len(shape)
    tf = tensorflow()
    made = tf.dtypes.as_dtype(node.attr["output_type"].type)
    chain = Chain(node)
    is_vector = len(shape) == 1
    tensor = chain.reshaped(node.input[0], shape, (1, *shape)) if is_vector else node.input[0]
    place = chain.add(
        node.op, [tensor, chain.integers(axis + is_vector)], Tidx=tf.int32, output_type=made
    ).name
    if is_vector:
        place = chain.reshaped(place, (1,), (), T=made)
    return chain.ended(place, made)
