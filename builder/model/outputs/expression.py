"""The end of a network as an expression, whatever it was read from: layers or a graph."""

from dataclasses import dataclass

SCORES = "Scores"
"""What a layer with weights returns: any number, the greater the likelier."""
CONSTANT = "Const"
RANGE = "Range"
"""An activation of which only the limits of its values matter."""
UNKNOWN = "Unknown"


@dataclass(frozen=True, eq=False)
class Expression:
    """A tensor and what it was computed from, as far back as the layers with weights."""

    operator: str
    """TensorFlow's name of the operator ("Softmax", "AddV2"), or one of the names above."""
    inputs: tuple["Expression", ...] = ()
    """What the operator takes."""
    limits: tuple[float, float] | None = None
    """Lowest and highest value of a constant or of RANGE; None where they are not known."""
    size: int | None = None
    """Number of values that a softmax or a sum runs over; None where it is not known."""
    origin: str = ""
    """Where in the model it stands, for people: 'relu (in the layer "dense")'."""


def constant(low: float, high: float) -> Expression:
    """Return a constant with values from `low` to `high`."""
    return Expression(CONSTANT, limits=(low, high))


def unknown(origin: str) -> Expression:
    """Return an expression of which nothing is known."""
    return Expression(UNKNOWN, origin=origin)
