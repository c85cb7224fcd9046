"""Convolutions with "SAME" padding that TensorFlow.js's WebAssembly kernels get wrong.

The kernels (XNNPACK's) pad each axis with (⌈n/s⌉ - 1)·s + k - n pixels, without a check that this
is not negative: n is the input's size, s the stride and k the size of the kernel, dilation
included. Where k is smaller than s it can be, and the convolution then reads what lies elsewhere.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow

CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
_AXES = {b"NHWC": (1, 2), b"NCHW": (2, 3)}


def with_explicit_padding(node: Any, shapes: Shapes) -> Iterator[Any]:
    """Yield the nodes that a convolution becomes; the last has its name.

    An axis that needs no padding gives with "VALID" what it gave with "SAME": neither the first
    window nor the number of windows differs. Other axes are padded by a node of their own.
    """
    if node.attr["padding"].s != b"SAME" or not _may_have_kernel_below_stride(node, shapes):
        yield node
        return
    axes = _AXES[node.attr["data_format"].s or b"NHWC"]
    image = shapes.of(node.input[0], node.name)
    pads = np.zeros((len(image), 2), np.int32)
    for axis, kernel, stride in zip(
        axes, _kernel(node, shapes, axes), _strides(node, axes), strict=True
    ):
        pads[axis] = same_padding(image[axis], kernel, stride)
    node.attr["padding"].s = b"VALID"
    if np.any(pads):
        padded = f"{node.name}/padded"
        yield from padding(padded, node.input[0], pads, node)
        node.input[0] = padded
    yield node


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return how much "SAME" adds before and after an axis.

    https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    """
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _may_have_kernel_below_stride(node: Any, shapes: Shapes) -> bool:
    """Return whether the kernel is smaller than the stride on an axis."""
    axes = _AXES[node.attr["data_format"].s or b"NHWC"]
    strides = _strides(node, axes)
    # Most convolutions are settled without a look at shapes.
    if max(strides) == 1:
        return False
    kernels = _kernel(node, shapes, axes)
    return any(kernel < stride for kernel, stride in zip(kernels, strides, strict=True))


def _strides(node: Any, axes: tuple[int, int]) -> tuple[int, int]:
    strides = list(node.attr["strides"].list.i)
    return strides[axes[0]], strides[axes[1]]


def _kernel(node: Any, shapes: Shapes, axes: tuple[int, int]) -> tuple[int, int]:
    """Return height and width of the kernel, gaps of a dilated one included."""
    height, width = shapes.of(node.input[1], node.name)[:2]
    dilations = list(node.attr["dilations"].list.i) or [1, 1, 1, 1]
    return (height - 1) * dilations[axes[0]] + 1, (width - 1) * dilations[axes[1]] + 1


def padding(name: str, image: str, pads: Any, like: Any) -> Iterator[Any]:
    """Yield the nodes that add zeros to an image: `pads` has the number before and after each axis.

    The last has that name, and the type of the node `like`.
    """
    tf = tensorflow()
    amounts = tf.compat.v1.NodeDef(name=f"{name}/amounts", op="Const")
    amounts.attr["dtype"].type = tf.int32.as_datatype_enum
    amounts.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(pads))
    yield amounts
    node = tf.compat.v1.NodeDef(name=name, op="Pad", input=[image, amounts.name])
    node.attr["T"].CopyFrom(like.attr["T"])
    node.attr["Tpaddings"].type = tf.int32.as_datatype_enum
    yield node
