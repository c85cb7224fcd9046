"""Loops in a graph, which no graph model for the browser can have: found, and named by layer."""

import re
from collections.abc import Collection
from typing import Any

from builder.errors import ModelError
from builder.model.graph.cycles import find_circle
from builder.model.scopes import layer_of

_LOOPING = frozenset({"For", "NextIteration", "StatelessWhile", "While"})
_SCOPE_OF_LOOP = re.compile(r"while(?:_\d+)?")
_SCOPE_OF_CALL = re.compile(r"(?:Stateful)?PartitionedCall(?:_\d+)?")


def require_no_loop(graph: Any, layers: Collection[str], origin: str) -> None:
    """Raise `ModelError` where a GraphDef has a loop, naming the layer that it belongs to.

    Every later walk along a graph relies on this. `layers` are the names of the
    model's layers, where they are known; `origin` says whose graph it is.
    """
    nodes = {node.name: node for node in graph.node}
    circle = find_circle(
        {name: [_node_of(tensor) for tensor in node.input] for name, node in nodes.items()}
    )
    looping = next((name for name in circle if nodes[name].op in _LOOPING), None)
    if circle and looping is None:
        raise ModelError(
            f"{origin} is damaged: its operators go round in a circle "
            f"({', '.join(repr(name[:60]) for name in circle[:3])}). Export the model again."
        )
    if looping is None:
        looping = next((node.name for node in graph.node if node.op in _LOOPING), None)
    if looping is not None:
        raise loop_error(origin, layer_of(looping, layers) or _scope_around(looping))


def loop_error(origin: str, layer: str) -> ModelError:
    """Return the error for a layer that computes in a loop."""
    return ModelError(
        f"{origin} computes the layer {layer!r} in a loop, as recurrent layers do; a graph for "
        "the browser has none. Build the layer with unroll=True, which puts its steps one after "
        "another, and save the model again."
    )


def _scope_around(node: str) -> str:
    """Return the last scope before the loop's own, which Keras calls after the layer."""
    scopes = node.split("/")
    first = next((i for i, scope in enumerate(scopes) if _SCOPE_OF_LOOP.fullmatch(scope)), None)
    around = [scope for scope in scopes[:first] if not _SCOPE_OF_CALL.fullmatch(scope)]
    return around[-1] if around else node


def _node_of(tensor: str) -> str:
    return tensor.removeprefix("^").split(":")[0]
