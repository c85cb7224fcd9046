"""Pieces of an image, as vision transformers take them, by operators that TensorFlow.js has."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.kernels.convolution import padding, same_padding, with_explicit_padding
from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow

_LARGEST = 2048
"""Most values of a piece that a convolution cuts out: its kernel has the square of that many."""


def as_pieces(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of ExtractImagePatches; the last has its name.

    Pieces that lie side by side are moved there. Others come from a convolution whose kernel has a
    single 1 for each value of a piece. Very large ones stay as they are.
    """
    *_, channels = image = shapes.of(node.input[0], node.name)
    height, width = list(node.attr["ksizes"].list.i)[1:3]
    convolution = _convolution(node)
    pads = _same_pads(node, image)
    if not np.any(pads):
        moved = _moved(convolution, image, (height, width))
        if moved is not None:
            return moved
    size = height * width * channels
    if size > _LARGEST:
        return [node]
    kernel = np.eye(size, dtype=np.float32).reshape(height, width, channels, size)
    if max(node.attr["strides"].list.i) > 1:
        # TensorFlow.js has no convolution with strides and gaps both.
        kernel = _with_gaps(kernel, list(node.attr["rates"].list.i)[1:3])
        convolution.attr["dilations"].list.i[:] = [1, 1, 1, 1]
    convolution.input.append(f"{node.name}/kernel")
    nodes = [_constant(convolution.input[1], kernel, node), convolution]
    if np.any(pads):
        convolution.input[0] = f"{node.name}/padded"
        nodes = [*padding(convolution.input[0], node.input[0], pads, convolution), *nodes]
    return nodes


def without_identity_kernel(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of a convolution, which may be Keras's `extract_patches`."""
    height, width, channels, size = shapes.of(node.input[1], node.name)
    if node.attr["strides"].list.i[1] > 1 and size == height * width * channels <= _LARGEST:
        kernel = shapes.constant(node.input[1])
        if kernel is not None and np.array_equal(kernel.reshape(size, size), np.eye(size)):
            image = shapes.of(node.input[0], node.name)
            return _moved(node, image, (height, width)) or with_explicit_padding(node, shapes)
    return with_explicit_padding(node, shapes)


def _moved(node: Any, image: tuple[int, ...], sides: tuple[int, int]) -> list[Any] | None:
    """Return the nodes that put the values of each piece of an image side by side.

    None unless the pieces of the convolution `node`, of these sides, cover the image exactly.
    """
    _, rows, columns, channels = image
    height, width = sides
    is_plain = (
        list(node.attr["strides"].list.i) == [1, height, width, 1]
        and list(node.attr["dilations"].list.i) in ([], [1, 1, 1, 1])
        and node.attr["data_format"].s in (b"", b"NHWC")
    )
    if not is_plain or rows % height or columns % width:
        return None
    chain = Chain(node)
    down, across = rows // height, columns // width
    parts = [down, height, across, width * channels]
    moved = chain.transposed(chain.reshaped(node.input[0], image, parts), [0, 2, 1, 3])
    shape = [down, across, height, width * channels]
    return chain.ended(chain.reshaped(moved, shape, [1, down, across, height * width * channels]))


def _convolution(node: Any) -> Any:
    """Return the convolution that cuts out the same pieces, still without a kernel."""
    tf = tensorflow()
    convolution = tf.compat.v1.NodeDef(name=node.name, op="Conv2D", input=[node.input[0]])
    for key in ("T", "strides"):
        convolution.attr[key].CopyFrom(node.attr[key])
    convolution.attr["dilations"].CopyFrom(node.attr["rates"])
    convolution.attr["data_format"].s = b"NHWC"
    convolution.attr["padding"].s = b"VALID"
    return convolution


def _with_gaps(kernel: NDArray[Any], rates: list[int]) -> NDArray[Any]:
    """Return the kernel with the zeros between its rows and columns that a dilation stands for."""
    height, width, *channels = kernel.shape
    rows, columns = (
        (side - 1) * rate + 1 for side, rate in zip((height, width), rates, strict=True)
    )
    wide = np.zeros((rows, columns, *channels), kernel.dtype)
    wide[:: rates[0], :: rates[1]] = kernel
    return wide


def _constant(name: str, values: NDArray[Any], like: Any) -> Any:
    tf = tensorflow()
    node = tf.compat.v1.NodeDef(name=name, op="Const")
    node.attr["dtype"].CopyFrom(like.attr["T"])
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values))
    return node


def _same_pads(node: Any, image: tuple[int, ...]) -> NDArray[np.int32]:
    """Return what "SAME" adds before and after each axis; nothing for "VALID"."""
    pads = np.zeros((4, 2), np.int32)
    kinds = ("ksizes", "strides", "rates")
    for axis in (1, 2) if node.attr["padding"].s == b"SAME" else ():
        kernel, stride, rate = (node.attr[kind].list.i[axis] for kind in kinds)
        pads[axis] = same_padding(image[axis], (kernel - 1) * rate + 1, stride)
    return pads
