"""How photos are scaled for a model that was handed over: read from it, or inferred, or guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from builder.model.application_table import APPLICATIONS
from builder.model.arithmetic.affine import InputArithmetic
from builder.model.arithmetic.ranges import RANGES, wanted_range
from builder.model.images.preprocessing import SCALINGS, with_scaling
from builder.model.loading.applications import application_preprocessing
from builder.model.loading.bundle import ModelBundle
from builder.model.metadata import Preprocessing
from builder.model.reading.network import Network

RECORDED = "as its training recorded it"
_GUESS = "nothing in the model shows it, and 0…1 is the most common"
_MOST_NAMES = 3


@dataclass(frozen=True)
class Scaling:
    """A scaling, and how it is known."""

    preprocessing: Preprocessing
    """How channel values are scaled; sizes and geometry count only where they were recorded with
    it."""
    origin: str
    """As `SourceModel.scaling_origin` has it."""
    reason: str
    """The rest of a sentence."""


def find_scaling(
    network: Network,
    arithmetic: InputArithmetic,
    bundle: ModelBundle | None,
    parts: Iterable[str],
) -> Scaling:
    """Return the scaling of photos for a network.

    What the training recorded comes first, then what the graph computes at its input, then what is
    known of where the file comes from; `parts`, names and kinds of layers, count only where none of
    these is conclusive.
    """
    if bundle is not None:
        return Scaling(bundle.preprocessing, "record", RECORDED)
    if not arithmetic.is_none:
        return _of_graph(arithmetic)
    if network.scaling is not None:
        scaled = with_scaling(SCALINGS["none"], network.scaling)
        origin = "inference" if network.is_scaling_inferred else "record"
        return Scaling(scaled, origin, network.scaling_reason)
    if arithmetic.merged_into is not None:
        reason = (
            f"the weights of {arithmetic.merged_into!r} are those of values 0…255, as a division"
            " is part of them"
        )
        return Scaling(SCALINGS["none"], "inference", reason)
    return _of_names(parts) or Scaling(SCALINGS["0-1"], "guess", _GUESS)


def _of_graph(arithmetic: InputArithmetic) -> Scaling:
    names = ", ".join(arithmetic.names[:_MOST_NAMES])
    if len(arithmetic.names) > _MOST_NAMES:
        names += " …"
    wanted = wanted_range(arithmetic.maps)
    if wanted is None:
        reason = f"the model changes values by itself ({names}), from an unknown range"
        return Scaling(SCALINGS["none"], "guess", reason)
    low, high = RANGES[wanted]
    first = next(one for one in arithmetic.maps if not one.is_identity)
    least, most = first.of(low, high)
    reached = f"{_shown(least)}…{_shown(most)}"
    reason = f"the model turns {low:g}…{high:g} into {reached} by itself ({names})"
    return Scaling(SCALINGS[wanted], "graph", reason)


def _shown(value: float) -> str:
    """Return a number for people: what rounding has left of 0 is 0."""
    return f"{round(value, 6) + 0.0:.3g}"


def _of_names(parts: Iterable[str]) -> Scaling | None:
    for part in parts:
        name = _application_name(part)
        if name is not None:
            title = APPLICATIONS[name].title
            return Scaling(
                _usual_scaling(name),
                "inference",
                f"that of {title}, after which {part!r} is called; nothing in the graph shows it",
            )
    return None


def _usual_scaling(name: str) -> Preprocessing:
    """Return what a network of `keras.applications` was trained on.

    Those with a scaling of their own inside were built without it, or the graph would show it.
    """
    without = APPLICATIONS[name].own_scaling
    return SCALINGS[without] if without else application_preprocessing(name, 0)


def _application_name(part: str) -> str | None:
    """Return the `keras.applications` name that Keras gave a network when it built it.

    Keras calls them "mobilenet_0.25_224", "resnet50", "convnext_tiny", "efficientnetv2-b0" …
    """
    name = part.lower()
    candidates = {name.split("_", maxsplit=1)[0], re.sub(r"[^a-z0-9]", "", name)}
    return next((known for known in APPLICATIONS if known in candidates), None)
