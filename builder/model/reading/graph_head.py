"""Finds the classifier at the end of a frozen TensorFlow graph, whatever stands behind it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.outputs.of_graph import imported_without_weights
from builder.model.setup import tensorflow

_SHAPERS = frozenset({"Identity", "Reshape", "Squeeze", "ExpandDims", "StopGradient"})
_ELEMENTWISE = frozenset(
    {"Sigmoid", "Softmax", "LogSoftmax", "Tanh", "Relu", "Relu6", "Elu", "Softplus", "Exp", "Log"}
    | {"AddV2", "Add", "BiasAdd", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "ClipByValue"}
    | {"Neg", "Reciprocal", "Inv", "Sum", "Max", "Cast", "Sqrt", "Square"}
)
"""What leaves the score of each class in its place."""
_MOST = 100
"""Nodes behind the classifier that are looked at."""

_ACTIVATIONS = {"Softmax": "softmax", "Sigmoid": "sigmoid"}


@dataclass(frozen=True)
class GraphHead:
    """Where a graph is cut, and what comes behind the cut."""

    body: str
    """The tensor that the rest of the graph returns: "node:0"."""
    is_pooled: bool = False
    """Whether the spatial mean of the body is what the classifier sees."""
    kernel: NDArray[Any] | None = None
    """[D, C] of a dense layer or [1, 1, D, C] of a convolution; None where no classifier was found
    and the body is the output."""
    bias: NDArray[Any] | None = None
    """[C]; None where there is none."""
    activation: str = "linear"
    """"softmax", "sigmoid" or "linear": what directly follows the classifier."""
    scores: str = ""
    """The node that ends the classifier."""
    tail: tuple[str, ...] = field(default=())
    """The nodes between `scores` and the output, where these are more than an activation."""


def find_graph_head(graph: Any, output: str) -> GraphHead:
    """Read the end of a GraphDef backwards from the tensor `output`."""
    return _Graph(graph).head(output)


@dataclass(frozen=True)
class _Classifier:
    """A matrix product or pointwise convolution with constants."""

    end: str
    """Name of the last of its nodes."""
    embedding: str
    """The tensor that it takes."""
    kernel: NDArray[Any]
    bias: NDArray[Any] | None


class _Graph:
    def __init__(self, graph: Any) -> None:
        self._definition = graph
        self.nodes = {node.name: node for node in graph.node}

    def head(self, output: str) -> GraphHead:
        found, behind = self._walk(output)
        if found is None:
            return GraphHead(output)
        pool = self._past_shapers(found.embedding)
        pooled = self._is_spatial_mean(pool)
        is_plain = all(self.nodes[name].op in ("Identity", *_ACTIVATIONS) for name in behind)
        activations = [self.nodes[name].op for name in behind if self.nodes[name].op != "Identity"]
        is_plain = is_plain and len(activations) < 2 and found.kernel.ndim == 2
        return GraphHead(
            body=_tensor(pool.input[0] if pooled else found.embedding),
            is_pooled=pooled,
            kernel=found.kernel,
            bias=found.bias,
            activation=_ACTIVATIONS[activations[0]] if is_plain and activations else "linear",
            scores=found.end,
            tail=() if is_plain else behind,
        )

    def _walk(self, output: str) -> tuple[_Classifier | None, tuple[str, ...]]:
        """Return the only classifier from which the output follows, and the nodes behind it.

        None where there is none, several, or more behind it than keeps the order of the classes.
        """
        found: list[_Classifier] = []
        behind: dict[str, None] = {}
        waiting = [output]
        while waiting:
            node = self._node(waiting.pop())
            if node.name in behind or any(one.end == node.name for one in found):
                continue
            classifier = self._classifier(node)
            if classifier is not None:
                found.append(classifier)
            elif node.op in _ELEMENTWISE | _SHAPERS and len(behind) < _MOST:
                behind[node.name] = None
                waiting.extend(node.input)
            elif node.op != "Const":
                return None, ()
        return (found[0], tuple(behind)) if len(found) == 1 else (None, ())

    def _classifier(self, node: Any) -> _Classifier | None:
        bias, end = None, node.name
        if node.op in ("BiasAdd", "AddV2", "Add"):
            bias = self._constant(node.input[1])
            if bias is None:
                return None
            node = self._past_identities(node.input[0])
        kernel = self._kernel(node)
        if kernel is None or (bias is not None and bias.shape != kernel.shape[-1:]):
            return None
        return _Classifier(end, node.input[0], kernel, bias)

    def _node(self, tensor: str) -> Any:
        return self.nodes[tensor.removeprefix("^").split(":")[0]]

    def _past_shapers(self, tensor: str) -> Any:
        node = self._node(tensor)
        while node.op in _SHAPERS:
            node = self._node(node.input[0])
        return node

    def _past_identities(self, tensor: str) -> Any:
        node = self._node(tensor)
        while node.op == "Identity":
            node = self._node(node.input[0])
        return node

    def _constant(self, tensor: str) -> NDArray[Any] | None:
        node = self._past_identities(tensor)
        if node.op != "Const":
            return None
        return np.asarray(tensorflow().make_ndarray(node.attr["value"].tensor))

    def _kernel(self, node: Any) -> NDArray[Any] | None:
        """Return the matrix of a product, or of a convolution of single pixels; None for others."""
        is_product = node.op == "MatMul" and not (
            node.attr["transpose_a"].b or node.attr["transpose_b"].b
        )
        if not is_product and node.op != "Conv2D":
            return None
        kernel = self._constant(node.input[1])
        if kernel is None or kernel.dtype != np.float32:
            return None
        if is_product:
            return kernel
        is_pointwise = (
            kernel.shape[:2] == (1, 1)
            and node.attr["data_format"].s in (b"", b"NHWC")
            and self._shape(node.input[0])[1:] == [1, 1, kernel.shape[2]]
        )
        return kernel if is_pointwise else None

    def _is_spatial_mean(self, node: Any) -> bool:
        if node.op == "AvgPool":
            sides = self._shape(node.input[0])[1:3]
            return None not in sides and list(node.attr["ksize"].list.i) == [1, *sides, 1]
        if node.op != "Mean":
            return False
        axes = self._constant(node.input[1])
        return axes is not None and sorted(axes.reshape(-1).tolist()) == [1, 2]

    def _shape(self, tensor: str) -> list[int | None]:
        shape = self._imported.get_tensor_by_name(_tensor(tensor)).shape
        return list(shape) if shape.rank is not None else []

    @cached_property
    def _imported(self) -> Any:
        return imported_without_weights(self._definition)


def _tensor(reference: str) -> str:
    return reference if ":" in reference else f"{reference}:0"
