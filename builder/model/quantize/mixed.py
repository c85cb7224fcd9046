"""The quantization "mixed": bytes where they do no harm, half precision where they would.

Kernels that hold nearly all of a network's weights (pointwise and plain convolutions, dense layers)
become integers with one scale for each output channel, rounded jointly (`rounding`). What has few
weights and much influence stays in half precision: depthwise kernels, the first convolutions, all
biases. Why so, with figures for each step: docs/quantization.md.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.canonical import CanonicalGraph
from builder.model.quantize.forms import ChannelScaled, Stored
from builder.model.quantize.layers import Layer, delicate, dense_layers
from builder.model.quantize.plain import as_float16
from builder.model.quantize.rounding import LIMIT, Rounded, round_each, round_jointly
from builder.model.quantize.statistics import InputStatistics, input_statistics

_FEW = 2048
"""Weights of a kernel that stays in half precision: half a percent of the smallest MobileNet."""

_CLASSIFIER_STEPS = 64
"""Steps from zero to the largest weight of the classifier's median class. All classes share one
step, because an error in any logit weighs the same; fewer values in use compress better."""


def as_mixed(graph: CanonicalGraph, images: Any) -> dict[str, Stored]:
    """Choose how each weight is stored, by what the layers see on float32 `images` [N, H, W, 3]."""
    stored = as_float16(graph.weights, graph.scaling, delicate(graph))
    layers = [layer for layer in dense_layers(graph) if _is_worth_it(graph.weights[layer.kernel])]
    statistics = input_statistics(graph, layers, images)
    for layer in layers:
        kernel = graph.weights[layer.kernel]
        weights = kernel.reshape(-1, kernel.shape[-1])
        scales = channel_scales(weights, is_classifier=layer.is_classifier)
        rounded = _rounded(layer, weights, scales, graph, statistics[layer.node])
        stored[layer.kernel] = ChannelScaled(rounded.values.reshape(kernel.shape), scales)
        if layer.bias is not None:
            stored[layer.bias] = rounded.bias.astype(np.float32)
    return stored


def channel_scales(weights: NDArray[Any], is_classifier: bool) -> NDArray[np.float16]:
    """Return the step of each channel of `weights` [inputs, channels]; none will be clipped."""
    largest = np.abs(weights).max(axis=0).astype(np.float64)
    steps = largest / LIMIT
    if is_classifier:
        steps = np.maximum(steps, np.median(largest) / _CLASSIFIER_STEPS)
    steps[largest == 0] = 1.0
    scales = np.maximum(steps, np.finfo(np.float16).smallest_subnormal).astype(np.float16)
    # Where half precision rounded down, the largest weight would no longer fit.
    short = scales.astype(np.float64) * LIMIT < largest
    return np.where(short, np.nextafter(scales, np.float16(np.inf)), scales)


def _is_worth_it(kernel: NDArray[Any]) -> bool:
    limit = float(np.finfo(np.float16).max) * LIMIT
    return kernel.dtype == np.float32 and kernel.size > _FEW and np.abs(kernel).max() < limit


def _rounded(
    layer: Layer,
    weights: NDArray[Any],
    scales: NDArray[np.float16],
    graph: CanonicalGraph,
    seen: InputStatistics,
) -> Rounded:
    steps = scales.astype(np.float64)
    bias = np.zeros(weights.shape[1]) if layer.bias is None else graph.weights[layer.bias]
    if seen.moments is None:
        return round_each(weights, bias, steps, seen.means)
    moments = seen.moments
    if layer.bias is None:
        moments = moments.copy()
        moments[-1, :-1] = moments[:-1, -1] = 0.0  # no constant input that could take anything over
    return round_jointly(weights, bias, steps, moments)
