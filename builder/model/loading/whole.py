"""Whole models from files and folders, as they are handed on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import ModelError, visible
from builder.model.failures import as_model_error
from builder.model.metadata import Calibration, Provenance
from builder.model.reading.content import content_sha256
from builder.model.source import SourceModel, Warn

if TYPE_CHECKING:
    from builder.config import SiteConfig


def load_whole(path: Path, config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load the model that lies at `path`.

    Raises `ModelError` where a setting contradicts it, or it cannot be read, whatever the cause.
    """
    with as_model_error(
        path, "its layers were read", "Copy or download it again, or save it anew."
    ):
        return _load(path, config, warn)


def _load(path: Path, config: "SiteConfig", warn: Warn) -> SourceModel:
    from builder.model.loading.whole_model import load_whole_model

    if config.alpha is not None:
        raise ModelError(
            f"{path} holds a whole model, whose width is given: leave --alpha {config.alpha:g} out."
        )
    if config.weights != "imagenet" and Path(config.weights) != path:
        raise ModelError(
            f"{path} holds a whole model with its weights: leave --weights {config.weights} out."
        )
    loaded = load_whole_model(path, config.input_size)
    _compute_in_float32(loaded.model, path)
    bundle = loaded.bundle
    if loaded.scaling.origin == "guess" and config.preprocessing is None:
        given = "0…255" if loaded.scaling.preprocessing.rescale_factor == 1 else "0…1"
        warn(
            f"Photos are scaled to {given} for {path.name}: {loaded.scaling.reason}. If it was "
            "trained otherwise, say so with --preprocessing."
        )
    if loaded.takes_any_size and config.input_size is None:
        size = loaded.preprocessing
        warn(
            f"{path.name} takes photos of any size; it gets {size.input_height} by"
            f" {size.input_width} pixels. If it was trained on others, say so with --input-size."
        )
    return SourceModel(
        keras_model=loaded.model,
        labels=bundle.labels if bundle else loaded.network.labels,
        preprocessing=loaded.preprocessing,
        provenance=Provenance(
            # Names of files and of others' projects may hold anything.
            name=visible((bundle and bundle.name) or loaded.network.name or _stem(path)),
            architecture="custom",
            weights=visible(path.name),
            weights_sha256=content_sha256(path),
            rights=bundle.rights if bundle else loaded.network.rights,
            accuracy=bundle.accuracy if bundle else {},
        ),
        calibration=bundle.calibration if bundle else Calibration(),
        familiarity=bundle.familiarity if bundle else None,
        scaling_origin=loaded.scaling.origin,
        scaling_reason=loaded.scaling.reason,
        geometry_reason=loaded.geometry_reason,
    )


def _stem(path: Path) -> str:
    """Return a model's name by its path: a model.json is named by its folder."""
    return path.absolute().parent.name if path.name == "model.json" else path.absolute().stem


def _compute_in_float32(model: Any, path: Path) -> None:
    """Take a mixed-precision policy off a model's layers: TensorFlow.js has no half precision.

    Raises `ModelError` where the variables themselves are of half precision.
    """
    from builder.model.trace import inner_layers

    for variable in model.variables:
        if variable.dtype in ("float16", "bfloat16"):
            raise ModelError(
                f"{path} has {variable.dtype} weights ({variable.path!r}), with which TensorFlow.js"
                " cannot compute. Save the model with the dtype policy float32 or mixed_float16."
            )
    for layer in inner_layers(model):
        layer.dtype_policy = "float32"
