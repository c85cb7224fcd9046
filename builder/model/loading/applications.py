"""Networks of `keras.applications`: built, with weights, and with the scaling that they expect."""

import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS, Application
from builder.model.images.preprocessing import SCALINGS, scale
from builder.model.loading.imagenet import imagenet_weights
from builder.model.metadata import Preprocessing
from builder.model.reading.weights_file import load_weights
from builder.model.setup import keras as import_keras

APPLICATION_NAMES: tuple[str, ...] = tuple(APPLICATIONS)
"""Names of all architectures, as the command line takes them."""


def create_application(
    name: str,
    *,
    alpha: float | None = None,
    input_size: int | None = None,
    weights: str | Path | None = "imagenet",
    include_top: bool = True,
    classes: int = 1000,
) -> Any:
    """Build a network of `keras.applications`; the model of `build_application`."""
    model, _ = build_application(
        *(name,),
        alpha=alpha,
        input_size=input_size,
        weights=weights,
        include_top=include_top,
        classes=classes,
    )
    return model


def build_application(
    name: str,
    *,
    alpha: float | None = None,
    input_size: int | None = None,
    weights: str | Path | None = "imagenet",
    include_top: bool = True,
    classes: int = 1000,
) -> tuple[Any, Path | None]:
    """Build a network of `keras.applications`; return it and the file its weights came from.

    `weights`: "imagenet" (Keras's cache, else its download), the path of a weights file, or None
    for random ones. `alpha` and `input_size` default to the architecture's own.
    Raises `ModelError` where Keras has no such network or the weights are missing or do not fit.
    """
    application = APPLICATIONS[name]
    size = input_size or application.input_size
    options: dict[str, Any] = {"input_shape": (size, size, 3), "include_top": include_top}
    if alpha is not None:
        _require_alpha(application, alpha)
        if application.alphas:
            options["alpha"] = alpha
    if include_top:
        options["classes"] = classes
    keras = import_keras(any_backend=True)
    constructor = getattr(keras.applications, application.constructor)
    try:
        if weights == "imagenet":
            _require_imagenet(application, alpha, size)
            with imagenet_weights() as files:
                return constructor(weights="imagenet", **options), files[-1]
        model = constructor(weights=None, **options)
    except ValueError as error:
        raise ModelError(
            f"Keras cannot build {application.title} for a side of {size} pixels: {error}"
        ) from error
    if weights is None:
        return model, None
    load_weights(model, Path(weights), describe(name, alpha, size))
    return model, Path(weights)


def describe(name: str, alpha: float | None, input_size: int | None) -> str:
    """Return a network's name for people: "MobileNet v1 0.25, 224 px"."""
    application = APPLICATIONS[name]
    width = f" {alpha:g}" if application.alphas and alpha is not None else ""
    return f"{application.title}{width}, {input_size or application.input_size} px"


def application_preprocessing(name: str, input_size: int) -> Preprocessing:
    """Return the scaling that Keras's `preprocess_input` of this architecture does.

    Found by calling Keras: it is the scaling that gives the same numbers.
    """
    import_keras(any_backend=True)
    module = importlib.import_module(f"keras.applications.{APPLICATIONS[name].module}")
    probe = np.linspace(0, 255, 4 * 4 * 3, dtype=np.float32).reshape(1, 4, 4, 3)
    expected = np.asarray(module.preprocess_input(probe.copy()))
    for scaling in SCALINGS.values():
        if np.allclose(scale(probe, scaling), expected, atol=1e-4):
            return replace(scaling, input_height=input_size, input_width=input_size)
    raise ModelError(f"Keras scales photos for {name} in a way that this package does not know.")


def default_input_size(name: str) -> int:
    """Return the side of the square that an architecture's ImageNet weights were trained on."""
    return APPLICATIONS[name].input_size


def _require_alpha(application: Application, alpha: float) -> None:
    if not application.alphas and alpha != 1.0:
        raise ModelError(
            f"{application.title} has no width multiplier: leave --alpha {alpha:g} out, or choose "
            "mobilenet, mobilenetv2, mobilenetv3small or mobilenetv3large."
        )


def _require_imagenet(application: Application, alpha: float | None, size: int) -> None:
    if application.alphas and alpha is not None and alpha not in application.alphas:
        raise ModelError(
            f"Keras has no ImageNet weights of {application.title} with alpha {alpha:g}, only with "
            f"{_listed(application.alphas)}: choose one of these, or give a file with --weights."
        )
    if application.sizes and size not in application.sizes:
        raise ModelError(
            f"Keras has no ImageNet weights of {application.title} for {size} pixels, only for "
            f"{_listed(application.sizes)}: choose one of these, or give a file with --weights."
        )


def _listed(values: tuple[float, ...]) -> str:
    *most, last = (f"{value:g}" for value in values)
    return f"{', '.join(most)} and {last}"
