"""Merges what follows a convolution or matrix product into it, in a converted graph.

The converter fuses bias and activation where nothing stands between them; a batch norm that it
took apart (Mul, AddV2) does, and so do graphs that were not read as Keras layers. A bias of one
number, which it makes of the +3 in a hard sigmoid, would not run at all: the WebAssembly kernels
want one number a channel.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.nodes import (
    PLAIN,
    Nodes,
    Weights,
    constant,
    encoded,
    fused_operations,
    with_fused,
)

_ACTIVATIONS = ("Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu")
"""Activations that every backend can fuse."""


def fused(
    nodes: Mapping[str, Any], weights: Mapping[str, NDArray[Any]], kept: Collection[str]
) -> tuple[Nodes, Weights]:
    """Return the graph with factors, offsets and activations merged into what computes before.

    `kept` names the nodes whose values are outputs.
    """
    copies = {name: {**node, "input": [*node["input"]]} for name, node in nodes.items()}
    graph = _Graph(copies, dict(weights), kept)
    for name in [name for name, node in nodes.items() if node["op"] in PLAIN]:
        if graph.is_known(name):
            graph.absorb_all(name)
    return graph.nodes, graph.weights


class _Graph:
    """A graph that is being rewritten."""

    def __init__(self, nodes: Nodes, weights: Weights, kept: Collection[str]) -> None:
        self.nodes, self.weights, self.kept = nodes, weights, kept
        references = [
            (_node_of(reference), name)
            for name, node in nodes.items()
            for reference in node["input"]
        ]
        self.uses = Counter(source for source, _ in references)
        self.consumer = dict(references)

    def is_known(self, name: str) -> bool:
        """Return whether the kernel, and what is fused already, are constants of usual layout."""
        node = self.nodes[name]
        attributes = node.get("attr", {})
        return (
            attributes.get("data_format", {}).get("s") in (None, encoded("NHWC"))
            and not attributes.get("transpose_a", {}).get("b")
            and not attributes.get("transpose_b", {}).get("b")
            and all(argument in self.weights for argument in node["input"][1:])
        )

    def absorb_all(self, name: str) -> None:
        """Merge the following nodes into the node `name`, as far as they can be.

        The merged node has the name of the last of them, so that its consumers stay as they are.
        """
        if fused_operations(self.nodes[name]) in ([], ["BiasAdd"]):
            while (following := self._following(name)) and self._absorb_numbers(name, following):
                name = self._renamed(name, following)
            if following and self._can_fuse(name, following["op"]):
                first = fused_operations(self.nodes[name]) or ["NoOp"]
                self.nodes[name] = with_fused(self.nodes[name], [*first, following["op"]])
                if following["op"] == "LeakyRelu":
                    slope = following.get("attr", {}).get("alpha", {"f": 0.2})
                    self.nodes[name]["attr"]["leakyrelu_alpha"] = slope
                name = self._renamed(name, following)
        self._widen_bias(name)

    def _can_fuse(self, name: str, activation: str) -> bool:
        """Return whether every backend has the activation in the node `name`."""
        is_depthwise = PLAIN[self.nodes[name]["op"]] == "DepthwiseConv2dNative"
        # TensorFlow.js reads the slope for the other two only.
        return activation in _ACTIVATIONS and not (is_depthwise and activation == "LeakyRelu")

    def _following(self, name: str) -> dict[str, Any] | None:
        """Return the only node that consumes the node `name`, unless the latter is an output."""
        alone = self.uses[name] == 1 and name not in self.kept
        return self.nodes[self.consumer[name]] if alone else None

    def _absorb_numbers(self, name: str, following: Mapping[str, Any]) -> bool:
        """Merge a constant factor or offset into kernel and bias; return whether there was one."""
        operator, sources = following["op"], following["input"]
        if operator not in ("Mul", "AddV2", "Add", "BiasAdd", "Sub") or len(sources) != 2:
            return False
        if operator == "Sub" and sources[0] != name:
            return False
        values = self.weights.get(sources[1] if sources[0] == name else sources[0])
        channels = self._channels(name)
        if values is None or not _is_per_channel(values, channels):
            return False
        vector = np.broadcast_to(values.astype(np.float64).reshape(-1), (channels,))
        kernel, *biases = self.nodes[name]["input"][1:]
        bias = self.weights[biases[0]].astype(np.float64) if biases else None
        if operator == "Mul":
            scaled = self._scaled(name, kernel, vector)
            self.nodes[name]["input"][1] = constant(
                self.nodes, self.weights, f"{name}/kernel", scaled
            )
            if bias is not None:
                self._set_bias(name, bias * vector)
        else:
            offset = -vector if operator == "Sub" else vector
            self._set_bias(name, offset if bias is None else bias + offset)
        return True

    def _scaled(self, name: str, kernel: str, factor: NDArray[Any]) -> NDArray[Any]:
        values = self.weights[kernel]
        if PLAIN[self.nodes[name]["op"]] == "DepthwiseConv2dNative":
            # A depthwise kernel is [height, width, in, multiplier], its output channel in · m + i.
            factor = factor.reshape(values.shape[2:])
        return np.asarray(values * factor, np.float32)

    def _channels(self, name: str) -> int:
        shape = self.weights[self.nodes[name]["input"][1]].shape
        is_depthwise = PLAIN[self.nodes[name]["op"]] == "DepthwiseConv2dNative"
        return int(shape[2] * shape[3] if is_depthwise else shape[-1])

    def _set_bias(self, name: str, values: NDArray[Any]) -> None:
        node = self.nodes[name]
        node["input"][2:3] = [constant(self.nodes, self.weights, f"{name}/bias", values)]
        if not fused_operations(node):
            self.nodes[name] = with_fused(node, ["BiasAdd"])

    def _widen_bias(self, name: str) -> None:
        node = self.nodes[name]
        if fused_operations(node)[:1] == ["BiasAdd"]:
            values, channels = self.weights[node["input"][2]], self._channels(name)
            if values.shape != (channels,):
                self._set_bias(name, np.broadcast_to(values.reshape(-1), (channels,)))

    def _renamed(self, name: str, following: Mapping[str, Any]) -> str:
        """Put the node `name` in the place of the one that it has absorbed; return its new name."""
        place: str = following["name"]
        self.nodes[place] = {**self.nodes.pop(name), "name": place}
        return place


def _node_of(reference: str) -> str:
    return reference.removeprefix("^").split(":")[0]


def _is_per_channel(values: NDArray[Any], channels: int) -> bool:
    """Return whether values broadcast along the channels, the last axis, and no other."""
    fits = values.size == 1 or (values.size == channels and values.shape[-1] == channels)
    return values.dtype == np.float32 and fits
