"""Gives the converter's graph names and an order that depend on the network alone.

Keras numbers its layers as a process creates them, and Grappler invents names of its own; both
would make two builds of one model differ. Nodes are therefore named after their operator and
their place in the graph, and the outputs after what they are.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from builder.model.failures import alike_error
from builder.model.graph.cycles import find_circle
from builder.model.graph.fuse import fused
from builder.model.graph.loops import loop_error
from builder.model.graph.require_proven import require_proven
from builder.model.graph.unfuse import unfused

INPUT = "image"
"""Name of the input node."""

ALWAYS = ("probabilities", "embedding")
"""Names of the outputs that every graph has."""

OUTPUTS = (*ALWAYS, "familiarity", "class_activation")
"""Names of the output nodes; nodes and weights are sorted by the first that needs them."""


@dataclass(frozen=True)
class CanonicalGraph:
    """A graph model's parts with their final names."""

    topology: dict[str, Any]
    """The GraphDef as JSON, nodes in the order of execution."""
    signature: dict[str, Any]
    """The SignatureDef as JSON."""
    weights: dict[str, NDArray[Any]]
    """Constants by node name, in the order of use."""
    scaling: frozenset[str]
    """Names of the constants that scale the photo before the network's first layer."""


def canonical_graph(
    topology: Mapping[str, Any],
    signature: Mapping[str, Any],
    weights: Mapping[str, NDArray[Any]],
    layers: Collection[str] = (),
) -> CanonicalGraph:
    """Rename, sort and prune a converted graph, and give each output a node of its name.

    Raises `ModelError` for a graph with a loop, one whose outputs do not depend on the photo, or
    one with an operator that a backend may compute wrongly, naming the one of `layers` that has it.
    """
    given = {node["name"]: dict(node) for node in topology["node"]}
    circle = find_circle({name: _sources(node) for name, node in given.items()})
    if circle:
        raise loop_error("The model", circle[0])
    nodes = _simplified(given, weights)
    outputs = {
        name: _target(signature["outputs"][name]["name"], nodes)
        for name in sorted(signature["outputs"], key=OUTPUTS.index)
    }
    nodes, weights = fused(*unfused(nodes, weights), outputs.values())
    order = _execution_order(nodes, list(outputs.values()))
    names = _new_names(order, nodes, outputs)
    require_proven([nodes[old] for old in order], weights, layers)
    renamed = [_renamed(nodes[old], names) for old in order]
    renamed += [
        {"name": name, "op": "Identity", "input": [names[old]], "attr": {"T": {"type": "DT_FLOAT"}}}
        for name, old in outputs.items()
        if names[old] != name
    ]
    (image,) = signature["inputs"].values()
    return CanonicalGraph(
        topology={"node": renamed, "versions": topology.get("versions", {})},
        signature={
            "inputs": {INPUT: {**image, "name": f"{INPUT}:0"}},
            "outputs": {
                name: {**info, "name": f"{name}:0"} for name, info in signature["outputs"].items()
            },
        },
        weights={names[old]: weights[old] for old in order if old in weights},
        scaling=frozenset(
            names[constant]
            for old in _scaling_nodes(order, nodes, weights)
            for constant in _sources(nodes[old])
            if constant in weights
        ),
    )


def _node_of(reference: str) -> str:
    return reference.split(":", maxsplit=1)[0]


def _sources(node: Mapping[str, Any]) -> list[str]:
    return [_node_of(reference) for reference in node.get("input", ())]


def _simplified(
    nodes: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]
) -> dict[str, dict[str, Any]]:
    """Let consumers read past `Identity` nodes, and share one node among equal constants.

    Control inputs, which Grappler leaves on constants, go: they order what nothing here depends on.

    The converter writes a classifier that is used twice as two constants: half as much again to
    download for a small network.
    """
    first: dict[tuple[str, tuple[int, ...], bytes], str] = {}
    twins = {
        name: first.setdefault((array.dtype.str, array.shape, array.tobytes()), name)
        for name, array in weights.items()
    }

    def rerouted(reference: str) -> str:
        name, colon, port = reference.partition(":")
        while nodes[name]["op"] == "Identity" and len(nodes[name]["input"]) == 1:
            name, colon, port = nodes[name]["input"][0].partition(":")
        return f"{twins.get(name, name)}{colon}{port}"

    return {
        name: {
            **node,
            "input": [rerouted(r) for r in node.get("input", ()) if not r.startswith("^")],
        }
        for name, node in nodes.items()
    }


def _target(output: str, nodes: Mapping[str, Any]) -> str:
    """Return the node that computes an output, past the `Identity` that the export put there."""
    name = _node_of(output)
    return _node_of(nodes[name]["input"][0]) if nodes[name]["op"] == "Identity" else name


def _execution_order(nodes: Mapping[str, Any], outputs: list[str]) -> list[str]:
    """List the nodes that the outputs need, inputs before their consumers.

    A depth-first walk along the inputs' own order, so that names play no part in it.
    """
    order: dict[str, None] = {}
    stack = [(name, False) for name in reversed(outputs)]
    while stack:
        name, inputs_done = stack.pop()
        if name in order:
            continue
        if inputs_done:
            order[name] = None
            continue
        stack.append((name, True))
        stack.extend((source, False) for source in reversed(_sources(nodes[name])))
    return list(order)


def _new_names(
    order: list[str], nodes: Mapping[str, Any], outputs: Mapping[str, str]
) -> dict[str, str]:
    by_node: dict[str, str] = {}
    for name, old in outputs.items():
        if nodes[old]["op"] not in ("Const", "Placeholder"):
            by_node.setdefault(old, name)
    counts: Counter[str] = Counter()
    for old in order:
        operator = nodes[old]["op"].lstrip("_")
        if operator == "Placeholder":
            by_node[old] = INPUT
        elif old not in by_node:
            counts[operator] += 1
            by_node[old] = f"{operator}_{counts[operator]}"
    if sum(nodes[old]["op"] == "Placeholder" for old in order) != 1:
        raise alike_error()
    return by_node


def _renamed(node: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the node with new names, and without what only the converter's machine knew."""
    kept = {key: value for key, value in node.items() if key in ("op", "attr")}
    # Attributes with an underscore are Grappler's notes (classes for colocation, shapes).
    kept["attr"] = {
        key: value for key, value in kept.get("attr", {}).items() if not key.startswith("_")
    }
    inputs = []
    for reference in node.get("input", ()):
        name, colon, port = reference.partition(":")
        inputs.append(f"{names[name]}{colon}{port}")
    return {"name": names[node["name"]], **kept, **({"input": inputs} if inputs else {})}


def _scaling_nodes(
    order: list[str], nodes: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]
) -> list[str]:
    """List the nodes between the photo and the network's first layer, the photo's own included."""
    scaling: dict[str, None] = {}
    for name in order:
        node, sources = nodes[name], _sources(nodes[name])
        tensors = [source for source in sources if nodes[source]["op"] != "Const"]
        if node["op"] == "Placeholder" or (
            len(tensors) == 1
            and tensors[0] in scaling
            and (
                node["op"] in ("AddV2", "Add", "Sub", "Mul")
                or _mixes_colors(node, sources, weights)
            )
        ):
            scaling[name] = None
    return list(scaling)


def _mixes_colors(
    node: Mapping[str, Any], sources: list[str], weights: Mapping[str, NDArray[Any]]
) -> bool:
    """Return whether the node makes luminance or BGR of RGB: a matrix [3, 3 or 1] per pixel."""
    if node["op"] not in ("Conv2D", "_FusedConv2D"):
        return False
    kernel = weights.get(sources[1])
    return kernel is not None and kernel.shape in ((1, 1, 3, 3), (1, 1, 3, 1))
