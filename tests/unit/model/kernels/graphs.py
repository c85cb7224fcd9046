"""Graphs of a few operators, frozen and run, for tests of what is made of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from builder.model.setup import tensorflow


def frozen(function: Callable[..., Any], *inputs: Any) -> tuple[Any, list[str], str]:
    """Return a function's GraphDef, the names of its inputs, and that of its output.

    `inputs` are arrays of the shapes that it takes.
    """
    tf = tensorflow()
    signature = [tf.TensorSpec(one.shape, tf.float32) for one in inputs]
    graph = tf.function(function, signature, autograph=False).get_concrete_function().graph
    return graph.as_graph_def(), [t.op.name for t in graph.inputs], graph.outputs[0].op.name


def run(graph: Any, names: list[str], output: str, *inputs: Any) -> Any:
    """Return what a GraphDef makes of arrays."""
    tf = tensorflow()
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.graph_util.import_graph_def(graph, name="")
        fed = {f"{name}:0": value for name, value in zip(names, inputs, strict=True)}
        return session.run(f"{output}:0", fed)


def operators(graph: Any) -> set[str]:
    """Return the operators of a GraphDef."""
    return {node.op for node in graph.node}


def values(*shape: int, seed: int = 0) -> Any:
    """Return random numbers, float32."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)
