"""Whole models from files and folders: checked, and scaled as their training did."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS
from builder.model.applications import application_preprocessing
from builder.model.bundle import ModelBundle, read_bundle
from builder.model.metadata import Preprocessing
from builder.model.preprocessing import SCALINGS
from builder.model.reading.network import Network
from builder.model.reading.reader import read_network
from builder.model.trace import inner_layers

_DEFAULT_SIZE = 224
"""Side of the input for a model that takes photos of any size, pixels."""

_GUESS = "nothing in the model tells, and 0…1 is what most people use"


@dataclass(frozen=True)
class WholeModel:
    """A model from a file, with the scaling that it needs."""

    model: Any
    """The Keras model."""
    preprocessing: Preprocessing
    """How a photo becomes its input."""
    scaling_reason: str
    """Why the scaling was taken, as the rest of a sentence."""
    is_guess: bool
    """Whether nothing in the model tells the scaling."""
    bundle: ModelBundle | None
    """What the training put beside the network."""
    takes_any_size: bool
    """Whether the model leaves height or width open, so that one had to be taken."""
    network: Network
    """What was read."""


def load_whole_model(path: Path, input_size: int | None) -> WholeModel:
    """Load a model from anything that `read_network` reads.

    `input_size` overrules the size of a model that takes any. No code in the file is run.
    Raises `ModelError` where the file is damaged, unsafe, or no classifier of one RGB image.
    """
    network = read_network(path)
    model = network.model
    height, width = _input_size(model, path, input_size)
    bundle = read_bundle(path) if path.is_file() else None
    scaling, reason = _scaling(network, bundle) or (SCALINGS["0-1"], _GUESS)
    if network.crop_fraction is not None:
        scaling = replace(scaling, crop_fraction=network.crop_fraction)
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
        scaling_reason=reason,
        is_guess=reason is _GUESS,
        bundle=bundle,
        takes_any_size=None in model.inputs[0].shape[1:3],
        network=network,
    )


def _input_size(model: Any, path: Path, asked: int | None) -> tuple[int, int]:
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


def _scaling(network: Network, bundle: ModelBundle | None) -> tuple[Preprocessing, str] | None:
    """Choose the scaling: what the training recorded, else what the layers tell, if they do."""
    if bundle is not None:
        return bundle.preprocessing, "as its training recorded it"
    parts = _parts(network)
    for kind, name in parts:
        # Scopes get a number for each model before, and another where a graph repeats it.
        if re.fullmatch(r"(rescaling|normalization)(_\d+)*", kind.lower()):
            return SCALINGS["none"], f"the model scales by itself (layer {name!r})"
    if network.scaling is not None:
        return SCALINGS[network.scaling], network.scaling_reason
    for _, part in parts:
        application = _application_name(part)
        if application is not None:
            title = APPLICATIONS[application].title
            return application_preprocessing(
                application, 0
            ), f"that of {title}, which it is built on"
    return None


def _parts(network: Network) -> list[tuple[str, str]]:
    """Return kind and name of each layer; of a graph, only its scopes' names are known."""
    if network.parts:
        return [(part, part) for part in network.parts]
    return [(type(layer).__name__, layer.name) for layer in inner_layers(network.model)]


def _application_name(part: str) -> str | None:
    """Return the `keras.applications` name that Keras gave a network when it built it.

    Keras calls them "mobilenet_0.25_224", "mobilenetv2_1.00_224", "resnet50", "vgg16" and so on.
    """
    name = part.lower()
    candidates = {name, name.split("_")[0], name.replace("_", "")}
    return next((known for known in APPLICATIONS if known in candidates), None)
