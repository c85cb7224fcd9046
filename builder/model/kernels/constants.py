"""Computes what depends on constants alone where TensorFlow.js lacks an operator for it.

Keras makes the kernel of `extract_patches` so. The converter would compute it as well, but first it
looks for operators that it does not know.
"""

from collections.abc import Collection
from typing import Any

from builder.model.setup import silenced, tensorflow

_MOST = 1 << 26
"""Most numbers that all tensors computed here may have together: 256 MB."""


def with_computed_constants(graph: Any, known: Collection[str]) -> Any:
    """Return the GraphDef with constants in the place of such nodes; `known` are the operators that
    need not be replaced."""
    needed = _needed(graph, known)
    if not needed:
        return graph
    values = _computed(graph, needed)
    if not values:
        return graph
    tf = tensorflow()
    result = tf.compat.v1.GraphDef(versions=graph.versions, library=graph.library)
    for node in graph.node:
        if node.name not in values:
            result.node.add().CopyFrom(node)
            continue
        constant = result.node.add(name=node.name, op="Const")
        tensor = tf.make_tensor_proto(values[node.name])
        constant.attr["dtype"].type = tensor.dtype
        constant.attr["value"].tensor.CopyFrom(tensor)
    taken = {source for node in graph.node for source in _inputs(node)}
    ends = [node.name for node in graph.node if node.name not in taken]
    return tf.compat.v1.graph_util.extract_sub_graph(result, ends)


def constant_nodes(graph: Any) -> frozenset[str]:
    """Return the names of the nodes that no input reaches."""
    nodes = {node.name: node for node in graph.node}
    constant: dict[str, bool] = {}
    for start in nodes:
        stack = [start]
        while stack:
            name = stack[-1]
            inputs = [_name(reference) for reference in nodes[name].input]
            waiting = [source for source in inputs if source not in constant]
            if name in constant or not waiting:
                stack.pop()
                is_source = nodes[name].op == "Const"
                constant[name] = is_source or (
                    bool(inputs) and all(constant[source] for source in inputs)
                )
            else:
                stack.extend(waiting)
    return frozenset(name for name, is_constant in constant.items() if is_constant)


def _needed(graph: Any, known: Collection[str]) -> list[str]:
    """Return the constant nodes behind an unknown operator that anything else takes."""
    constant = constant_nodes(graph)
    unknown: set[str] = set()
    waiting = [n.name for n in graph.node if n.name in constant and n.op not in known]
    while waiting:
        name = waiting.pop()
        if name not in unknown:
            unknown.add(name)
            waiting += [n.name for n in graph.node if n.name in constant and name in _inputs(n)]
    return [
        name
        for name in sorted(unknown)
        if any(name in _inputs(node) and node.name not in constant for node in graph.node)
    ]


def _computed(graph: Any, names: list[str]) -> dict[str, Any]:
    """Return the values of nodes; none where that would need unreasonable memory."""
    tf = tensorflow()
    part = tf.compat.v1.graph_util.extract_sub_graph(graph, names)
    with silenced(), tf.Graph().as_default() as imported, tf.device("/CPU:0"):
        tf.graph_util.import_graph_def(part, name="")
        sizes = [
            tensor.shape.num_elements()
            for operation in imported.get_operations()
            for tensor in operation.outputs
        ]
        if None in sizes or sum(size for size in sizes if size) > _MOST:
            return {}
        with tf.compat.v1.Session() as session:
            return dict(zip(names, session.run([f"{name}:0" for name in names]), strict=True))


def _inputs(node: Any) -> list[str]:
    return [_name(reference) for reference in node.input]


def _name(reference: str) -> str:
    return reference.removeprefix("^").split(":", maxsplit=1)[0]
