"""Nodes of a converted graph as JSON: constants, and the fused operators' list of operations."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Nodes = dict[str, dict[str, Any]]
"""Nodes by name; each has "name", "op", "input" and "attr"."""
Weights = dict[str, NDArray[Any]]
"""Values of the Const nodes by name."""

FUSED = {
    "Conv2D": "_FusedConv2D",
    "DepthwiseConv2dNative": "FusedDepthwiseConv2dNative",
    "MatMul": "_FusedMatMul",
}
"""The fused form of each operator that has one."""

PLAIN = {**{name: name for name in FUSED}, **{fused: name for name, fused in FUSED.items()}}
"""The operator behind each of both forms."""


FUSION_ATTRIBUTES = frozenset(
    {"fused_ops", "num_args", "epsilon", "leakyrelu_alpha", "num_host_args", "TArgs"}
    | {"filter_format", "user_args"}
)
"""Attributes that only a fused node has."""


def constant(nodes: Nodes, weights: Weights, name: str, values: Any) -> str:
    """Add a constant of float32 `values` to the graph; return its name."""
    array = np.asarray(values, np.float32)
    dimensions = [{"size": str(side)} for side in array.shape]
    tensor = {"dtype": "DT_FLOAT", "tensorShape": {"dim": dimensions}}
    attributes = {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": tensor}}
    nodes[name] = {"name": name, "op": "Const", "input": [], "attr": attributes}
    weights[name] = array
    return name


def fused_operations(node: Mapping[str, Any]) -> list[str]:
    """Return what is fused into a node, e.g. ["BiasAdd", "Relu6"]; "NoOp" stands for no bias."""
    listed = node.get("attr", {}).get("fused_ops", {}).get("list", {}).get("s", [])
    return [b64decode(operation).decode() for operation in listed]


def with_fused(node: Mapping[str, Any], operations: list[str]) -> dict[str, Any]:
    """Return the node in its fused form with exactly these operations."""
    attributes = {
        **node["attr"],
        "fused_ops": {"list": {"s": [encoded(operation) for operation in operations]}},
        "num_args": {"i": str(operations.count("BiasAdd"))},
    }
    return {**node, "op": FUSED[PLAIN[node["op"]]], "attr": attributes}


def encoded(text: str) -> str:
    """Return a text as GraphDef's JSON has it."""
    return b64encode(text.encode()).decode()
