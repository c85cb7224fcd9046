"""Refuses a graph with anything in it that a backend may compute wrongly."""

from collections.abc import Collection, Mapping
from typing import Any

from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.graph.node_forms import EmittedNode, emitted_nodes
from builder.model.graph.proven import PROVEN
from builder.model.scopes import layer_of


def require_proven(
    nodes: Collection[Mapping[str, Any]],
    weights: Mapping[str, NDArray[Any]],
    layers: Collection[str],
) -> None:
    """Raise `ModelError` for a node whose form is not in `PROVEN`, with its layer.

    `nodes` are as in `model.json`, each after those that it takes from; their names are still those
    of the network, with `layers` among them.
    """
    for node in emitted_nodes(nodes, weights):
        fault = unproven(node)
        if fault is not None:
            layer = layer_of(node.name, layers)
            place = f" (in the layer {layer!r})" if layer else ""
            raise ModelError(
                f"The model cannot be converted: it needs {node.operator}{fault}{place}, which"
                " TensorFlow.js was not seen to compute right on every backend. Build the model"
                " without the layer that needs it."
            )


def unproven(node: EmittedNode) -> str | None:
    """Return in which form a node is unproven, as the rest of a phrase; None for a proven one."""
    proven = PROVEN.get(node.operator)
    if proven is None:
        return ""
    if node.rank > proven.axes:
        return f" of {node.rank} axes"
    if node.dtype not in proven.types:
        return f" of {node.dtype or 'such'} numbers"
    if proven.holds and not proven.holds(node):
        return " in this form"
    return None
