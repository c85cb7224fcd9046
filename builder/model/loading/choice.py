"""Which model the settings mean: auto, demo, one of `keras.applications`, or a path."""

import difflib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS
from builder.model.loading import lite0
from builder.model.loading.application import load_application
from builder.model.loading.whole import load_whole
from builder.model.source import SourceModel, Warn

if TYPE_CHECKING:
    from builder.config import SiteConfig


def load_asked(config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load the model that `config.model` names. Raises ModelError for an unknown name."""
    if config.model == "auto":
        return _auto(config, warn)
    if config.model == "demo":
        return _demo(config)
    if config.model == lite0.NAME:
        return lite0.load_lite0(config)
    if config.model in APPLICATIONS:
        return load_application(config.model, config, warn)
    if Path(config.model).exists() or "/" in config.model or "." in config.model:
        return load_whole(Path(config.model), config, warn)
    names = ("auto", "demo", lite0.NAME, *APPLICATIONS)
    near = difflib.get_close_matches(config.model.lower(), names, 3, 0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Choose auto, demo or mobilenet."
    raise ModelError(
        f"The model {config.model!r} is unknown. {hint} A path to a .keras or .h5 file works too."
    )


def _auto(config: "SiteConfig", warn: Warn) -> SourceModel:
    from builder.model.loading.demo import has_demo, load_demo
    from builder.model.loading.imagenet import WeightsUnavailableError

    try:
        return load_application("mobilenet", config, warn)
    except WeightsUnavailableError as error:
        if lite0.find_lite0_weights() is not None and _is_plain(config):
            warn(
                f"{error.cause} Building with EfficientNet-Lite0 instead, which knows the same "
                "thousand classes."
            )
            found = lite0.load_lite0(config)
            unavailable = (error.unavailable,) if error.unavailable else ()
            known = unavailable and found.dependencies is not None
            return replace(
                found, dependencies=(*(found.dependencies or ()), *unavailable) if known else None
            )
        if not has_demo():
            raise
        substitution = (
            "This app uses the demo model that ships with classifier-pwa, because ImageNet "
            "weights were not available when it was built."
        )
        warn(f"{error.cause} Building with the demo model instead, which knows other classes.")
        demo = load_demo()
        return replace(
            demo,
            provenance=replace(demo.provenance, substitution=substitution),
            dependencies=(error.unavailable,) if error.unavailable else None,
        )


def _is_plain(config: "SiteConfig") -> bool:
    """Return whether no setting asks for other width or weights than EfficientNet-Lite0's."""
    return config.alpha in (None, 1.0) and config.weights == "imagenet"


def _demo(config: "SiteConfig") -> SourceModel:
    from builder.model.loading.demo import load_demo

    fixed = {
        "--weights": None if config.weights == "imagenet" else config.weights,
        "--alpha": config.alpha,
        "--input-size": config.input_size,
    }
    for option, value in fixed.items():
        if value is not None:
            raise ModelError(
                f"The demo model comes with its weights, width and size: leave {option} {value} "
                "out, or choose another --model."
            )
    return load_demo()
