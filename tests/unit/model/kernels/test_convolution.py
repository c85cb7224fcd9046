"""What is put in the place of convolutions that TensorFlow.js's kernels get wrong."""

import itertools
from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.kernels.rewrite import with_right_kernels
from builder.model.setup import tensorflow

tf = tensorflow()
RNG = np.random.default_rng(5)


def graph_of(function: Any, shape: tuple[int | None, ...]) -> tuple[Any, str]:
    """Return the GraphDef of a function of one tensor "x", and its output's name."""
    signature = [tf.TensorSpec(shape, tf.float32, name="x")]
    concrete = tf.function(function, input_signature=signature).get_concrete_function()
    return concrete.graph.as_graph_def(), concrete.outputs[0].name


def run(graph: Any, output: str, values: Any) -> Any:
    """Return what a GraphDef makes of `values`."""

    def imported(x: Any) -> Any:
        return tf.graph_util.import_graph_def(graph, {"x:0": x}, [output], name="")

    wrapped = tf.compat.v1.wrap_function(imported, [tf.TensorSpec(values.shape, tf.float32)])
    return wrapped(tf.constant(values))[0]


def is_wrong_in_webassembly(node: Any, kernel: tuple[int, int]) -> bool:
    strides = node.attr["strides"].list.i[1:3]
    return node.attr["padding"].s == b"SAME" and any(
        k < s for k, s in zip(kernel, strides, strict=True)
    )


@pytest.mark.parametrize("depthwise", [False, True])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (2, 2), (1, 3), (3, 1), (1, 7)])
def test_no_padded_kernel_is_smaller_than_its_stride(
    kernel: tuple[int, int], depthwise: bool
) -> None:
    weights = RNG.normal(size=(*kernel, 3, 2)).astype(np.float32)
    # TensorFlow has depthwise convolutions of one stride only.
    strides = [(s, s) for s in (1, 2, 3, 4, 5)]
    if not depthwise:
        strides += [(2, 1), (1, 4), (3, 2)]
    sizes = [(8, 8), (9, 7), (6, 11), (3, 5), (1, 1)]
    for stride, size in itertools.product(strides, sizes):

        def convolution(x: Any, stride: tuple[int, int] = stride) -> Any:
            if depthwise:
                return tf.nn.depthwise_conv2d(x, weights, (1, *stride, 1), "SAME")
            return tf.nn.conv2d(x, weights, stride, "SAME")

        graph, output = graph_of(convolution, (1, *size, 3))
        rewritten = with_right_kernels(graph)
        convolutions = [node for node in rewritten.node if "onv" in node.op]
        assert len(convolutions) == 1
        assert not is_wrong_in_webassembly(convolutions[0], kernel)
        values = RNG.normal(size=(1, *size, 3)).astype(np.float32)
        np.testing.assert_allclose(
            run(rewritten, output, values), run(graph, output, values), atol=1e-5
        )


def test_a_dilated_kernel_is_as_large_as_what_it_spans() -> None:
    weights = RNG.normal(size=(3, 3, 1, 1)).astype(np.float32)

    def convolution(x: Any) -> Any:
        return tf.nn.conv2d(x, weights, 1, "SAME", dilations=2)

    graph, _ = graph_of(convolution, (1, 9, 9, 1))
    assert with_right_kernels(graph) is graph


def test_a_size_that_only_a_photo_settles_is_refused_with_the_layer() -> None:
    weights = RNG.normal(size=(1, 1, 1, 1)).astype(np.float32)

    def convolution(x: Any) -> Any:
        kept = tf.boolean_mask(x, tf.reduce_any(x > 0, (0, 2, 3)), axis=1)
        return tf.nn.conv2d(kept, weights, 2, "SAME", name="late/convolution")

    graph, _ = graph_of(convolution, (1, 9, 9, 1))
    with pytest.raises(ModelError, match="'late/convolution' takes an input of the shape"):
        with_right_kernels(graph)
