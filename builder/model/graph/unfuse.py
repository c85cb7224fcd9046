"""Takes activations out of fused operators where only TensorFlow can fuse them.

Grappler fuses for the machine that converts. TensorFlow.js would ignore a name that it does not
know, or throw once the graph runs.
"""

from collections.abc import Mapping
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.graph.nodes import (
    FUSION_ATTRIBUTES,
    PLAIN,
    Nodes,
    Weights,
    constant,
    fused_operations,
    with_fused,
)

RUNS_FUSED = frozenset({"Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu"})
"""Activations that each backend fuses: FusableActivation in tfjs-backend-wasm's types.ts."""

_APART: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "Tanh": (("Tanh", "x", None),),
    "_FusedHardSwish": (
        ("AddV2", "x", 3.0),
        ("Relu6", 0, None),
        ("Mul", 1, 1 / 6),
        ("Mul", "x", 2),
    ),
    "GeluExact": (
        ("Mul", "x", sqrt(0.5)),
        ("Erf", 0, None),
        ("AddV2", 1, 1.0),
        ("Mul", 2, 0.5),
        ("Mul", "x", 3),
    ),
    "GeluApproximate": (
        ("Mul", "x", "x"),
        ("Mul", 0, 0.044715),
        ("AddV2", 1, 1.0),
        ("Mul", "x", 2),
        ("Mul", 3, sqrt(2 / pi)),
        ("Tanh", 4, None),
        ("AddV2", 5, 1.0),
        ("Mul", 6, 0.5),
        ("Mul", "x", 7),
    ),
}
"""Steps of each activation: an operator and its inputs, which are "x" (what comes before the
activation), an earlier step's index, or a constant."""


def unfused(nodes: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> tuple[Nodes, Weights]:
    """Return the graph with only such activations fused as TensorFlow.js fuses.

    Raises `ModelError` for an activation that is unknown here.
    """
    result: Nodes = {}
    constants = dict(weights)
    for name, node in nodes.items():
        operations = fused_operations(node)
        if operations[:1] == ["BiasAdd"] and node["input"][2] not in weights:
            _take_sum_apart(result, constants, node, operations[1:])
            continue
        if len(operations) < 2 or operations[-1] in RUNS_FUSED:
            result[name] = dict(node)
            continue
        if operations[-1] not in _APART:
            raise ModelError(
                f"The converter fused {operations[-1]} into {node['op']}, which TensorFlow.js "
                "cannot run. Build the model with another activation."
            )
        linear = f"{name}/linear"
        result[linear] = with_fused({**node, "name": linear}, operations[:-1])
        _add_steps(result, constants, name, _APART[operations[-1]])
    return result, constants


def _take_sum_apart(nodes: Nodes, weights: Weights, node: Any, activation: list[str]) -> None:
    """Add a sum of two tensors that Grappler took for a bias, as it does in recurrent layers.

    TensorFlow.js wants a vector there.
    """
    name, (image, kernel, addend, *slopes) = node["name"], node["input"]
    kept = {key: value for key, value in node["attr"].items() if key not in FUSION_ATTRIBUTES}
    product = {**node, "name": f"{name}/product", "op": PLAIN[node["op"]], "attr": kept}
    nodes[product["name"]] = {**product, "input": [image, kernel]}
    total = f"{name}/linear" if activation else name
    _add_node(nodes, total, "AddV2", [product["name"], addend])
    for operation in activation:
        if operation in _APART:
            _add_steps(nodes, weights, name, _APART[operation])
        else:
            _add_node(nodes, name, operation, [total, *slopes])
            if operation == "LeakyRelu":
                nodes[name]["attr"]["alpha"] = node["attr"]["leakyrelu_alpha"]


def _add_node(nodes: Nodes, name: str, operator: str, inputs: list[str]) -> None:
    attributes = {"T": {"type": "DT_FLOAT"}}
    nodes[name] = {"name": name, "op": operator, "input": inputs, "attr": attributes}


def _add_steps(
    nodes: Nodes, weights: Weights, name: str, steps: tuple[tuple[str, Any, Any], ...]
) -> None:
    """Add an activation's nodes after the node "name/linear"; the last has the name `name`."""

    def source(place: str, value: Any) -> str:
        if value == "x":
            return f"{name}/linear"
        if isinstance(value, int):
            return f"{name}/{value}"
        return constant(nodes, weights, f"{name}/{place}", np.float32(value))

    for index, (operator, first, second) in enumerate(steps):
        own = name if index == len(steps) - 1 else f"{name}/{index}"
        inputs = [source(f"{index}/{i}", v) for i, v in enumerate((first, second)) if v is not None]
        _add_node(nodes, own, operator, inputs)
