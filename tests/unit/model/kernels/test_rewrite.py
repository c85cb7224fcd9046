"""Each operator that a backend gets wrong becomes others, which compute the same on TensorFlow."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder.model.kernels.rewrite import with_right_kernels
from builder.model.setup import tensorflow
from tests.unit.model.kernels.graphs import frozen, operators, run, values

tf = tensorflow()
IMAGE = (1, 3, 4, 2)
WIDE = (1, 2, 3, 2, 2)
GONE: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    "Cast": (lambda x: tf.cast(x, tf.bool), IMAGE),
    "All": (lambda x: tf.reduce_all(x > 0, axis=1), IMAGE),
    "Any": (lambda x: tf.reduce_any(x > 0, axis=(1, 2), keepdims=True), IMAGE),
    "FloorDiv": (lambda x: x // 0.75, IMAGE),
    "EuclideanNorm": (lambda x: tf.raw_ops.EuclideanNorm(input=x, axis=[1, 2, 3]), IMAGE),
    "EnsureShape": (lambda x: tf.ensure_shape(x, IMAGE), IMAGE),
    "OneHot": (
        lambda x: tf.one_hot(tf.cast(tf.abs(x), tf.int32), 4, 5.0, 2.0, axis=1),
        (2, 3),
    ),
    "MatrixBandPart": (lambda x: tf.linalg.band_part(x, 1, 0), (2, 4, 5)),
}


def same(function: Callable[..., Any], *shapes: tuple[int, ...]) -> tuple[Any, Any]:
    """Hold that a function's graph computes the same once it is rewritten; return both graphs."""
    given = [values(*shape, seed=i) * 2 for i, shape in enumerate(shapes)]
    graph, names, output = frozen(function, *given)
    rewritten = with_right_kernels(graph)
    np.testing.assert_allclose(
        run(rewritten, names, output, *given), run(graph, names, output, *given), rtol=1e-5
    )
    return graph, rewritten


@pytest.mark.parametrize("operator", GONE)
def test_an_operator_becomes_others(operator: str) -> None:
    function, shape = GONE[operator]
    graph, rewritten = same(function, shape)
    kept = [n for n in rewritten.node if n.op == operator]
    assert operator in operators(graph)
    assert all(node.op == "Cast" and node.attr["DstT"].type != tf.bool for node in kept)


@pytest.mark.parametrize("operator", [tf.cumsum, tf.math.cumprod])
@pytest.mark.parametrize("axis", [1, -1, -3])
def test_running_sums_count_axes_from_the_front_and_go_forward(operator: Any, axis: int) -> None:
    _, rewritten = same(lambda x: operator(x, axis, exclusive=True, reverse=True), IMAGE)
    (running,) = [node for node in rewritten.node if node.op in ("Cumsum", "Cumprod")]
    assert not running.attr["reverse"].b
    assert _constant(rewritten, running.input[1]) >= 0


@pytest.mark.parametrize("shape", [(5,), (3, 4), IMAGE])
def test_places_are_sought_along_axes_from_the_front_of_matrices(shape: tuple[int, ...]) -> None:
    _, rewritten = same(lambda x: tf.argmax(x, -1), shape)
    (place,) = [node for node in rewritten.node if node.op == "ArgMax"]
    assert _constant(rewritten, place.input[1]) == max(len(shape) - 1, 1)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: tf.pad(x, [[0, 0], [0, 0], [1, 0], [0, 0], [0, 2]]),
        lambda x: tf.pad(x, [[0, 0], [1, 1], [0, 0], [0, 0], [0, 0]], "REFLECT"),
        lambda x: tf.reverse(x, [3]),
        lambda x: tf.where(x > 0, x, tf.zeros((3, 1, 1))),
        lambda x: tf.math.divide_no_nan(x, tf.constant([2.0, 0.0])),
    ],
)
def test_five_axes_become_four_at_most(function: Callable[..., Any]) -> None:
    graph, rewritten = same(function, WIDE)
    limited = {"Pad", "MirrorPad", "ReverseV2", "SelectV2", "DivNoNan"}
    imported = tf.Graph()
    with imported.as_default():
        tf.graph_util.import_graph_def(rewritten, name="")
    found = [o for o in imported.get_operations() if o.type in limited]
    assert found
    assert all(tensor.shape.rank <= 4 for one in found for tensor in one.outputs)
    assert "Reshape" not in operators(graph)


@pytest.mark.parametrize("function", [tf.reduce_sum, tf.reduce_max, tf.reduce_prod])
def test_whole_numbers_are_reduced_as_floats(function: Callable[..., Any]) -> None:
    def reduced(x: Any) -> Any:
        return function(tf.cast(x, tf.int32), 1)

    _, rewritten = same(reduced, IMAGE)
    reductions = [node for node in rewritten.node if node.op in ("Sum", "Max", "Prod")]
    assert [node.attr["T"].type for node in reductions] == [tf.float32]


@pytest.mark.parametrize(
    ("first", "second", "changes"),
    [
        ((2, 1, 3, 4), (1, 3, 4, 2), True),
        ((2, 3, 3, 4), (3, 4, 2), True),
        ((2, 3, 3, 4), (4, 2), False),
        ((2, 3, 3, 4), (2, 3, 4, 2), False),
    ],
)
def test_batches_are_made_equal(
    first: tuple[int, ...], second: tuple[int, ...], changes: bool
) -> None:
    def product(x: Any, y: Any) -> Any:
        return tf.raw_ops.BatchMatMulV2(x=x, y=y)

    _, rewritten = same(product, first, second)
    assert ("BroadcastTo" in operators(rewritten)) is changes


def _constant(graph: Any, name: str) -> int:
    (node,) = [node for node in graph.node if node.name == name]
    return int(tf.make_ndarray(node.attr["value"].tensor))
