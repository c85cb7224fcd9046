"""A frozen TensorFlow graph → a Keras 3 model whose end is made of layers that can be read."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import ModelError
from builder.model.arithmetic.graph_nodes import graph_arithmetic
from builder.model.graph.loops import require_no_loop
from builder.model.kernels.constants import constant_nodes
from builder.model.kernels.rewrite import REWRITTEN
from builder.model.network.export import first_line
from builder.model.network.operators import require_browser_operators, with_browser_operators
from builder.model.network.repeatable import require_repeatable
from builder.model.reading.allowed_graph import callees
from builder.model.reading.graph_head import GraphHead, find_graph_head
from builder.model.reading.graph_layer import graph_layer, graph_tail
from builder.model.reading.network import Network
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow


def graph_network(graph: Any, image: str, output: str, path: Path) -> Network:
    """Wrap the GraphDef that computes the tensor `output` ("node:0") from the node `image`.

    Raises `ModelError` where it does not map one float image to numbers, a weight is not a number,
    it has a loop, or TensorFlow.js lacks an operator: nothing of it is run before that is known.
    """
    ends = [image, output.split(":", maxsplit=1)[0]]
    graph = _what_computes(graph, ends)
    require_no_loop(graph, (), str(path))
    scopes = frozenset(part for node in graph.node for part in node.name.split("/")[:-1])
    require_repeatable(graph, (), str(path))
    graph = with_browser_operators(graph)
    require_browser_operators(graph, scopes, constant_nodes(graph) | REWRITTEN)
    _require_finite(graph, path)
    shape = _image_shape(graph, image, path)
    head = find_graph_head(graph, output)
    keras = import_keras()
    inputs = keras.Input(shape[1:])
    try:
        values = graph_layer(graph, image, head.body)(inputs)
        values = _with_head(values, head)
        if head.tail:
            is_single = shape[0] == 1
            tail = _tail(graph, head, (1 if is_single else None, *values.shape[1:]), output)
            values = graph_tail(tail, head.scores, output)(values)
        model = keras.Model(inputs, values)
    except Exception as error:
        # TensorFlow and Keras raise ValueError, TypeError, InvalidArgumentError and others.
        raise ModelError(
            f"{path} cannot be read: its graph does not fit together ({first_line(error)}). "
            "Export the model again."
        ) from error
    arithmetic = graph_arithmetic(graph, image, output)
    return Network(model, parts=tuple(sorted(scopes)), arithmetic=arithmetic)


def _what_computes(graph: Any, ends: list[str]) -> Any:
    """Return the part of a graph that the nodes `ends` are computed from, functions included.

    Control inputs are left out: a classifier writes nothing, so the order of nodes that do not
    depend on one another changes no value. TF-Hub's graphs have them on constants.
    """
    tf = tensorflow()
    plain = tf.compat.v1.GraphDef(versions=graph.versions)
    for node in graph.node:
        copy = plain.node.add()
        copy.CopyFrom(node)
        copy.input[:] = [reference for reference in node.input if not reference.startswith("^")]
    plain = tf.compat.v1.graph_util.extract_sub_graph(plain, ends)
    functions = {function.signature.name: function for function in graph.library.function}
    needed: set[str] = set()
    waiting = list(callees(plain.node, functions))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(callees(functions[name].node_def, functions))
    plain.library.function.extend(f for name, f in functions.items() if name in needed)
    return plain


def _with_head(values: Any, head: GraphHead) -> Any:
    """Return what the layers behind the cut make of `values`."""
    import keras

    if head.kernel is None:
        return values
    is_convolution = head.kernel.ndim == 4
    if head.is_pooled:
        values = keras.layers.GlobalAveragePooling2D(keepdims=is_convolution)(values)
    layers = keras.layers
    kind = partial(layers.Conv2D, kernel_size=1) if is_convolution else layers.Dense
    classes, has_bias = head.kernel.shape[-1], head.bias is not None
    layer = kind(classes, activation=head.activation, use_bias=has_bias)
    outputs = layer(values)
    layer.set_weights([head.kernel] if head.bias is None else [head.kernel, head.bias])
    return outputs


def _tail(graph: Any, head: GraphHead, shape: tuple[int | None, ...], output: str) -> Any:
    """Return the part of a graph behind its classifier, which takes scores of a shape."""
    tf = tensorflow()
    tail = tf.compat.v1.GraphDef(versions=graph.versions)
    scores = tail.node.add(name=head.scores, op="Placeholder")
    scores.attr["dtype"].type = tf.float32.as_datatype_enum
    scores.attr["shape"].shape.CopyFrom(tf.TensorShape(shape).as_proto())
    tail.node.extend(node for node in graph.node if node.name in head.tail or node.op == "Const")
    return tf.compat.v1.graph_util.extract_sub_graph(
        tail, [head.scores, output.split(":", maxsplit=1)[0]]
    )


def _image_shape(graph: Any, image: str, path: Path) -> tuple[int | None, ...]:
    tf = tensorflow()
    node = next(node for node in graph.node if node.name == image)
    dtype = tf.dtypes.as_dtype(node.attr["dtype"].type)
    if dtype == tf.string:
        raise ModelError(
            f"{path} takes texts or encoded files (strings), not pixels: export a model whose "
            "input is the decoded photo, float32 [batch, height, width, 3]."
        )
    if dtype != tf.float32:
        raise ModelError(
            f"{path} takes numbers of the type {dtype.name}: export the model with a float32 input."
        )
    shape = tf.TensorShape(node.attr["shape"].shape)
    if shape.rank is None:
        raise ModelError(
            f"{path} does not say how large its photos are: export the model with an input of "
            "the shape [batch, height, width, 3]."
        )
    return tuple(shape.as_list())


def _require_finite(graph: Any, path: Path) -> None:
    tf = tensorflow()
    for node in graph.node:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            values = tf.make_ndarray(node.attr["value"].tensor)
            # A single infinity may be meant: it masks, or pads before a maximum.
            if values.size > 1 and not np.all(np.isfinite(values)):
                what = "NaN" if np.any(np.isnan(values)) else "infinite values"
                raise ModelError(
                    f"{path} has {what} in the weights {node.name!r}: the training has failed or "
                    "the file is damaged. Use another file."
                )
