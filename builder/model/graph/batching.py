"""A graph that was exported for one photo, made to take several at once.

The browser classifies one photo at a time, so the graph's batch of one is built in: in the shape of
its input, and in the shapes that it gives its tensors. In batches, measuring on hundreds of photos
takes a third of the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.nodes import Weights

_SIDE = 224
_AT_ONCE = 16
"""Photos of `_SIDE` pixels that go through a network at once; of larger ones fewer, because what
lies in memory meanwhile grows with their area."""


def batch_size(height: int, width: int) -> int:
    """Return how many photos of this size, pixels, go through a network at once."""
    return max(1, min(_AT_ONCE, _AT_ONCE * _SIDE**2 // (height * width)))


def with_open_batch(
    topology: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]
) -> tuple[dict[str, Any], Weights]:
    """Return a graph's nodes and weights with the size of the batch left open.

    The caller checks whether the graph then answers each photo as it does alone: a shape that is
    computed, or a constant laid beside each photo, is left as it is.
    """
    opened = _Opened([], dict(weights))
    for node in topology["node"]:
        shape = weights.get(node["input"][1]) if node["op"] == "Reshape" else None
        if node["op"] == "Placeholder":
            opened.add_image(node)
        elif shape is not None and len(shape) and np.all(shape >= 0):
            # The first side of a tensor in memory takes over what the batch is larger by.
            name = opened.add_constant(f"{node['name']}/open", [-1, *shape[1:]])
            opened.nodes.append({**node, "input": [node["input"][0], name]})
        elif shape is not None and len(shape) and shape[0] == 1:
            name = opened.add_counted(f"{node['name']}/open", shape[1:])
            opened.nodes.append({**node, "input": [node["input"][0], name]})
        elif node["op"] == "Conv2DBackpropInput" and node["input"][0] in weights:
            # TensorFlow aborts, rather than raise an error, where the shape is not the tensor's.
            name = opened.add_counted(f"{node['name']}/open", weights[node["input"][0]][1:])
            opened.nodes.append({**node, "input": [name, *node["input"][1:]]})
        else:
            opened.nodes.append(node)
    return {**topology, "node": opened.nodes}, opened.weights


_INT32 = {"type": "DT_INT32"}


@dataclass(frozen=True)
class _Opened:
    """Nodes and weights of the graph that is being made."""

    nodes: list[Mapping[str, Any]]
    weights: Weights

    def add_image(self, node: Mapping[str, Any]) -> None:
        """Add the input, and how many photos it holds: "photos/count" [1]."""
        _, *sides = node["attr"]["shape"]["shape"]["dim"]
        shape = {"shape": {"dim": [{"size": "-1"}, *sides]}}
        self.nodes.append({**node, "attr": {**node["attr"], "shape": shape}})
        types = {"T": {"type": "DT_FLOAT"}, "out_type": _INT32}
        self._add("photos/shape", "Shape", [node["name"]], types)
        zero, one = self.add_constant("photos/0", [0]), self.add_constant("photos/1", [1])
        types = {"T": _INT32, "Index": _INT32}
        self._add("photos/count", "Slice", ["photos/shape", zero, one], types)

    def add_counted(self, name: str, sides: Any) -> str:
        """Add a shape whose first side is the number of photos; return its name."""
        rest = self.add_constant(f"{name}/sides", sides)
        axis = self.add_constant(f"{name}/axis", 0)
        types = {"T": _INT32, "Tidx": _INT32, "N": {"i": "2"}}
        return self._add(name, "ConcatV2", ["photos/count", rest, axis], types)

    def add_constant(self, name: str, values: Any) -> str:
        """Add a constant of int32 values; return its name."""
        array = np.asarray(values, np.int32)
        tensor = {
            "dtype": "DT_INT32",
            "tensorShape": {"dim": [{"size": str(side)} for side in array.shape]},
        }
        self.weights[name] = array
        return self._add(name, "Const", [], {"dtype": _INT32, "value": {"tensor": tensor}})

    def _add(self, name: str, operator: str, inputs: list[str], attributes: Any) -> str:
        self.nodes.append({"name": name, "op": operator, "input": inputs, "attr": attributes})
        return name
