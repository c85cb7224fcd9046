"""Folds batch normalisation, and padding where it allows, into the convolutions beside it.

TensorFlow.js fuses a convolution with its bias and activation only where nothing stands between
them, and its converter leaves depthwise convolutions unfused unless the batch norm is gone before
the export. The arithmetic is that of Jacob et al. 2018 (arXiv:1712.05877), section 3.2.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.network.grouped import ungroup
from builder.model.trace import Step, Trace, consumers

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")


def fold(trace: Trace) -> Trace:
    """Return the same network with fewer steps; the layers of `trace` stay as they are."""
    return ungroup(_fold_batch_norms(_absorb_padding(trace)))


def _absorb_padding(trace: Trace) -> Trace:
    """Turn `ZeroPadding2D` before an unpadded convolution into the convolution's own padding."""
    uses, calls = _usage(trace)
    paddings = {id(step.output): step for step in trace.steps if _is_layer(step, "ZeroPadding2D")}
    steps: list[Step] = []
    for step in trace.steps:
        padding = paddings.get(id(step.args[0])) if step.args else None
        if (
            padding is not None
            and uses[id(padding.output)] == 1
            and calls[id(step.operation)] == 1
            and _is_layer(step, "Conv2D", "DepthwiseConv2D")
            and step.operation.padding == "valid"
            and _pads_like_same(padding, step)
        ):
            steps.remove(padding)
            layer = _rebuilt(step.operation, padding.args[0].shape, padding="same")
            layer.set_weights(step.operation.get_weights())
            steps.append(replace(step, operation=layer, args=(padding.args[0],)))
        else:
            steps.append(step)
    return replace(trace, steps=tuple(steps))


def _pads_like_same(padding: Step, convolution: Step) -> bool:
    """Return whether the padding is what TensorFlow's "SAME" would add for this size.

    SAME pads so that the output has ceil(size / stride) values, the odd one at the end:
    https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    """
    layer = convolution.operation
    sides = zip(
        padding.args[0].shape[1:3],
        padding.operation.padding,
        layer.kernel_size,
        layer.strides,
        layer.dilation_rate,
        strict=True,
    )
    for size, (before, after), kernel, stride, dilation in sides:
        extent = (kernel - 1) * dilation + 1
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
        if (before, after) != (total // 2, total - total // 2):
            return False
    return True


def _fold_batch_norms(trace: Trace) -> Trace:
    """Merge each batch norm with the convolution before it or the dense layer after it."""
    uses, calls = _usage(trace)
    steps = list(trace.steps)
    for norm in trace.steps:
        if not _is_layer(norm, "BatchNormalization") or not _is_foldable_norm(norm):
            continue
        before = next((s for s in steps if s.output is norm.args[0]), None)
        if (
            before is not None
            and _can_absorb(before, calls)
            and _is_linear(before.operation)
            and uses[id(before.output)] == 1
        ):
            layer = _scaled_output(before, *_scale_and_shift(norm.operation))
            steps[steps.index(before)] = replace(before, operation=layer, output=norm.output)
            steps.remove(norm)
            continue
        after = next((s for s in steps if s.args and s.args[0] is norm.output), None)
        if (
            after is not None
            and _is_layer(after, "Dense")
            and _can_absorb(after, calls)
            and uses[id(norm.output)] == 1
        ):
            layer = _scaled_input(after, *_scale_and_shift(norm.operation))
            steps[steps.index(after)] = replace(after, operation=layer, args=norm.args)
            steps.remove(norm)
    return replace(trace, steps=tuple(steps))


def _usage(trace: Trace) -> tuple[Counter[int], Counter[int]]:
    """Count uses of each tensor and calls of each layer (a shared layer cannot be changed)."""
    calls = Counter(id(step.operation) for step in trace.steps)
    return consumers(trace.steps, trace.output), calls


def _is_layer(step: Step, *names: str) -> bool:
    """Return whether the step calls a layer of Keras itself (no subclass) of such a name."""
    import keras

    return any(type(step.operation) is getattr(keras.layers, name) for name in names)


def _is_foldable_norm(step: Step) -> bool:
    layer, tensor = step.operation, step.args[0]
    return layer.axis in (-1, len(tensor.shape) - 1) and not step.kwargs.get("training")


def _can_absorb(step: Step, calls: Counter[int]) -> bool:
    return (
        _is_layer(step, *_CONVOLUTIONS)
        # A layer that this pass has made is not counted, and is called once.
        and calls[id(step.operation)] <= 1
        and getattr(step.operation, "quantization_mode", None) is None
        and getattr(step.operation, "data_format", "channels_last") == "channels_last"
    )


def _is_linear(layer: Any) -> bool:
    import keras

    return layer.activation is None or layer.activation is keras.activations.linear


def _scale_and_shift(norm: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the batch norm as y = scale · x + shift, per channel, in double precision."""
    mean = np.asarray(norm.moving_mean, np.float64)
    variance = np.asarray(norm.moving_variance, np.float64)
    scale = 1.0 / np.sqrt(variance + norm.epsilon)
    if norm.scale:
        scale = scale * np.asarray(norm.gamma, np.float64)
    shift = -mean * scale
    if norm.center:
        shift = shift + np.asarray(norm.beta, np.float64)
    return scale, shift


def _scaled_output(step: Step, scale: NDArray[Any], shift: NDArray[Any]) -> Any:
    """Return a copy of the step's layer whose output is scale · output + shift."""
    old = step.operation
    layer = _rebuilt(old, step.args[0].shape, use_bias=True)
    *kernels, last = (np.asarray(weight, np.float64) for weight in _kernels(old))
    # A depthwise kernel is [height, width, in, multiplier], its output channel in · m + i.
    factor = scale.reshape(last.shape[2:]) if type(old).__name__ == "DepthwiseConv2D" else scale
    bias = np.asarray(old.bias, np.float64) if old.use_bias else 0.0
    layer.set_weights([*kernels, last * factor, bias * scale + shift])
    return layer


def _scaled_input(step: Step, scale: NDArray[Any], shift: NDArray[Any]) -> Any:
    """Return a copy of a dense layer that scales and shifts its input by itself."""
    old = step.operation
    layer = _rebuilt(old, step.args[0].shape, use_bias=True)
    kernel = np.asarray(old.kernel, np.float64)
    bias = np.asarray(old.bias, np.float64) if old.use_bias else 0.0
    layer.set_weights([kernel * scale[:, np.newaxis], bias + shift @ kernel])
    return layer


def _kernels(layer: Any) -> list[Any]:
    if type(layer).__name__ == "SeparableConv2D":
        return [layer.depthwise_kernel, layer.pointwise_kernel]
    return [layer.kernel]


def _rebuilt(layer: Any, input_shape: tuple[int, ...], **changes: Any) -> Any:
    """Return a fresh layer of the same configuration but for `changes`, built and unset."""
    config = {key: value for key, value in layer.get_config().items() if "constraint" not in key}
    copy = type(layer).from_config({**config, **changes})
    copy.build(input_shape)
    return copy
