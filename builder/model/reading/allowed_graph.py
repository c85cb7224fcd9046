"""Untrusted graphs: every operator, function and constant is checked before any is run."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.graph.cycles import find_circle
from builder.model.reading.allowed_operators import ALLOWED
from builder.model.setup import tensorflow

_MOST_NODES = 200_000
"""Nodes of a graph, its functions put in wherever they are called. Networks of `keras.applications`
have fewer than 20,000."""

_FREE_BYTES = 256 << 20
_MOST_GROWTH = 200
"""Constants may take this many times the graph's size, or `_FREE_BYTES`: a constant of equal values
stands in the file as one of them."""


@dataclass(frozen=True)
class _Body:
    """Nodes that belong together: those of a graph, or of one of its functions."""

    place: str
    """Where they stand, as the rest of a sentence."""
    nodes: Collection[Any]


def require_allowed_graph(
    graph: Any, path: Path, saving: Collection[str] = (), saving_nodes: Collection[str] = ()
) -> None:
    """Raise `ModelError` where a GraphDef has an operator that is not on the list, calls what it
    does not have, or grows beyond reason.

    `saving_nodes` and the functions `saving` are left out: what writes and reads checkpoints.
    """
    functions = {function.signature.name: function for function in graph.library.function}
    bodies = [
        _Body("", [node for node in graph.node if node.name not in saving_nodes]),
        *(
            _Body(f" in its function {name[:80]!r}", function.node_def)
            for name, function in functions.items()
            if name not in saving
        ),
    ]
    claimed, most = 0, max(_FREE_BYTES, graph.ByteSize() * _MOST_GROWTH)
    for body in bodies:
        for node in body.nodes:
            require_operators(node, ALLOWED, functions, path, body.place)
            claimed += _claimed_bytes(node, path)
            if claimed > most:
                raise ModelError(
                    f"{path} claims constants of more than {claimed / 1e6:,.0f} MB "
                    f"({node.name[:80]!r}): refused. Export the model again."
                )
    _require_modest(graph, functions, path)


def require_operators(
    node: Any, allowed: Collection[str], functions: Collection[str], path: Path, place: str
) -> None:
    """Raise `ModelError` where a node's operator is neither allowed nor a function of its graph."""
    if node.op not in allowed and node.op not in functions:
        raise ModelError(
            f"{path} has the operator {node.op[:60]}{place} (at {node.name[:80]!r}), which is not "
            "among those that a classifier of photos needs, and may reach files, other programs or "
            "the network: refused before it was loaded. Export the model without it."
        )
    missing = next((name for name in called(node) if name not in functions), None)
    if missing is not None:
        raise ModelError(
            f"{path} is damaged: {node.name[:80]!r}{place} calls the function {missing[:80]!r}, "
            "which it does not have. Export the model again."
        )


def called(node: Any) -> Iterator[str]:
    """Yield the names of the functions that a node is given."""
    for attribute in node.attr.values():
        if attribute.HasField("func"):
            yield attribute.func.name
        yield from (function.name for function in attribute.list.func)


def callees(nodes: Collection[Any], functions: Mapping[str, Any]) -> Counter[str]:
    """Count how often nodes call each function of their graph, by attribute or as an operator."""
    names = (name for node in nodes for name in (node.op, *called(node)))
    return Counter(name for name in names if name in functions)


def _claimed_bytes(node: Any, path: Path) -> int:
    """Return how large a constant is once it is unpacked; 0 for other nodes."""
    if node.op != "Const":
        return 0
    tf = tensorflow()
    tensor = node.attr["value"].tensor
    try:
        dtype = tf.dtypes.as_dtype(tensor.dtype)
        shape = [dimension.size for dimension in tensor.tensor_shape.dim]
        if dtype in (tf.resource, tf.variant) or min(shape, default=0) < 0:
            raise ValueError(f"a constant of the type {dtype.name} and the shape {shape}")
        return int(prod(shape) * (8 if dtype == tf.string else dtype.size))
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"{path} is damaged: its constant {node.name[:80]!r} is none. Export the model again."
        ) from error


def _require_modest(graph: Any, functions: Mapping[str, Any], path: Path) -> None:
    """Refuse functions that call themselves, or one another so often that the graph explodes."""
    calls = {name: callees(function.node_def, functions) for name, function in functions.items()}
    circle = find_circle(calls)
    if circle:
        raise ModelError(
            f"{path} has functions that call themselves ({', '.join(circle[:3])}): refused. Export "
            "the model without recursion."
        )
    sizes: dict[str, int] = {}
    stack = list(functions)
    while stack:
        name = stack[-1]
        unknown = [inner for inner in calls[name] if inner not in sizes]
        stack.extend(unknown)
        if unknown:
            continue
        stack.pop()
        inner = sum(sizes[callee] * count for callee, count in calls[name].items())
        sizes[name] = len(functions[name].node_def) + inner
    total = len(graph.node) + sum(
        sizes[name] * count for name, count in callees(graph.node, functions).items()
    )
    if max(total, *sizes.values(), 0) > _MOST_NODES:
        raise ModelError(
            f"{path} has a graph of more than {_MOST_NODES:,} operators once its functions are put "
            "in, far more than a classifier of photos: refused. Export a smaller model."
        )
