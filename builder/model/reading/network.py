"""What a reader makes of a file or folder."""

from dataclasses import dataclass, field
from typing import Any

from builder.model.arithmetic.affine import InputArithmetic
from builder.model.metadata import Rights


@dataclass(frozen=True)
class Network:
    """A network that was read, with what lay beside it."""

    model: Any
    """A Keras 3 model, from scaled photo to the network's own output."""
    parts: tuple[str, ...] = ()
    """Names and kinds of the layers inside, where `model` itself does not show them."""
    arithmetic: InputArithmetic | None = None
    """What it computes at its input, where `model` itself does not show it."""
    obeys_training: bool = False
    """Whether layers of `model` that were called with `training=True` keep to it in `predict`, as
    those of Keras 2 do."""
    labels: tuple[str, ...] = ()
    """Class names that lay beside it."""
    scaling: str | None = None
    """The scaling that is known from its origin, by name."""
    is_scaling_inferred: bool = False
    """Whether that origin is only likely."""
    scaling_reason: str = ""
    """Why that is known: the rest of a sentence."""
    crop_fraction: float | None = None
    """Part of the photo that its origin crops to, where that is known."""
    fit: str = "crop"
    """How its origin brings photos to its shape, as `Preprocessing` has it."""
    resampling: str = "antialias"
    """How its origin resizes photos, as `Preprocessing` has it."""
    name: str | None = None
    """The model's name for people."""
    rights: Rights = field(default_factory=Rights)
    """Whose the weights are, where its origin says so."""
