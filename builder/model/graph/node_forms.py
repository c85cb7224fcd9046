"""Nodes of a graph that the converter has made, with the shapes of what they take and give."""

from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.graph_def import graph_def
from builder.model.setup import silenced, tensorflow

_SMALL = 256
"""Numbers up to which a constant may be a shape or an axis."""
_TYPES = {
    **dict.fromkeys(("float16", "float32", "float64"), "float32"),
    **dict.fromkeys(("int8", "int32", "int64", "uint8"), "int32"),
    "bool": "bool",
}
"""What TensorFlow.js takes TensorFlow's types for: `parseDtypeParam` in its operation_mapper.ts."""


class EmittedNode:
    """A node with what is known of its inputs."""

    def __init__(
        self,
        node: Mapping[str, Any],
        graph: Any,
        weights: Mapping[str, NDArray[Any]],
    ) -> None:
        """`graph` is TensorFlow's, of the nodes that this one is among."""
        self.name: str = node["name"]
        self.operator: str = node["op"]
        self._references = [r for r in node.get("input", ()) if not r.startswith("^")]
        self._attributes = node.get("attr", {})
        self._graph, self._weights = graph, weights

    @property
    def inputs(self) -> int:
        """How many tensors it takes."""
        return len(self._references)

    @property
    def output(self) -> tuple[int, ...]:
        """The shape of its first output."""
        return self._shape(self.name)

    @property
    def output_type(self) -> str | None:
        """TensorFlow.js's type of its first output; None for one that it does not have."""
        return _TYPES.get(self._tensor(self.name).dtype.name)

    @property
    def rank(self) -> int:
        """The most axes that an input has."""
        return max((len(self.shape(i)) for i in range(self.inputs)), default=0)

    @property
    def dtype(self) -> str | None:
        """TensorFlow.js's type of the first input; None for one that it does not have."""
        tensor = self._tensor(self._references[0]) if self.inputs else self._tensor(self.name)
        return _TYPES.get(tensor.dtype.name)

    def shape(self, index: int) -> tuple[int, ...]:
        """Return the shape of an input; -1 for sides that the photo settles."""
        return self._shape(self._references[index])

    def source(self, index: int) -> str:
        """Return the operator that an input comes from."""
        return str(self._tensor(self._references[index]).op.type)

    def constant(self, index: int) -> NDArray[Any] | None:
        """Return the value of an input that is a constant."""
        return self._weights.get(self._references[index].partition(":")[0])

    def text(self, name: str) -> str | None:
        """Return an attribute that is a text."""
        value = self._attributes.get(name, {}).get("s")
        return None if value is None else b64decode(value).decode()

    def is_true(self, name: str) -> bool:
        """Return an attribute that is true or false."""
        return bool(self._attributes.get(name, {}).get("b", False))

    def integer(self, name: str) -> int:
        """Return an attribute that is a whole number."""
        return int(self._attributes.get(name, {}).get("i", 0))

    def integers(self, name: str) -> list[int]:
        """Return an attribute that is a list of whole numbers."""
        return [int(one) for one in self._attributes.get(name, {}).get("list", {}).get("i", ())]

    def _shape(self, reference: str) -> tuple[int, ...]:
        shape = self._tensor(reference).shape
        return tuple(-1 if side is None else side for side in shape.as_list())

    def _tensor(self, reference: str) -> Any:
        return self._graph.get_tensor_by_name(reference if ":" in reference else f"{reference}:0")


def emitted_nodes(
    nodes: Collection[Mapping[str, Any]], weights: Mapping[str, NDArray[Any]]
) -> Iterator[EmittedNode]:
    """Yield the nodes but constants and inputs, in their order.

    `nodes` are as in `model.json`, each after those that it takes from.
    """
    tf = tensorflow()
    small = {name: value for name, value in weights.items() if value.size <= _SMALL}
    definition = graph_def({"node": list(nodes)}, small)
    for node in definition.node:
        if node.op == "Const" and node.name not in small:
            _hollow(node, weights[node.name])
    graph = tf.Graph()
    with graph.as_default(), silenced():
        tf.graph_util.import_graph_def(definition, name="")
    for node in nodes:
        if node["op"] not in ("Const", "Placeholder"):
            yield EmittedNode(node, graph, weights)


def _hollow(node: Any, value: NDArray[Any]) -> None:
    """Give a constant the shape of its value without the numbers, which would be copied."""
    tf = tensorflow()
    tensor = tf.make_tensor_proto(np.zeros((), value.dtype))
    tensor.tensor_shape.CopyFrom(tf.TensorShape(value.shape).as_proto())
    node.attr["value"].tensor.CopyFrom(tensor)
