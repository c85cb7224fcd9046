import json
from typing import Any

import numpy as np
import pytest

from builder.model.emitted import EmittedModel
from builder.model.graph.fuse import fused
from builder.model.graph.nodes import encoded
from builder.model.quantize.shards import encode_weights

RNG = np.random.default_rng(3)


FLOAT = {"T": {"type": "DT_FLOAT"}}
CONVOLUTION = {
    **FLOAT,
    "strides": {"list": {"i": ["1", "1", "1", "1"]}},
    "dilations": {"list": {"i": ["1", "1", "1", "1"]}},
    "padding": {"s": encoded("SAME")},
    "data_format": {"s": encoded("NHWC")},
}
KERNELS = {
    "Conv2D": RNG.normal(size=(3, 3, 3, 4)),
    "DepthwiseConv2dNative": RNG.normal(size=(3, 3, 3, 2)),
}


class Graph:
    """A chain of nodes that starts with a photo of 6 by 6 pixels."""

    def __init__(self) -> None:
        self.weights: dict[str, Any] = {}
        self.nodes: dict[str, Any] = {}
        sides = [{"size": str(side)} for side in (1, 6, 6, 3)]
        shape = {"shape": {"dim": sides}}
        self.last = self._add("image", "Placeholder", [], {"dtype": FLOAT["T"], "shape": shape})

    def _add(self, name: str, op: str, inputs: list[str], attr: dict[str, Any]) -> str:
        self.nodes[name] = {"name": name, "op": op, "input": inputs, "attr": attr}
        return name

    def constant(self, values: Any) -> str:
        array = np.asarray(values, np.float32)
        name = f"constant{len(self.weights)}"
        self.weights[name] = array
        sides = [{"size": str(side)} for side in array.shape]
        tensor = {"dtype": "DT_FLOAT", "tensorShape": {"dim": sides}}
        return self._add(name, "Const", [], {"dtype": FLOAT["T"], "value": {"tensor": tensor}})

    def call(self, op: str, *others: Any, attr: Any = None, reverse: bool = False) -> "Graph":
        inputs = [self.last, *map(self.constant, others)]
        attributes = attr or FLOAT
        name = f"node{len(self.nodes)}"
        self.last = self._add(name, op, inputs[::-1] if reverse else inputs, attributes)
        return self


def run(nodes: dict[str, Any], weights: dict[str, Any], output: str) -> Any:
    """Return the value of the node `output` for one random photo."""
    manifest, shards = encode_weights(weights)
    ends = [{"name": "probabilities", "op": "Identity", "input": [output], "attr": FLOAT}]
    topology = {"node": [*nodes.values(), *ends], "versions": {"producer": 1882}}
    document = {"modelTopology": topology, "weightsManifest": manifest}
    model = EmittedModel({"model.json": json.dumps(document).encode(), **shards})
    return model.predict(np.random.default_rng(1).normal(size=(1, 6, 6, 3)).astype(np.float32))


def _operators(nodes: dict[str, Any]) -> list[str]:
    return [n["op"] for n in nodes.values() if n["op"] not in ("Const", "Placeholder")]


@pytest.mark.parametrize("kind", ["Conv2D", "DepthwiseConv2dNative"])
def test_a_batch_norm_taken_apart_and_an_activation_are_merged(kind: str) -> None:
    channels = 4 if kind == "Conv2D" else 6
    factor, offset = RNG.normal(size=(2, channels))
    graph = Graph().call(kind, KERNELS[kind], attr=CONVOLUTION)
    graph.call("Mul", factor).call("AddV2", offset, reverse=True).call("Sub", offset / 3)
    graph.call("Mul", 1.5).call("Relu6")
    nodes, weights = fused(graph.nodes, graph.weights, [graph.last])
    name = {"Conv2D": "_FusedConv2D", "DepthwiseConv2dNative": "FusedDepthwiseConv2dNative"}[kind]
    assert _operators(nodes) == [name]
    np.testing.assert_allclose(
        run(nodes, weights, graph.last), run(graph.nodes, graph.weights, graph.last), atol=1e-5
    )


def test_a_bias_of_one_number_becomes_one_for_each_channel() -> None:
    """TensorFlow.js's WebAssembly kernels refuse another: "Expected bias of rank 1"."""
    graph = Graph()
    attr = {
        **CONVOLUTION,
        "fused_ops": {"list": {"s": [encoded("BiasAdd"), encoded("Relu6")]}},
        "num_args": {"i": "1"},
    }
    graph.call("_FusedConv2D", KERNELS["Conv2D"], 3.0, attr=attr)
    nodes, weights = fused(graph.nodes, graph.weights, [graph.last])
    np.testing.assert_array_equal(weights[nodes[graph.last]["input"][2]], np.full(4, 3.0))
    assert run(nodes, weights, graph.last).shape == (1, 6, 6, 4)


def test_what_others_need_is_left_alone() -> None:
    graph = Graph().call("Conv2D", KERNELS["Conv2D"], attr=CONVOLUTION)
    convolution = graph.last
    graph.call("AddV2", np.ones(4))
    kept, _ = fused(graph.nodes, graph.weights, [convolution, graph.last])
    assert _operators(kept) == ["Conv2D", "AddV2"]
    graph.call("Mul")
    graph.nodes[graph.last]["input"].append(convolution)
    used_twice, _ = fused(graph.nodes, graph.weights, [graph.last])
    assert _operators(used_twice) == ["Conv2D", "AddV2", "Mul"]


@pytest.mark.parametrize(
    ("operator", "values", "reverse"),
    [
        ("Mul", RNG.normal(size=(1, 6, 6, 1)), False),
        ("AddV2", RNG.normal(size=(6, 4)), False),
        ("Sub", RNG.normal(size=4), True),
    ],
)
def test_what_is_no_factor_or_offset_of_channels_is_left_alone(
    operator: str, values: Any, reverse: bool
) -> None:
    graph = Graph().call("Conv2D", KERNELS["Conv2D"], attr=CONVOLUTION)
    graph.call(operator, values, reverse=reverse)
    assert _operators(fused(graph.nodes, graph.weights, [graph.last])[0]) == ["Conv2D", operator]
