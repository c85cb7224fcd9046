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
from builder.model.fuse_nodes import Nodes, Weights, constant, fused_operations, with_fused

RUNS_FUSED = frozenset({"Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu", "Prelu"})
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
        attributes = {"T": {"type": "DT_FLOAT"}}
        nodes[own] = {"name": own, "op": operator, "input": inputs, "attr": attributes}
