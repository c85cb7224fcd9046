"""Runs a TensorFlow.js graph model, as emitted, with TensorFlow's own CPU kernels."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.setup import hushed, tensorflow
from builder.model.shards import decode_weights

_FUSED = {
    "_FusedConv2D": "Conv2D",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
    "_FusedMatMul": "MatMul",
}
"""Operators of the converter's making, and what they consist of besides bias and activation.

TensorFlow refuses to import names with an underscore and has no kernel for the second.
"""

_FUSION_ATTRIBUTES = frozenset(
    {"fused_ops", "num_args", "epsilon", "leakyrelu_alpha", "num_host_args", "TArgs"}
    | {"filter_format", "user_args"}
)
_ACTIVATIONS = {"Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu"}


Tensors = Callable[[Any], list[NDArray[Any]]]
"""Image [H, W, 3] in 0…255 → the values of some tensors of a graph, batch of one included."""


class EmittedModel:
    """A graph model read back from its files: what the browser will compute, computed here."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Read `model.json` and the shards that it names.

        Raises `ModelError` where a file is missing, unreadable, or not of the length it should be.
        """
        try:
            document = json.loads(files["model.json"])
        except KeyError as error:
            raise ModelError("The graph model has no model.json.") from error
        except ValueError as error:
            raise ModelError(f"The graph model's model.json is damaged: {error}.") from error
        weights = decode_weights(document["weightsManifest"], files)
        self._graph = graph_def(document["modelTopology"], weights)
        self._functions: dict[str, Tensors] = {}

    def predict(self, images: Any) -> NDArray[Any]:
        """Return the probabilities [N, C] of `images`: float32 [N, H, W, 3], 0…255."""
        return self.output("probabilities", images)

    def output(self, name: str, images: Any) -> NDArray[Any]:
        """Return the output `name` [N, …] of `images`: float32 [N, H, W, 3], 0…255.

        One at a time, as the browser does.
        """
        tf = tensorflow()
        if name not in self._functions:
            self._functions[name] = _function(self._graph, [name])
        function = self._functions[name]
        with tf.device("/CPU:0"):
            return np.concatenate([function(image)[0] for image in images])


def tensor_reader(
    topology: Mapping[str, Any], weights: Mapping[str, NDArray[Any]], names: Sequence[str]
) -> Tensors:
    """Return a function from an image [H, W, 3] to the tensors of a graph that `names` names."""
    return _function(graph_def(topology, weights), names)


def _function(graph: Any, names: Sequence[str]) -> Tensors:
    tf = tensorflow()
    image = next(node for node in graph.node if node.op == "Placeholder")
    shape = [side.size for side in image.attr["shape"].shape.dim]

    outputs = [name if ":" in name else f"{name}:0" for name in names]

    def run(value: Any) -> Any:
        return tf.graph_util.import_graph_def(
            graph, input_map={f"{image.name}:0": value}, return_elements=outputs, name=""
        )

    with hushed():
        wrapped = tf.compat.v1.wrap_function(run, [tf.TensorSpec(shape, tf.float32)])

    def tensors(pixels: Any) -> list[NDArray[Any]]:
        values = wrapped(tf.constant(pixels[np.newaxis], tf.float32))
        return [np.asarray(value) for value in values]

    return tensors


def graph_def(topology: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> Any:
    """Build TensorFlow's GraphDef, with the weights in and fused operators taken apart."""
    tf = tensorflow()
    from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]

    parsed = ParseDict(dict(topology), tf.compat.v1.GraphDef())
    graph = tf.compat.v1.GraphDef(versions=parsed.versions, library=parsed.library)
    for node in parsed.node:
        if node.op == "Const" and node.name in weights:
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
        if key not in _FUSION_ATTRIBUTES:
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
