"""Whole models from files and folders: checked, and scaled as their training did."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.model.arithmetic.affine import InputArithmetic
from builder.model.arithmetic.keras_steps import keras_arithmetic
from builder.model.loading.bundle import ModelBundle, read_bundle
from builder.model.loading.own_scaling import RECORDED, Scaling, find_scaling
from builder.model.metadata import Preprocessing
from builder.model.network.repeatable import training_call_error
from builder.model.reading.input_shape import size_of_input, with_channel
from builder.model.reading.network import Network
from builder.model.reading.reader import read_network
from builder.model.reading.teachable_machine import recognized
from builder.model.trace import inner_layers, trace_model


@dataclass(frozen=True)
class WholeModel:
    """A model from a file, with the scaling that it needs."""

    model: Any
    """The Keras model."""
    preprocessing: Preprocessing
    """How a photo becomes its input."""
    scaling: Scaling
    """Which scaling was taken, and why."""
    geometry_reason: str
    """Why photos are brought to its size as they are, as the rest of a sentence."""
    bundle: ModelBundle | None
    """What the training put beside the network."""
    takes_any_size: bool
    """Whether the model leaves height or width open, so that a size had to be chosen."""
    network: Network
    """What was read."""


def load_whole_model(path: Path, input_size: int | None) -> WholeModel:
    """Load a model from anything that `read_network` reads.

    `input_size` overrules the size of a model that takes any. No code in the file is run.
    Raises `ModelError` where the file is damaged, unsafe, or no classifier of one RGB image.
    """
    network = with_channel(read_network(path))
    model = network.model
    height, width = size_of_input(model, path, input_size)
    bundle = read_bundle(path) if path.is_file() else None
    arithmetic = _arithmetic(network, height, width, path)
    parts = _parts(network)
    if bundle is None:
        network = recognized(network, parts)
    found = find_scaling(network, arithmetic, bundle, parts)
    scaling = found.preprocessing
    geometry_reason = "the default" if bundle is None else RECORDED
    if network.crop_fraction is not None:
        scaling = replace(
            scaling,
            crop_fraction=network.crop_fraction,
            fit=network.fit,
            resampling=network.resampling,
        )
        geometry_reason = network.scaling_reason
    channels = model.inputs[0].shape[-1]
    preprocessing = replace(
        scaling,
        input_height=height,
        input_width=width,
        channels=channels,
        grayscale=scaling.grayscale or channels == 1,
    )
    return WholeModel(
        model,
        preprocessing,
        scaling=found,
        geometry_reason=geometry_reason,
        bundle=bundle,
        takes_any_size=None in model.inputs[0].shape[1:3],
        network=network,
    )


def _arithmetic(network: Network, height: int, width: int, path: Path) -> InputArithmetic:
    """Return what the network computes at its input, as its reader found it or its layers say.

    Raises `ModelError` where a layer works otherwise than its trace.
    """
    if network.arithmetic is not None:
        return network.arithmetic
    trace = trace_model(network.model, height, width)
    if network.obeys_training and trace.overruled:
        raise training_call_error(trace.overruled[0], str(path))
    return keras_arithmetic(trace)


def _parts(network: Network) -> list[str]:
    """Return kinds and names of the layers; of a graph, only its scopes' names are known."""
    if network.parts:
        return list(network.parts)
    layers = inner_layers(network.model)
    return [part for layer in layers for part in (type(layer).__name__, layer.name)]
