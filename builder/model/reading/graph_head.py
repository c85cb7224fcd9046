"""Finds the classifier at the end of a frozen TensorFlow graph."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.setup import tensorflow

_SHAPERS = ("Identity", "Reshape", "Squeeze", "Flatten", "StopGradient")


@dataclass(frozen=True)
class GraphHead:
    """Where a graph is cut, and what comes behind the cut."""

    body: str
    """The tensor that the rest of the graph returns: "node:0"."""
    is_pooled: bool = False
    """Whether the spatial mean of the body is what the classifier sees."""
    kernel: NDArray[Any] | None = None
    """[D, C]; None where no classifier was found and the body is the output."""
    bias: NDArray[Any] | None = None
    """[C]; None where there is none."""
    activation: str = "linear"
    """"softmax", "sigmoid" or "linear"."""


def find_graph_head(graph: Any, output: str) -> GraphHead:
    """Read the end of a GraphDef backwards from the tensor `output`."""
    return _Graph(graph).head(output)


class _Graph:
    def __init__(self, graph: Any) -> None:
        self.nodes = {node.name: node for node in graph.node}

    def head(self, output: str) -> GraphHead:
        node = self._past_shapers(output)
        activation = {"Softmax": "softmax", "Sigmoid": "sigmoid"}.get(node.op, "linear")
        if activation != "linear":
            node = self._past_shapers(node.input[0])
        bias = None
        if node.op in ("BiasAdd", "AddV2", "Add"):
            bias = self._constant(node.input[1])
            node = self._past_shapers(node.input[0])
        kernel = self._kernel(node)
        if kernel is None or (bias is not None and bias.shape != kernel.shape[1:]):
            return GraphHead(output)
        embedding = node.input[0]
        pool = self._past_shapers(embedding)
        pooled = self._is_spatial_mean(pool)
        body = pool.input[0] if pooled else embedding
        return GraphHead(
            body=body if ":" in body else f"{body}:0",
            is_pooled=pooled,
            kernel=kernel,
            bias=bias,
            activation=activation,
        )

    def _node(self, tensor: str) -> Any:
        return self.nodes[tensor.removeprefix("^").split(":")[0]]

    def _past_shapers(self, tensor: str) -> Any:
        node = self._node(tensor)
        while node.op in _SHAPERS:
            node = self._node(node.input[0])
        return node

    def _constant(self, tensor: str) -> NDArray[Any] | None:
        node = self._node(tensor)
        while node.op == "Identity":
            node = self._node(node.input[0])
        if node.op != "Const":
            return None
        return np.asarray(tensorflow().make_ndarray(node.attr["value"].tensor))

    def _kernel(self, node: Any) -> NDArray[Any] | None:
        """Return the matrix [D, C] of a matrix product; None for another node."""
        if node.op != "MatMul" or node.attr["transpose_a"].b or node.attr["transpose_b"].b:
            return None
        kernel = self._constant(node.input[1])
        return kernel if kernel is not None and kernel.dtype == np.float32 else None

    def _is_spatial_mean(self, node: Any) -> bool:
        if node.op != "Mean":
            return False
        axes = self._constant(node.input[1])
        return axes is not None and sorted(axes.reshape(-1).tolist()) == [1, 2]
