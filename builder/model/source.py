"""A classifier as it was handed over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from builder.model.cache.dependencies import Dependency
from builder.model.metadata import Preprocessing, Provenance

Warn = Callable[[str], None]
"""Takes a sentence that the person should know."""


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
    temperature: float = 1.0
    """Divides the logits before the softmax; the app applies it."""
    scaling_reason: str = ""
    """Why the preprocessing scales as it does: the rest of a sentence."""
    is_multi_label: bool = False
    """Whether the classes' scores are independent: several may be right at once."""
    dependencies: tuple[Dependency, ...] | None = ()
    """What was found outside of the settings; None where that cannot be told again."""
