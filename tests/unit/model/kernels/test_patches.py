"""Patches are cut out as TensorFlow and Keras do it."""

from typing import Any

import numpy as np
import pytest

from builder.model.kernels.constants import with_computed_constants
from builder.model.kernels.rewrite import REWRITTEN, with_right_kernels
from builder.model.network.operators import browser_operators
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.unit.model.kernels.graphs import frozen, operators, run, values

keras, tf = import_keras(), tensorflow()


def _of_tensorflow(size: int, stride: int, rate: int, padding: str) -> Any:
    sides = ([1, size, size, 1], [1, stride, stride, 1], [1, rate, rate, 1])
    return lambda image: tf.image.extract_patches(image, *sides, padding)


@pytest.mark.parametrize(
    ("cut", "image", "is_moved"),
    [
        (_of_tensorflow(4, 4, 1, "VALID"), (1, 12, 8, 3), True),
        (_of_tensorflow(4, 4, 1, "SAME"), (1, 12, 8, 3), True),
        (_of_tensorflow(4, 4, 1, "VALID"), (1, 13, 9, 3), False),
        (_of_tensorflow(3, 2, 1, "SAME"), (1, 9, 8, 2), False),
        (_of_tensorflow(3, 1, 2, "VALID"), (1, 9, 8, 2), False),
        (_of_tensorflow(2, 3, 1, "SAME"), (1, 10, 8, 2), False),
        (lambda image: keras.ops.image.extract_patches(image, (4, 2)), (1, 12, 8, 3), True),
        (lambda image: keras.ops.image.extract_patches(image, 4, 2), (1, 12, 8, 3), False),
    ],
)
def test_patches(cut: Any, image: tuple[int, ...], is_moved: bool) -> None:
    pixels = values(*image)
    graph, names, output = frozen(cut, pixels)
    graph = with_computed_constants(graph, browser_operators() | REWRITTEN)
    rewritten = with_right_kernels(graph)
    assert operators(rewritten) <= browser_operators()
    assert all(node.attr["padding"].s == b"VALID" for node in rewritten.node if node.op == "Conv2D")
    assert ("Conv2D" in operators(rewritten)) != is_moved
    np.testing.assert_allclose(run(rewritten, names, output, pixels), cut(pixels), atol=1e-6)


def test_pieces_too_large_for_a_kernel_are_left_for_the_list_of_operators_to_name() -> None:
    graph, *_ = frozen(_of_tensorflow(40, 20, 1, "VALID"), values(1, 80, 80, 3))
    assert "ExtractImagePatches" in operators(with_right_kernels(graph))


def test_constants_that_need_unreasonable_memory_are_not_computed() -> None:
    def network(x: Any) -> Any:
        return x + tf.linalg.diag(tf.zeros(20_000))[:1, :3]

    graph, *_ = frozen(network, values(1, 3))
    assert "MatrixDiagV3" in operators(with_computed_constants(graph, browser_operators()))


def test_what_depends_on_constants_alone_is_computed() -> None:
    def network(x: Any) -> Any:
        kernel = tf.linalg.diag(tf.constant([1.0, 2.0, 3.0])) + tf.eye(3)
        return x @ kernel + tf.constant(1.0)

    inputs = values(1, 3)
    graph, names, output = frozen(network, inputs)
    assert "MatrixDiagV3" in operators(graph)
    computed = with_computed_constants(graph, browser_operators())
    assert operators(computed) <= {"AddV2", "Const", "Identity", "MatMul", "Placeholder"}
    np.testing.assert_allclose(run(computed, names, output, inputs), network(inputs), atol=1e-6)
    assert with_computed_constants(computed, browser_operators()) is computed
