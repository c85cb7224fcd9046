"""Whole Keras models in one file: loaded without running their code, checked, and scaled right."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS
from builder.model.applications import application_preprocessing
from builder.model.bundle import ModelBundle, read_bundle
from builder.model.metadata import Preprocessing
from builder.model.setup import hushed
from builder.model.setup import keras as import_keras
from builder.model.trace import inner_layers
from builder.model.weights_file import damaged, inspect_file, named_as_keras_wants

_DEFAULT_SIZE = 224
"""Side of the input for a model that takes photos of any size, pixels."""


@dataclass(frozen=True)
class WholeModel:
    """A model from a file, with the scaling that it needs."""

    model: Any
    """The Keras model."""
    preprocessing: Preprocessing
    """How a photo becomes its input."""
    scaling_reason: str
    """What was taken for the scaling and why, as the rest of a sentence."""
    bundle: ModelBundle | None
    """What the training put beside the network."""


def load_whole_model(path: Path, input_size: int | None) -> WholeModel:
    """Load a `.keras` or whole-model `.h5` file.

    `input_size` overrules the size of a model that takes any. No code in the file is run.
    Raises `ModelError` where the file is damaged, unsafe, or no classifier of one RGB image.
    """
    keras = import_keras(any_backend=True)
    file = inspect_file(path)
    if not file.is_whole_model:
        raise ModelError(
            f"{path} holds weights without a network. Name the network that they belong to: "
            f"--model mobilenet --weights {path}."
        )
    suffix = ".keras" if file.kind == "keras" else ".h5"
    try:
        with hushed(), named_as_keras_wants(path, suffix) as name:
            model = keras.saving.load_model(str(name), compile=False, safe_mode=True)
    except Exception as error:
        # Keras raises whatever a file leads it to.
        raise _load_error(path, error) from error
    height, width = _input_size(model, path, input_size)
    bundle = read_bundle(path)
    scaling, reason = _scaling(model, bundle)
    preprocessing = replace(scaling, input_height=height, input_width=width)
    return WholeModel(model, preprocessing, reason, bundle)


def _load_error(path: Path, error: Exception) -> ModelError:
    text = str(error)
    if "lambda" in text.lower() or "unsafe" in text.lower():
        return ModelError(
            f"{path} has a Lambda layer, which is Python code that would run on loading. "
            "Replace it with layers of Keras's own and save the model again."
        )
    unknown = re.search(r"(?:Could not locate \w+|Unknown layer:?) '?(\w+)", text)
    if unknown is not None:
        return ModelError(
            f"{path} has a layer or function of your own, {unknown[1]!r}, whose code this program "
            "does not have. Build the model from Keras's own layers."
        )
    if isinstance(error, OSError | KeyError | EOFError):
        return damaged(path)
    return ModelError(
        f"Keras cannot load {path}: {text.strip().splitlines()[0] if text.strip() else error!r}. "
        "Save it again with this version of Keras, or give its weights with --weights."
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
    if shape[-1] != 3:
        hint = (
            "It has the channels first, which TensorFlow.js cannot run: build it with "
            "data_format='channels_last'."
            if shape[1] == 3
            else "Only RGB photos, with 3 channels, can be classified."
        )
        raise ModelError(f"{path} has an input of the shape {shape[1:]}. {hint}")
    height, width = (side or asked or _DEFAULT_SIZE for side in shape[1:3])
    if asked is not None and (height, width) != (asked, asked):
        raise ModelError(
            f"{path} takes photos of {height} by {width} pixels: leave --input-size {asked} out."
        )
    return height, width


def _scaling(model: Any, bundle: ModelBundle | None) -> tuple[Preprocessing, str]:
    """Choose the scaling: what the training recorded, else what the layers tell."""
    if bundle is not None:
        return bundle.preprocessing, "as its training recorded it"
    layers = inner_layers(model)
    for layer in layers:
        if type(layer).__name__ in ("Rescaling", "Normalization"):
            return (
                Preprocessing(0, 0),
                f"none, because the model scales by itself (layer {layer.name!r})",
            )
    for layer in layers:
        name = _application_name(layer)
        if name is not None:
            title = APPLICATIONS[name].title
            return application_preprocessing(name, 0), f"that of {title}, which it is built on"
    return (
        Preprocessing(0, 0, rescale_factor=1 / 255),
        "0…255 to 0…1, because nothing in the model tells; put a Rescaling layer at its front if "
        "it was trained otherwise",
    )


def _application_name(model: Any) -> str | None:
    """Return the `keras.applications` name that Keras gave a network when it built it.

    Keras calls them "mobilenet_0.25_224", "mobilenetv2_1.00_224", "resnet50", "vgg16" and so on.
    """
    name = model.name.lower()
    candidates = {name, name.split("_")[0], name.replace("_", "")}
    return next((known for known in APPLICATIONS if known in candidates), None)
