"""Shapes of the tensors of a frozen graph, worked out when the first is asked for."""

from functools import cached_property
from typing import Any

from builder.errors import ModelError
from builder.model.setup import silenced, tensorflow


class Shapes:
    """Static shapes in a GraphDef whose inputs have them all."""

    def __init__(self, graph: Any) -> None:
        self._definition = graph

    @cached_property
    def _graph(self) -> Any:
        tf = tensorflow()
        graph = tf.Graph()
        with graph.as_default(), silenced():
            tf.graph_util.import_graph_def(self._definition, name="")
        return graph

    def constant(self, reference: str) -> Any | None:
        """Return the value of a node's input where it is a constant."""
        tensor = reference if ":" in reference else f"{reference}:0"
        return tensorflow().get_static_value(self._graph.get_tensor_by_name(tensor))

    def of(self, reference: str, needed_by: str) -> tuple[int, ...]:
        """Return the shape of a node's input, "node" or "node:1".

        Raises `ModelError`, with the name of the node that needs it, where the size of the photo
        does not settle it.
        """
        tensor = reference if ":" in reference else f"{reference}:0"
        shape = self._graph.get_tensor_by_name(tensor).shape
        if not shape.is_fully_defined():
            raise ModelError(
                f"The model cannot be converted: {needed_by!r} takes an input of the shape {shape},"
                " which changes from photo to photo. Export the model with a fixed input size."
            )
        return tuple(shape.as_list())
