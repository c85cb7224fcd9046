"""A TensorFlow.js graph as TensorFlow's own GraphDef, to be run with its CPU kernels."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.graph.nodes import FUSION_ATTRIBUTES
from builder.model.setup import silenced, tensorflow

_FUSED = {
    "_FusedConv2D": "Conv2D",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
    "_FusedMatMul": "MatMul",
}
"""Operators that the converter makes, and what they consist of besides bias and activation.

TensorFlow refuses to import names with an underscore and has no kernel for the second.
"""

_ACTIVATIONS = {"Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu", "Tanh"}


Tensors = Callable[[Any], list[NDArray[Any]]]
"""Images [N, H, W, 3] in 0…255 → the values of some tensors of a graph, [N, …] each."""


def tensor_reader(
    topology: Mapping[str, Any], weights: Mapping[str, NDArray[Any]], names: Sequence[str]
) -> Tensors:
    """Return a function from an image [1, H, W, 3] to the tensors of a graph that `names` names."""
    return tensors_of(graph_def(topology, weights), names)


def tensors_of(graph: Any, names: Sequence[str]) -> Tensors:
    """Return a function from images [N, H, W, 3] to a GraphDef's tensors of these names."""
    tf = tensorflow()
    image = next(node for node in graph.node if node.op == "Placeholder")
    sides = [side.size for side in image.attr["shape"].shape.dim]
    shape = [side if side >= 0 else None for side in sides]

    outputs = [name if ":" in name else f"{name}:0" for name in names]

    def run(value: Any) -> Any:
        return tf.graph_util.import_graph_def(
            graph, input_map={f"{image.name}:0": value}, return_elements=outputs, name=""
        )

    with silenced():
        wrapped = tf.compat.v1.wrap_function(run, [tf.TensorSpec(shape, tf.float32)])

    def tensors(images: Any) -> list[NDArray[Any]]:
        values = wrapped(tf.constant(images, tf.float32))
        return [np.asarray(value) for value in values]

    return tensors


def graph_def(
    topology: Mapping[str, Any],
    weights: Mapping[str, NDArray[Any]],
    fed: Collection[str] = (),
) -> Any:
    """Build TensorFlow's GraphDef, with the weights in and fused operators split.

    The weights named in `fed` become placeholders instead.
    """
    tf = tensorflow()
    from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]

    parsed = ParseDict(dict(topology), tf.compat.v1.GraphDef())
    graph = tf.compat.v1.GraphDef(versions=parsed.versions, library=parsed.library)
    for node in parsed.node:
        if node.name in fed:
            node.op = "Placeholder"
            del node.attr["value"]
        elif node.op == "Const" and node.name in weights:
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(weights[node.name]))
        graph.node.extend(_expanded(node) if node.op in (*_FUSED, "Prelu") else [node])
    return graph


def _expanded(node: Any) -> Iterator[Any]:
    """Yield the plain nodes that a fused one stands for; the last has its name."""
    tf = tensorflow()
    if node.op == "Prelu":
        yield from _prelu(node.name, *node.input)
        return
    operations = [name.decode() for name in node.attr["fused_ops"].list.s]
    arguments = list(node.input[2:])
    plain = tf.compat.v1.NodeDef(name=node.name, op=_FUSED[node.op], input=node.input[:2])
    for key, value in node.attr.items():
        if key not in FUSION_ATTRIBUTES:
            plain.attr[key].CopyFrom(value)
    chain = [plain]
    for operation in operations:
        if operation == "NoOp":
            continue
        chain[-1].name = source = f"{node.name}/{len(chain)}"
        if operation == "Prelu":
            chain.extend(_prelu(node.name, source, arguments.pop(0)))
            continue
        following = tf.compat.v1.NodeDef(name=node.name, op=operation, input=[source])
        following.attr["T"].CopyFrom(node.attr["T"])
        if operation == "BiasAdd":
            following.input.append(arguments.pop(0))
        elif operation == "LeakyRelu":
            following.attr["alpha"].f = node.attr["leakyrelu_alpha"].f
        elif operation not in _ACTIVATIONS:
            raise ModelError(
                f"The graph fuses {operation} into {node.op}, which cannot be checked here."
            )
        chain.append(following)
    yield from chain


def _prelu(name: str, value: str, alpha: str) -> list[Any]:
    """Return max(x, 0) - alpha · max(-x, 0), which TensorFlow.js has as one operator."""
    tf = tensorflow()
    node = tf.compat.v1.NodeDef
    nodes = [
        node(name=f"{name}/positive", op="Relu", input=[value]),
        node(name=f"{name}/opposite", op="Neg", input=[value]),
        node(name=f"{name}/negative", op="Relu", input=[f"{name}/opposite"]),
        node(name=f"{name}/scaled", op="Mul", input=[alpha, f"{name}/negative"]),
        node(name=name, op="Sub", input=[f"{name}/positive", f"{name}/scaled"]),
    ]
    for part in nodes:
        part.attr["T"].type = tf.float32.as_datatype_enum
    return nodes
