from typing import Any

import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.network.operators import (
    browser_operators,
    require_browser_operators,
    with_browser_operators,
)
from builder.model.setup import tensorflow

tf = tensorflow()
VALUES = np.linspace(-4, 4, 81, dtype=np.float32)


def _graph(function: Any) -> Any:
    signature = [tf.TensorSpec(VALUES.shape, tf.float32, name="x")]
    concrete = tf.function(function, input_signature=signature).get_concrete_function()
    return concrete.graph.as_graph_def(), concrete.outputs[0].name


@pytest.mark.parametrize(
    "function",
    [
        tf.math.erfc,
        tf.math.softsign,
        tf.math.rint,
        lambda x: tf.raw_ops.Inv(x=x + 9.0),
        lambda x: tf.raw_ops.BatchMatMulV3(
            x=tf.reshape(x, (1, 9, 9)), y=tf.reshape(x, (1, 9, 9)), Tout=tf.float32
        ),
    ],
)
def test_what_the_browser_lacks_is_put_together(function: Any) -> None:
    graph, output = _graph(function)
    rewritten = with_browser_operators(graph)
    assert {node.op for node in graph.node} - browser_operators()
    require_browser_operators(rewritten, ())

    def run(x: Any) -> Any:
        return tf.graph_util.import_graph_def(rewritten, {"x:0": x}, [output], name="")

    wrapped = tf.compat.v1.wrap_function(run, [tf.TensorSpec(VALUES.shape, tf.float32)])
    np.testing.assert_allclose(wrapped(tf.constant(VALUES))[0], function(VALUES), atol=1e-5)


def test_what_stays_unknown_is_named_with_its_layer() -> None:
    def function(x: Any) -> Any:
        with tf.name_scope("strange_1"):
            return tf.math.lgamma(x) + tf.math.erfinv(x)

    graph, _ = _graph(function)
    with pytest.raises(ModelError, match=r"lacks Erfinv \(in the layer 'strange'\) and Lgamma"):
        require_browser_operators(graph, {"strange"})


def test_kernels_that_webassembly_lacks_count_as_lacking() -> None:
    assert "Einsum" not in browser_operators()
    assert "Erf" in browser_operators()
