"""EfficientNet-Lite0 in Keras, with the weights of Google's checkpoint as PyTorch has them.

The architecture: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite.
It is EfficientNet B0 (Tan and Le 2019, arXiv:1905.11946) without squeeze-and-excitation, with ReLU6
in place of swish, and with the first and the last convolution of B0's own width.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.setup import keras as import_keras

SIZE = 224
"""Side of the photos that the weights were trained on, pixels."""

_EPSILON = 1e-3
_MOMENTUM = 0.99
_STEM, _HEAD = 32, 1280
_DROPOUT = 0.2


@dataclass(frozen=True)
class _Stage:
    """A run of blocks of one width; only the first has the stride."""

    repeats: int
    kernel: int
    stride: int
    expansion: int
    outputs: int


_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)


def efficientnet_lite0(
    classes: int = 1000, input_size: int = SIZE, include_top: bool = True
) -> Any:
    """Build the network with random weights: images [N, S, S, 3], scaled, to probabilities [N, C].

    Without its top it returns the last feature map, [N, h, w, 1280].
    """
    keras = import_keras(any_backend=True)
    layers = keras.layers
    inputs = keras.Input((input_size, input_size, 3))
    values = layers.Conv2D(_STEM, 3, 2, "same", use_bias=False, name="stem_conv")(inputs)
    values = _active(values, "stem")
    for number, (stage, stride, channels) in enumerate(_blocks()):
        values = _block(values, f"block{number}", stage, stride, channels)
    values = layers.Conv2D(_HEAD, 1, use_bias=False, name="head_conv")(values)
    values = _active(values, "head")
    if include_top:
        values = layers.GlobalAveragePooling2D(name="pool")(values)
        values = layers.Dropout(_DROPOUT, name="dropout")(values)
        values = layers.Dense(classes, activation="softmax", name="predictions")(values)
    return keras.Model(inputs, values, name="efficientnet-lite0")


def load_torch_weights(model: Any, tensors: Mapping[str, NDArray[Any]]) -> None:
    """Set the weights of a network of `efficientnet_lite0` from a PyTorch state dictionary.

    Raises `ModelError` where a tensor is missing, has another shape, or is left over; what belongs
    to the classifier is left over where the network was built without its top.
    """
    wanted = dict(_weights_of(model))
    own = {name for name in tensors if not name.endswith("num_batches_tracked")}
    if model.layers[-1].name != "predictions":
        own -= {"_fc.weight", "_fc.bias"}
    if own != set(wanted):
        odd = sorted(own ^ set(wanted))
        raise ModelError(
            f"the weights are not those of EfficientNet-Lite0: {', '.join(odd[:3])} "
            f"({len(odd)} tensors in all) are missing or left over."
        )
    for name, (variable, axes) in wanted.items():
        value = np.transpose(tensors[name], axes) if axes else tensors[name]
        if value.shape != tuple(variable.shape) or not np.all(np.isfinite(value)):
            raise ModelError(
                f"the weights are not those of EfficientNet-Lite0: {name} has the shape "
                f"{tensors[name].shape}, or values that are no numbers."
            )
        variable.assign(value)


def _blocks() -> Iterator[tuple[_Stage, int, int]]:
    """Yield each block's stage, stride and number of input channels."""
    channels = _STEM
    for stage in _STAGES:
        for repeat in range(stage.repeats):
            yield stage, stage.stride if repeat == 0 else 1, channels
            channels = stage.outputs


def _block(values: Any, name: str, stage: _Stage, stride: int, channels: int) -> Any:
    """Add an inverted residual (Sandler et al. 2018, arXiv:1801.04381)."""
    import keras

    layers, inputs = keras.layers, values
    if stage.expansion > 1:
        width = channels * stage.expansion
        values = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_expand_conv")(values)
        values = _active(values, f"{name}_expand")
    values = layers.DepthwiseConv2D(
        stage.kernel, stride, "same", use_bias=False, name=f"{name}_depthwise_conv"
    )(values)
    values = _active(values, f"{name}_depthwise")
    values = layers.Conv2D(stage.outputs, 1, use_bias=False, name=f"{name}_project_conv")(values)
    values = _norm(values, f"{name}_project")
    if stride == 1 and channels == stage.outputs:
        values = layers.Add(name=f"{name}_add")([inputs, values])
    return values


def _norm(values: Any, name: str) -> Any:
    import keras

    return keras.layers.BatchNormalization(epsilon=_EPSILON, momentum=_MOMENTUM, name=f"{name}_bn")(
        values
    )


def _active(values: Any, name: str) -> Any:
    import keras

    return keras.layers.ReLU(6.0, name=f"{name}_relu")(_norm(values, name))


_KERNEL_AXES = (2, 3, 1, 0)
_DEPTHWISE_AXES = (2, 3, 0, 1)


def _weights_of(model: Any) -> Iterator[tuple[str, tuple[Any, tuple[int, ...]]]]:
    """Yield PyTorch's name of each weight, Keras's variable, and the axes to transpose it by."""
    known = {layer.name for layer in model.layers}
    names = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1")}
    for number in range(sum(stage.repeats for stage in _STAGES)):
        torch = f"_blocks.{number}"
        names[f"block{number}_expand"] = (f"{torch}._expand_conv", f"{torch}._bn0")
        names[f"block{number}_depthwise"] = (f"{torch}._depthwise_conv", f"{torch}._bn1")
        names[f"block{number}_project"] = (f"{torch}._project_conv", f"{torch}._bn2")
    for name, (convolution, norm) in names.items():
        if f"{name}_conv" not in known:
            continue
        (kernel,) = model.get_layer(f"{name}_conv").weights
        is_depthwise = name.endswith("_depthwise")
        yield f"{convolution}.weight", (kernel, _DEPTHWISE_AXES if is_depthwise else _KERNEL_AXES)
        layer = model.get_layer(f"{name}_bn")
        yield f"{norm}.weight", (layer.gamma, ())
        yield f"{norm}.bias", (layer.beta, ())
        yield f"{norm}.running_mean", (layer.moving_mean, ())
        yield f"{norm}.running_var", (layer.moving_variance, ())
    if "predictions" in known:
        dense = model.get_layer("predictions")
        yield "_fc.weight", (dense.kernel, (1, 0))
        yield "_fc.bias", (dense.bias, ())
