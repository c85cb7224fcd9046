"""Keeps each layer's mean output where its weights, or those before it, are stored with errors.

Errors of stored weights shift what a layer gives on average, and shifts add up from layer to layer
(the bias correction of Nagel et al. 2019, arXiv:1906.04721, section 4.2). So the graph with the
stored weights runs beside the one with the true weights, on the same photos, and each bias takes
over the difference of the means; the layers after it see what the corrected ones give.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.answers import is_same_answer
from builder.model.graph.batching import with_open_batch
from builder.model.graph.canonical import INPUT, CanonicalGraph
from builder.model.graph.graph_def import graph_def
from builder.model.graph.nodes import Weights
from builder.model.quantize.forms import Stored, as_read
from builder.model.quantize.layers import BiasedLayer, biased_layers
from builder.model.quantize.plain import shortened
from builder.model.setup import silenced, tensorflow

_TRUE, _OURS = "true", "ours"
"""Scopes of the two graphs."""

_FEW = 1024
"""Values of a weight up to which it stands in the graph itself; larger ones are handed in, because
a graph holds two gigabytes at most."""

_MOST_BYTES = 128_000_000
"""What one layer's outputs on all photos may take: where they would take more, fewer photos count.
Those of some layers, of both graphs, lie in memory at once."""

_FEWEST = 4
"""Photos that are looked at, however large a layer's outputs are."""


def with_kept_means(
    graph: CanonicalGraph, stored: Mapping[str, Stored], images: NDArray[Any]
) -> dict[str, Stored]:
    """Return stored weights with biases that keep each layer's mean output.

    The means are over float32 `images` [N, H, W, 3] in 0…255 and over all places of an image. The
    biases of a graph that takes no more than one photo at a time stay as they are.
    """
    tf = tensorflow()
    layers = list(biased_layers(graph))
    topology, weights = with_open_batch(graph.topology, graph.weights)
    ours = {**weights, **{name: as_read(one) for name, one in stored.items()}}
    try:
        both = _SideBySide(topology, weights, ours, layers)
        looked_at = images[both.affordable(len(images))]
        lacking, together = both.run(looked_at)
        _, alone = both.run(looked_at[:1])
    except (tf.errors.OpError, ValueError):
        return dict(stored)
    if len(together) != len(looked_at) or not is_same_answer(together[0], alone[0]):
        return dict(stored)
    corrected = {
        layer.bias: shortened(ours[layer.bias] + lack)
        for layer, lack in zip(layers, lacking, strict=True)
    }
    usable = {name: bias for name, bias in corrected.items() if np.all(np.isfinite(bias))}
    return {**stored, **usable}


class _SideBySide:
    """The graph with the true weights and the one with the stored ones, in one."""

    def __init__(
        self,
        topology: Mapping[str, Any],
        true: Weights,
        ours: Weights,
        layers: Sequence[BiasedLayer],
    ) -> None:
        """Join the graphs. Raises ValueError where TensorFlow does not take them."""
        tf = tensorflow()
        fed = {name: array for name, array in true.items() if _is_large(array)}
        differing = {name: ours[name] for name in fed if ours[name] is not true[name]}
        graph = tf.compat.v1.GraphDef()
        for scope, weights in ((_TRUE, true), (_OURS, ours)):
            graph.node.extend(_in_scope(scope, graph_def(topology, weights, fed), differing))
        _correct(graph, layers)
        given = {f"{_TRUE}/{name}": array for name, array in fed.items()}
        given |= {f"{_OURS}/{name}": array for name, array in differing.items()}
        names = [f"{_TRUE}/{INPUT}:0", *(f"{name}:0" for name in given)]
        wanted = [f"{_OURS}/{layer.output}/lack:0" for layer in layers]

        def run(*values: Any) -> Any:
            return tf.graph_util.import_graph_def(
                graph,
                input_map=dict(zip(names, values, strict=True)),
                return_elements=[*wanted, f"{_TRUE}/probabilities:0"],
                name="",
            )

        (image,) = (node for node in topology["node"] if node["op"] == "Placeholder")
        _, *sides = (int(side["size"]) for side in image["attr"]["shape"]["shape"]["dim"])
        shapes = [(None, *sides), *(array.shape for array in given.values())]
        with silenced(), tf.device("/CPU:0"):
            specs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
            self._function = tf.compat.v1.wrap_function(run, specs)
            self._given = [tf.constant(array) for array in given.values()]
        tensors = (
            self._function.graph.get_tensor_by_name(f"{_OURS}/{layer.output}/raw:0")
            for layer in layers
        )
        self._most_values = max(
            (prod(side or 1 for side in tensor.shape[1:]) for tensor in tensors), default=1
        )

    def affordable(self, count: int) -> slice:
        """Return which of `count` images to look at: as many as memory allows for, evenly."""
        most = max(_FEWEST, _MOST_BYTES // (4 * self._most_values))
        return slice(None, None, max(1, -(-count // most)))

    def run(self, images: NDArray[Any]) -> tuple[list[NDArray[Any]], NDArray[Any]]:
        """Return what each layer's mean output lacks [channels], and the true answers [N, C]."""
        tf = tensorflow()
        with tf.device("/CPU:0"):
            *lacking, answers = self._function(tf.constant(images, tf.float32), *self._given)
        return [np.asarray(one) for one in lacking], np.asarray(answers)


def _is_large(array: NDArray[Any]) -> bool:
    return array.dtype == np.float32 and array.size > _FEW


def _in_scope(scope: str, graph: Any, own: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a graph's nodes under names in a scope; what both graphs share is that of the first."""
    shared = {node.name for node in graph.node if node.op == "Placeholder"} - set(own)
    for node in graph.node:
        if scope == _OURS and node.name in shared:
            continue
        for index, reference in enumerate(node.input):
            is_shared = reference.split(":")[0] in shared
            node.input[index] = f"{_TRUE if is_shared else scope}/{reference}"
        node.name = f"{scope}/{node.name}"
        yield node


def _correct(graph: Any, layers: Sequence[BiasedLayer]) -> None:
    """Let each layer of our graph add what its mean output lacks, before its activation."""
    nodes = {node.name: node for node in graph.node}
    for layer in layers:
        true, ours = f"{_TRUE}/{layer.output}", f"{_OURS}/{layer.output}"
        nodes[ours].name = f"{ours}/raw"
        axes = _axes(f"{ours}/axes", layer.rank)
        graph.node.extend(
            [
                axes,
                _node("Mean", f"{ours}/mean", f"{ours}/raw", axes.name),
                _node("Mean", f"{ours}/true", true, axes.name),
                _node("Sub", f"{ours}/lack", f"{ours}/true", f"{ours}/mean"),
                _node("AddV2", ours, f"{ours}/raw", f"{ours}/lack"),
            ]
        )


def _axes(name: str, rank: int) -> Any:
    """Return the axes that a mean is over: all but the channels, the last."""
    tf = tensorflow()
    node = tf.compat.v1.NodeDef(name=name, op="Const")
    node.attr["dtype"].type = tf.int32.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(np.arange(rank - 1), tf.int32))
    return node


def _node(operator: str, name: str, *inputs: str) -> Any:
    tf = tensorflow()
    node = tf.compat.v1.NodeDef(name=name, op=operator, input=inputs)
    node.attr["T"].type = tf.float32.as_datatype_enum
    if operator == "Mean":
        node.attr["Tidx"].type = tf.int32.as_datatype_enum
    return node
