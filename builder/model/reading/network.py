"""What a reader makes of a file or folder."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Network:
    """A network that was read, with what lay beside it."""

    model: Any
    """A Keras 3 model, from scaled photo to the network's own output."""
    parts: tuple[str, ...] = ()
    """Names and kinds of the layers inside, where `model` itself does not show them."""
    labels: tuple[str, ...] = ()
    """Class names that lay beside it."""
    scaling: str | None = None
    """The scaling that is known from its origin, by name."""
    scaling_reason: str = ""
    """Why that is known: the rest of a sentence."""
    crop_fraction: float | None = None
    """Part of the photo that its origin crops to, where that is known."""
    name: str | None = None
    """The model's name for people."""
