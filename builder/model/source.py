"""A classifier as it was handed over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from builder.model.calibration.familiarity import Familiarity
from builder.model.dependencies import Dependency
from builder.model.metadata import Activation, Calibration, Preprocessing, Provenance

Warn = Callable[[str], None]
"""Takes a sentence that the user should know."""


@dataclass(frozen=True)
class SourceModel:
    """A classifier as it was handed over, with all that the app needs to know of it."""

    keras_model: Any
    """The Keras model, as loaded: maps scaled images to its own kind of output."""
    labels: tuple[str, ...]
    """Class names in the order of the outputs."""
    preprocessing: Preprocessing
    """How a photo becomes the model's input."""
    provenance: Provenance
    """Where it comes from."""
    calibration: Calibration = field(default_factory=Calibration)
    """What the app makes of its probabilities."""
    familiarity: Familiarity | None = None
    """Finds photos unlike all that the model was trained on; None where it cannot."""
    scaling_origin: str = "record"
    """How the scaling is known: "record" of the training or of the network's makers, "graph" of the
    network, "inference" from its name, "guess", or "option" where the person decided."""
    scaling_reason: str = ""
    """Why the preprocessing scales as it does: the rest of a sentence."""
    geometry_reason: str = "the default"
    """Why photos are brought to the network's size as they are: the rest of a sentence."""
    asked_activation: str | None = None
    """The setting that says what the outputs are, where the network does not show it."""
    activation: Activation = "softmax"
    """What the answers are to the app: "softmax" (they add up to 1), "sigmoid" (each class has a
    probability of its own) or "none" (scores from 0 to 1)."""
    activation_reason: str = ""
    """What an answer says and how that is known: "one of 3 classes, by softmax (the layer …)"."""
    folders: tuple[str, ...] = ()
    """What the training's folders of photos were called, in the order of the outputs, where classes
    have other names than these."""
    dependencies: tuple[Dependency, ...] | None = ()
    """Files outside of the settings that the model depends on; None where they are unknown."""

    @property
    def is_multi_label(self) -> bool:
        """Whether the classes' scores are independent: several may be right at once."""
        return self.activation == "sigmoid"
