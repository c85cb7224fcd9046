"""The quantization modes: one row each, from which everything else about a mode follows.

The options and their help, docs/configuration.md, the table in docs/quantization.md, the limits of
a build, "auto", `metadata.json` and the benchmarks read `MODES`. To add a mode, add a row here.
Where its weights are stored in bytes that TensorFlow.js cannot read, add their form here too, name
it in the row, and add its reader to `site_templates/app/classifier/dequantize.js`.

This module is imported for `--help`: NumPy, and what needs it, is imported inside the functions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builder.errors import ModelError
from builder.model.quantize.forms import ChannelScaled, Form, Stored, TensorScaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from builder.model.graph.canonical import CanonicalGraph

Store = Callable[["CanonicalGraph", "NDArray[Any]"], Mapping[str, Stored]]
"""Graph, calibration images float32 [N, H, W, 3] in 0…255 → each weight as it is stored."""


@dataclass(frozen=True)
class Mode:
    """A way to store the weights of a graph model."""

    name: str
    """What `--quantize` and `metadata.json` call it."""
    description: str
    """What it stores and what that costs, the end of a sentence."""
    store: Store
    """Stores the weights of a graph. What scales the photo is never rounded."""
    needs_calibration: bool = False
    """Whether `store` looks at the calibration images."""
    exact_within: float | None = None
    """Largest difference of any probability from Keras's in a sound conversion, where the mode
    changes no weight; None where it does."""
    alternative: str | None = "float16"
    """Mode to choose instead where this one loses too much."""
    forms: tuple[type[Form], ...] = ()
    """Forms besides float32, float16, int32 and bool in which it stores weights."""

    @property
    def is_read_by_tensorflow_js(self) -> bool:
        """Whether TensorFlow.js can load it without our reader."""
        return all(form.is_known_to_tensorflow_js for form in self.forms)


def _as_trained(graph: "CanonicalGraph", _calibration: "NDArray[Any]") -> Mapping[str, Stored]:
    return graph.weights


def _float16(graph: "CanonicalGraph", calibration: "NDArray[Any]") -> Mapping[str, Stored]:
    from builder.model.quantize.layers import delicate
    from builder.model.quantize.plain import as_float16
    from builder.model.quantize.side_by_side import with_kept_means

    stored = as_float16(graph.weights, graph.scaling, delicate(graph))
    return with_kept_means(graph, stored, calibration)


def _uint8(graph: "CanonicalGraph", _calibration: "NDArray[Any]") -> Mapping[str, Stored]:
    from builder.model.quantize.plain import as_uint8

    return as_uint8(graph.weights, graph.scaling)


def _mixed(graph: "CanonicalGraph", calibration: "NDArray[Any]") -> Mapping[str, Stored]:
    from builder.model.quantize.mixed import as_mixed
    from builder.model.quantize.side_by_side import with_kept_means

    return with_kept_means(graph, as_mixed(graph, calibration), calibration)


MODES = (
    Mode(
        "none",
        "float32, as trained",
        _as_trained,
        # On 200 real photos MobileNet 0.25 differs by 1e-5.
        exact_within=1e-4,
        alternative=None,
    ),
    Mode(
        "float16",
        "half precision, a few sensitive weights more finely: half the download, hardly any changed"
        " answers",
        _float16,
        needs_calibration=True,
        alternative="none",
    ),
    Mode(
        "uint8",
        "TensorFlow.js's own bytes with one scale for each tensor, which many networks do not"
        " survive",
        _uint8,
        forms=(TensorScaled,),
    ),
    Mode(
        "mixed",
        "bytes with a scale for each channel, rounded to keep each layer's output: a quarter of the"
        " download",
        _mixed,
        needs_calibration=True,
        forms=(ChannelScaled,),
    ),
)
"""All modes, in the order in which they are listed, and measured for "auto"."""

DEFAULT = "float16"
"""Mode of a build that does not name one, unless `DEFAULTS` has the model's architecture."""

DEFAULTS = {"efficientnet-lite0": "mixed"}
"""By architecture, where measurements show that nothing is lost (docs/quantization.md)."""

AUTO = "auto"
"""Names no mode: all are measured, and the smallest that keeps to the limits is taken."""

STANDARD = "default"
"""Names no mode: that of the model's architecture is taken, or `DEFAULT` where that one strays too
far on the pictures of a build."""

DESCRIPTIONS = {
    **{mode.name: mode.description for mode in MODES},
    AUTO: "the smallest of these that agrees with Keras; all are measured",
    STANDARD: ", ".join([DEFAULT, *(f"{mode} for {name}" for name, mode in DEFAULTS.items())]),
}
"""What `--quantize` accepts, with what each value means."""


def mode_named(name: str) -> Mode:
    """Return the mode of a name; raises `ModelError` for an unknown name."""
    for mode in MODES:
        if mode.name == name:
            return mode
    names = " or ".join(mode.name for mode in MODES)
    raise ModelError(f"The quantization {name!r} is unknown: choose {names}.")


def modes_of(quantize: str, architecture: str) -> tuple[Mode, ...]:
    """Return the modes that a value of `--quantize` means for an architecture.

    All are measured, but for `STANDARD` only until one keeps to the limits. Raises `ModelError`.
    """
    if quantize == AUTO:
        return MODES
    if quantize != STANDARD:
        return (mode_named(quantize),)
    names = dict.fromkeys((DEFAULTS.get(architecture, DEFAULT), DEFAULT))
    return tuple(mode_named(name) for name in names)


def form_of(dtype: str) -> type[Form] | None:
    """Return the form whose weights have this dtype in the weights manifest, if a mode has one."""
    forms = (form for mode in MODES for form in mode.forms)
    return next((form for form in forms if form.dtype == dtype), None)
