"""The photos that a model takes: their size, and their channels."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.reading.network import Network

_LARGEST_SIDE = 2048
"""Side of the largest input, pixels: its float32 values alone take 48 MB."""

_DEFAULT_SIZE = 224
"""Side of the input for a model that takes photos of any size, pixels."""

_SMALLEST = 8
"""Least number of rows and columns: what has fewer is more likely a list of measurements."""


def with_channel(network: Network) -> Network:
    """Return a network of gray photos without a channel, (28, 28), as one that has it: (28, 28, 1).

    Any other is returned as it is.
    """
    inputs = getattr(network.model, "inputs", None) or []
    shapes = [tuple(each.shape[1:]) for each in inputs]
    if len(shapes) != 1 or len(shapes[0]) != 2:
        return network
    if not all(side is not None and side >= _SMALLEST for side in shapes[0]):
        return network
    import keras

    photo = keras.Input((*shapes[0], 1))
    model = keras.Model(photo, network.model(keras.ops.squeeze(photo, -1)))
    return replace(network, model=model)


def size_of_input(model: Any, path: Path, asked: int | None) -> tuple[int, int]:
    """Return height and width of the photos that a model takes, pixels; `asked` where it takes any.

    Raises `ModelError` where it does not take one photo of one or three channels.
    """
    inputs = getattr(model, "inputs", None)
    if not inputs:
        raise ModelError(
            f"{path} does not say what its input looks like: call the model on a photo before "
            "saving it, or give it an Input layer."
        )
    if len(inputs) != 1:
        raise ModelError(f"{path} has {len(inputs)} inputs; a classifier of photos has one.")
    shape = tuple(inputs[0].shape)
    if len(shape) != 4:
        raise ModelError(
            f"{path} has an input of the shape {shape[1:]}; one of photos is (height, width, 3)."
        )
    if shape[-1] not in (1, 3):
        raise ModelError(f"{path} has an input of the shape {shape[1:]}. {_channels_hint(shape)}")
    given = next((side for side in shape[1:3] if side), None)
    height, width = (side or asked or given or _DEFAULT_SIZE for side in shape[1:3])
    if asked is not None and (height, width) != (asked, asked):
        raise ModelError(
            f"{path} takes photos of {height} by {width} pixels: leave --input-size {asked} out."
        )
    if max(height, width) > _LARGEST_SIDE:
        raise ModelError(
            f"{path} takes photos of {height} by {width} pixels, more than a browser can classify "
            f"({_LARGEST_SIDE} each way): build the model for smaller ones."
        )
    return height, width


def _channels_hint(shape: tuple[int | None, ...]) -> str:
    if shape[1] in (1, 3):
        return (
            "It has the channels first, which TensorFlow.js cannot run: build it with "
            "data_format='channels_last'."
        )
    if shape[-1] == 4:
        return (
            "Photos have no fourth channel: convert your training pictures to RGB, and train the "
            "model on 3 channels."
        )
    return "Only photos, with 3 channels (RGB) or 1 (black and white), can be classified."
