"""The demo model that ships with the package: a small MobileNet of 100 everyday classes."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity, read_familiarity
from builder.model.metadata import Calibration, Preprocessing, Provenance, Rights
from builder.model.source import SourceModel
from builder.resources import assets

DESCRIPTION = "demo.json"
WEIGHTS = "weights.npz"
FAMILIARITY = "familiarity.npz"

_NOTICE = (
    "Trained by the authors of classifier-pwa on photos of Tiny ImageNet, of which none is part of "
    "the model."
)


def demo_folder() -> Path:
    """Return where the demo model lies."""
    return assets() / "demo"


def has_demo() -> bool:
    """Return whether this installation brings the demo model."""
    return (demo_folder() / WEIGHTS).is_file()


def load_demo() -> SourceModel:
    """Load the demo model, its weights dequantized.

    Raises `ModelError` where it is missing or damaged.
    """
    if not has_demo():
        raise ModelError("This installation has no demo model. Install classifier-pwa again.")
    return load_packed(demo_folder())


def demo_folders(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the folders that the demo model learnt its classes from; nothing for
    class names that are not the demo model's."""
    if not has_demo():
        return ()
    description = json.loads((demo_folder() / DESCRIPTION).read_text(encoding="utf-8"))
    return tuple(description["folders"]) if description["labels"] == list(labels) else ()


def load_packed(folder: Path) -> SourceModel:
    """Load a model that `pack` has written.

    Raises `ModelError` where the weights are not those that its description names.
    """
    from builder.model.loading.mobilenet import scratch_mobilenet
    from builder.model.packed_weights import read_weights
    from builder.model.setup import keras as import_keras

    description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    sha256 = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    if sha256 != description["weightsSha256"]:
        raise ModelError(
            f"The demo model's weights {folder / WEIGHTS} are damaged: install the package again."
        )
    import_keras(any_backend=True)
    labels = tuple(description["labels"])
    preprocessing = _preprocessing(description["preprocessing"])
    model = scratch_mobilenet(len(labels), description["alpha"], preprocessing.input_height)
    weights = read_weights(folder / WEIGHTS)
    for variable in model.weights:
        variable.assign(weights[variable.path])
    return SourceModel(
        keras_model=model,
        labels=labels,
        preprocessing=preprocessing,
        provenance=Provenance(
            name=description["name"],
            architecture="demo",
            weights="demo",
            weights_sha256=sha256,
            alpha=description["alpha"],
            rights=Rights(licence=description["licence"], notice=_NOTICE),
            accuracy=description["accuracy"],
        ),
        calibration=Calibration(**description["calibration"]),
        familiarity=_familiarity(folder),
        folders=tuple(description["folders"]),
        scaling_reason="as its training recorded it",
    )


def _familiarity(folder: Path) -> Familiarity | None:
    """Return what detects foreign photos; None while the model is being packed."""
    file = folder / FAMILIARITY
    return read_familiarity(file) if file.is_file() else None


def _preprocessing(value: dict[str, Any]) -> Preprocessing:
    return Preprocessing(
        **{**value, **{name: tuple(value[name]) for name in ("image_mean", "image_std")}}
    )
