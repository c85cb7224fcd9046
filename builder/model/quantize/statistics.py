"""What the layers of a graph see on calibration images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.canonical import CanonicalGraph
from builder.model.graph.graph_def import tensor_reader
from builder.model.quantize.layers import Layer
from builder.model.setup import tensorflow

_PLACES = 196
"""Places of an image at which a convolution is looked at: more are alike."""

_MAX_INPUTS = 2304
"""Inputs of a layer up to which second moments are kept (3 × 3 × 256): a matrix of 42 MB."""


@dataclass(frozen=True)
class InputStatistics:
    """Moments of a layer's inputs; a convolution's are the values under its kernel."""

    means: NDArray[np.float64]
    """[inputs]."""
    moments: NDArray[np.float64] | None
    """Second moments [inputs + 1, inputs + 1] with a constant 1 as the last input; None where there
    are too many inputs."""


def input_statistics(
    graph: CanonicalGraph, layers: Sequence[Layer], images: Any
) -> dict[str, InputStatistics]:
    """Return the statistics of each layer by its node, on float32 images [N, H, W, 3] in 0…255."""
    tf = tensorflow()
    read = tensor_reader(graph.topology, graph.weights, [layer.source for layer in layers])
    rng = np.random.default_rng(0)
    sums: dict[str, NDArray[np.float64]] = {}
    with tf.device("/CPU:0"):
        for image in images:
            for layer, tensor in zip(layers, read(image[np.newaxis]), strict=True):
                rows = _inputs(layer, tensor, graph.weights[layer.kernel].shape)
                rows = rows[rng.permutation(len(rows))[:_PLACES]].astype(np.float64)
                rows = np.append(rows, np.ones((len(rows), 1)), axis=1)
                few = rows.shape[1] <= _MAX_INPUTS + 1
                moments = rows.T @ rows if few else rows.sum(axis=0)
                sums[layer.node] = sums.get(layer.node, 0.0) + moments / (len(rows) * len(images))
    return {node: _statistics(moments) for node, moments in sums.items()}


def _statistics(sums: NDArray[np.float64]) -> InputStatistics:
    if sums.ndim == 1:
        return InputStatistics(sums[:-1], None)
    return InputStatistics(sums[:-1, -1], sums)


def _inputs(layer: Layer, tensor: NDArray[Any], kernel: tuple[int, ...]) -> NDArray[Any]:
    """Return the inputs [places, inputs] of a layer, in the order of its kernel."""
    if len(kernel) == 2:
        return tensor.reshape(-1, kernel[0])
    if kernel[:2] == (1, 1):
        down, right = layer.strides
        return tensor[:, ::down, ::right].reshape(-1, kernel[2])
    patches = tensorflow().image.extract_patches(
        tensor,
        sizes=(1, *kernel[:2], 1),
        strides=(1, *layer.strides, 1),
        rates=(1, *layer.dilations, 1),
        padding=layer.padding,
    )
    return np.asarray(patches).reshape(-1, int(np.prod(kernel[:3])))
