"""A frozen TensorFlow graph → a Keras 3 model whose end is made of layers that can be read."""

from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import ModelError
from builder.model.export import first_line
from builder.model.operators import require_browser_operators, with_browser_operators
from builder.model.reading.graph_head import GraphHead, find_graph_head
from builder.model.reading.graph_layer import graph_layer
from builder.model.reading.network import Network
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow


def graph_network(graph: Any, image: str, output: str, path: Path) -> Network:
    """Wrap the GraphDef that computes the tensor `output` ("node:0") from the node `image`.

    Raises `ModelError` where it does not map one float image to numbers, a weight is no number, or
    TensorFlow.js lacks an operator: nothing of the graph is run before that is known.
    """
    tf = tensorflow()
    ends = [image, output.split(":", maxsplit=1)[0]]
    graph = tf.compat.v1.graph_util.extract_sub_graph(graph, ends)
    graph = with_browser_operators(graph)
    scopes = frozenset(part for node in graph.node for part in node.name.split("/")[:-1])
    require_browser_operators(graph, scopes)
    _require_finite(graph, path)
    shape = _image_shape(graph, image, path)
    head = find_graph_head(graph, output)
    keras = import_keras()
    inputs = keras.Input(shape[1:])
    try:
        values = graph_layer(graph, image, head.body)(inputs)
        model = keras.Model(inputs, _with_head(values, head))
    except Exception as error:
        # TensorFlow and Keras raise ValueError, TypeError, InvalidArgumentError and others.
        raise ModelError(
            f"{path} cannot be read: its graph does not fit together ({first_line(error)}). "
            "Export the model again."
        ) from error
    return Network(model, parts=tuple(sorted(scopes)))


def _with_head(values: Any, head: GraphHead) -> Any:
    """Return what the layers behind the cut make of `values`."""
    import keras

    if head.kernel is None:
        return values
    if head.is_pooled:
        values = keras.layers.GlobalAveragePooling2D()(values)
    dense = keras.layers.Dense(
        head.kernel.shape[1], activation=head.activation, use_bias=head.bias is not None
    )
    outputs = dense(values)
    dense.set_weights([head.kernel] if head.bias is None else [head.kernel, head.bias])
    return outputs


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
