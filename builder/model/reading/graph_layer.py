"""A frozen TensorFlow graph as a layer that Keras 3 can call."""

from functools import cache
from typing import Any

from builder.model.outputs.expression import Expression
from builder.model.outputs.of_graph import expression_of_graph
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow


def graph_layer(graph: Any, image: str, output: str) -> Any:
    """Return a Keras layer that runs part of a GraphDef.

    `image` names the input's node, `output` the tensor that the layer returns ("node:0").
    """
    return _layer_class()(graph, image, output, name="graph")


def graph_tail(graph: Any, scores: str, output: str) -> Any:
    """Return a Keras layer that does to the scores of classes what a graph does behind them.

    `scores` names the placeholder that takes them. Each class stays in its place.
    """
    base = _layer_class()
    return type("GraphTail", (base,), {})(graph, scores, output, name="tail")


@cache
def _layer_class() -> Any:
    # Made when it is needed: the base class would import Keras.
    keras, tf = import_keras(), tensorflow()

    class GraphLayer(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def __init__(self, graph: Any, image: str, output: str, name: str) -> None:
            super().__init__(name=name, trainable=False)
            self.scopes = frozenset(part for node in graph.node for part in node.name.split("/"))
            self._graph_def, self._image, self._output = graph, image, output
            node = next(node for node in graph.node if node.name == image)
            shape = node.attr["shape"].shape
            self._takes_one = bool(shape.dim) and shape.dim[0].size == 1
            self._run = tf.function(self._imported, autograph=False)

        def _imported(self, images: Any) -> Any:
            (output,) = tf.graph_util.import_graph_def(
                self._graph_def, {f"{self._image}:0": images}, [self._output], name="network"
            )
            return output

        def call(self, images: Any) -> Any:
            if self._takes_one and images.shape[0] != 1:
                return tf.map_fn(lambda image: self._run(image[tf.newaxis])[0], images)
            return self._run(images)

        def compute_output_spec(self, images: Any) -> Any:
            batch, *sides = images.shape
            with tf.Graph().as_default():
                known = 1 if self._takes_one else batch
                placeholder = tf.compat.v1.placeholder(tf.float32, (known, *sides))
                shape = self._imported(placeholder).shape
            # Some graphs turn one photo into many rows, which `find_head` refuses.
            rows = shape[0] if batch == 1 and shape.rank else None
            return keras.KerasTensor((rows or batch, *shape[1:]), dtype="float32")

        def ending(self, argument: Expression) -> Expression:
            """Return what the layer's output was computed from, `argument` being its input."""
            return expression_of_graph(self._graph_def, self._output, {self._image: argument})

    return GraphLayer
