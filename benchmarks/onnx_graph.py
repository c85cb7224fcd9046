"""Writes a TensorFlow.js graph model as ONNX, weight by weight, for ONNX Runtime Web."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

OPSET = 17
_CLIP = {"Relu6": ("Clip", (0.0, 6.0)), "Relu": ("Relu", ())}


class OnnxGraph:
    """Grows node by node; images are [1, H, W, 3] outside and channels first inside."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant; return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node; return its output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output


def onnx_model(
    nodes: list[Mapping[str, Any]], weights: Mapping[str, NDArray[Any]], size: int
) -> ModelProto:
    """Return the part of a folded MobileNet graph that computes `probabilities`.

    Raises ValueError for an operator that no such graph has.
    """
    graph = OnnxGraph()
    for node in nodes:
        if node["op"] != "Const" and node["name"] not in ("embedding", "class_activation"):
            _add(graph, node, weights)
    classes = next(w.shape[-1] for w in reversed(list(weights.values())) if w.ndim == 4)
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, size, size, 3])
    answer = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, classes])
    made = helper.make_graph(graph.nodes, "classifier", [image], [answer], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    checker.check_model(model)
    return model


def _add(graph: OnnxGraph, node: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> None:
    name, operator = node["name"], node["op"]
    inputs = list(node.get("input", ()))
    if operator == "Placeholder":
        graph.add("Transpose", ["image"], "image_nchw", perm=[0, 3, 1, 2])
    elif operator in ("Mul", "AddV2"):
        source = "image_nchw" if inputs[0] == "image" else inputs[0]
        value = weights[inputs[1]]
        shaped = value.reshape(1, -1, 1, 1) if value.size > 1 else value.reshape(())
        constant = graph.constant(inputs[1], shaped)
        graph.add({"Mul": "Mul", "AddV2": "Add"}[operator], [source, constant], name)
    elif operator in ("_FusedConv2D", "Conv2D", "FusedDepthwiseConv2dNative"):
        _add_convolution(graph, node, weights)
    elif operator == "Mean":
        graph.add("GlobalAveragePool", [inputs[0]], name)
    elif operator == "Reshape":
        graph.add("Flatten", [inputs[0]], name, axis=1)
    elif operator == "Softmax":
        graph.add("Softmax", [inputs[0]], name, axis=-1)
    else:
        raise ValueError(f"{operator} is no operator of a folded MobileNet")


def _add_convolution(
    graph: OnnxGraph, node: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]
) -> None:
    source, kernel, *bias = node["input"]
    attributes = node["attr"]
    values = weights[kernel]
    depthwise = node["op"] == "FusedDepthwiseConv2dNative"
    groups = values.shape[2] if depthwise else 1
    order = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
    strides = [int(value) for value in attributes["strides"]["list"]["i"][1:3]]
    fused = attributes.get("fused_ops", {"list": {"s": []}})["list"]["s"]
    activation = [base64.b64decode(name).decode() for name in fused][1:]
    same = base64.b64decode(attributes["padding"]["s"]) == b"SAME"
    out = node["name"] if not activation else f"{node['name']}_linear"
    graph.add(
        "Conv",
        [
            source,
            graph.constant(kernel, values.transpose(order)),
            *(graph.constant(name, weights[name]) for name in bias),
        ],
        out,
        group=groups,
        strides=strides,
        auto_pad="SAME_UPPER" if same else "VALID",
    )
    for name in activation:
        operator, limits = _CLIP[name]
        bounds = [
            graph.constant(f"{node['name']}_limit{i}", np.float32(limit))
            for i, limit in enumerate(limits)
        ]
        graph.add(operator, [out, *bounds], node["name"])
