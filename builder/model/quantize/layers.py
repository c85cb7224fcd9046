"""Finds the layers of a graph whose weights are worth rounding with care."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from builder.model.graph.canonical import CanonicalGraph
from builder.model.graph.nodes import fused_operations

_OPERATORS = frozenset({"Conv2D", "_FusedConv2D", "MatMul", "_FusedMatMul"})
"""Every output channel reads every input: enough inputs to share an error. Depthwise convolutions
have nine for a channel and few weights in all."""

_DEPTHWISE = frozenset({"DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"})

_PER_CHANNEL = frozenset({"Add", "AddV2", "BiasAdd", "Mul", "Prelu", "Sub"})
"""Operators whose constants are a bias or a factor for each channel."""


@dataclass(frozen=True)
class Layer:
    """A convolution or dense layer: outputs are the last axis of its kernel."""

    node: str
    """Name of its node."""
    source: str
    """Name of the tensor that it reads."""
    kernel: str
    """Name of its kernel: [height, width, inputs, outputs] or [inputs, outputs]."""
    bias: str | None
    """Name of its bias, where no other layer has the same one."""
    strides: tuple[int, int]
    """Of a convolution, along height and width."""
    dilations: tuple[int, int]
    """Likewise."""
    padding: str
    """Of a convolution: "SAME" or "VALID"."""
    is_classifier: bool
    """Whether its outputs are the classes."""


@dataclass(frozen=True)
class BiasedLayer:
    """A convolution, depthwise convolution or dense layer whose bias no other layer has."""

    output: str
    """Name of its output with the bias and before the activation, as `graph_def` names it."""
    bias: str
    """Name of its bias."""
    rank: int
    """Axes of its output, channels last."""


def biased_layers(graph: CanonicalGraph) -> Iterator[BiasedLayer]:
    """Yield each bias once, with the first layer that uses it, in the order of execution."""
    listed = graph.topology["node"]
    nodes = {node["name"]: node for node in listed}
    seen: set[str] = set()
    for node in listed:
        if node["op"] not in _OPERATORS | _DEPTHWISE or _is_unusual(node):
            continue
        kernel = graph.weights.get(node["input"][1])
        bias = _own_bias(node, nodes)
        if kernel is None or bias not in graph.weights or bias in graph.scaling or bias in seen:
            continue
        seen.add(bias)
        name = node["name"] if len(fused_operations(node)) == 1 else f"{node['name']}/2"
        yield BiasedLayer(name, bias, kernel.ndim)


def delicate(graph: CanonicalGraph) -> frozenset[str]:
    """Return the names of weights that are few and have much influence each.

    Depthwise kernels, nine weights or so a channel, and what has one number for each channel:
    biases and factors. In half precision they make most of its errors.
    """
    found: set[str] = set()
    for node in graph.topology["node"]:
        names = node.get("input", ())
        if node["op"] in _DEPTHWISE:
            found.update(names[1:])
        elif node["op"] in _OPERATORS:
            found.update(names[2:])
        elif node["op"] in _PER_CHANNEL:
            found.update(name for name in names if _is_vector(graph.weights.get(name)))
    return frozenset(found & graph.weights.keys())


def _is_vector(array: NDArray[Any] | None) -> bool:
    return array is not None and array.size == max(array.shape, default=1)


def dense_layers(graph: CanonicalGraph) -> Iterator[Layer]:
    """Yield each kernel once, with the first layer that uses it, in the order of execution."""
    listed = graph.topology["node"]
    nodes = {node["name"]: node for node in listed}
    classifier = _classifier(listed)
    seen: set[str] = set()
    for node in listed:
        if node["op"] not in _OPERATORS or _is_unusual(node):
            continue
        source, kernel = node["input"][:2]
        if kernel not in graph.weights or kernel in graph.scaling or kernel in seen:
            continue
        seen.add(kernel)
        yield Layer(
            node=node["name"],
            source=source,
            kernel=kernel,
            bias=_own_bias(node, nodes),
            strides=_sides(node, "strides"),
            dilations=_sides(node, "dilations"),
            padding=_text(node["attr"].get("padding", {}), "VALID"),
            is_classifier=node["name"] == classifier,
        )


def _is_unusual(node: Mapping[str, Any]) -> bool:
    """Return whether the node computes anything but outputs = inputs · kernel, channels last."""
    attributes = node["attr"]
    transposed = any(attributes.get(f"transpose_{side}", {}).get("b") for side in "ab")
    layout = _text(attributes.get("data_format", {}), "NHWC")
    return transposed or layout != "NHWC" or _text(attributes.get("padding", {})) == "EXPLICIT"


def _classifier(nodes: list[dict[str, Any]]) -> str | None:
    """Return the last layer before the probabilities, which come first in the order."""
    names = [node["name"] for node in nodes]
    before = nodes[: names.index("probabilities")]
    return next((node["name"] for node in reversed(before) if node["op"] in _OPERATORS), None)


def _own_bias(node: Mapping[str, Any], nodes: Mapping[str, dict[str, Any]]) -> str | None:
    """Return a layer's bias if whatever else reads it has the layer's kernel before it.

    Equal constants are stored once, so two layers may share one (zeros, for example).
    """
    if fused_operations(node)[:1] != ["BiasAdd"]:
        return None
    kernel, bias = node["input"][1:3]
    readers = (other for other in nodes.values() if bias in other.get("input", ()))
    return bias if all(_kernel_behind(reader, nodes) == kernel for reader in readers) else None


def _kernel_behind(node: Mapping[str, Any], nodes: Mapping[str, dict[str, Any]]) -> str | None:
    """Return the kernel of the layer that a node is, or whose outputs it adds a bias to."""
    while node["op"] in ("AddV2", "Add", "BiasAdd", "Reshape"):
        node = nodes[node["input"][0]]
    return str(node["input"][1]) if node["op"] in _OPERATORS | _DEPTHWISE else None


def _sides(node: Mapping[str, Any], name: str) -> tuple[int, int]:
    _, height, width, _ = _listed(node, name, "i") or (1, 1, 1, 1)
    return int(height), int(width)


def _listed(node: Mapping[str, Any], name: str, kind: str) -> list[Any]:
    return list(node["attr"].get(name, {}).get("list", {}).get(kind, ()))


def _text(attribute: Mapping[str, Any], default: str = "") -> str:
    return base64.b64decode(attribute["s"]).decode() if "s" in attribute else default
