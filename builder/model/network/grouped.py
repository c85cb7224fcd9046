"""Splits grouped convolutions: TensorFlow.js has plain and depthwise ones only."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from builder.model.trace import Step, Trace


def ungroup(trace: Trace) -> Trace:
    """Return the same network without `Conv2D` layers that have groups."""
    import keras

    calls = Counter(id(step.operation) for step in trace.steps)
    steps = [
        replace(step, operation=_ungrouped(step, shared=calls[id(step.operation)] > 1))
        if type(step.operation) is keras.layers.Conv2D and step.operation.groups > 1
        else step
        for step in trace.steps
    ]
    return replace(trace, steps=tuple(steps))


def _ungrouped(step: Step, shared: bool) -> Any:
    layer = step.operation
    if layer.groups == step.args[0].shape[-1] and not shared:
        return _depthwise(step)
    return SplitConvolution(layer)


def _depthwise(step: Step) -> Any:
    """Return the depthwise convolution that one group for each channel amounts to."""
    import keras

    layer, tensor = step.operation, step.args[0]
    multiplier = layer.filters // layer.groups
    config = layer.get_config()
    shared = ("name", "strides", "padding", "dilation_rate", "activation", "use_bias")
    depthwise = keras.layers.DepthwiseConv2D(
        layer.kernel_size, depth_multiplier=multiplier, **{key: config[key] for key in shared}
    )
    depthwise.build(tensor.shape)
    # [height, width, 1, in · multiplier] with the outputs of a group side by side.
    kernel = np.asarray(layer.kernel).reshape(*layer.kernel_size, tensor.shape[-1], multiplier)
    depthwise.set_weights([kernel, np.asarray(layer.bias)] if layer.use_bias else [kernel])
    return depthwise


class SplitConvolution:
    """A grouped convolution as one convolution for each group."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.name = layer.name

    def __call__(self, images: Any) -> Any:
        """Return what the layer returns for `images`."""
        from keras import ops

        layer = self.layer
        parts = zip(
            ops.split(images, layer.groups, axis=-1),
            ops.split(ops.convert_to_tensor(layer.kernel), layer.groups, axis=-1),
            strict=True,
        )
        options = {
            "strides": layer.strides,
            "padding": layer.padding,
            "dilation_rate": layer.dilation_rate,
            "data_format": "channels_last",
        }
        output = ops.concatenate([ops.conv(part, kernel, **options) for part, kernel in parts], -1)
        if layer.use_bias:
            output = output + ops.convert_to_tensor(layer.bias)
        return output if layer.activation is None else layer.activation(output)
