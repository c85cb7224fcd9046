"""Untrusted Keras configurations: what they may name, checked before Keras sees them.

Whatever is not known is refused: classes, functions, modules, and what a layer hands to a function
of TensorFlow's. See `allowed_layers.py` and `allowed_functions.py` for the lists.
"""

import re
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.reading import refusals
from builder.model.reading.allowed_functions import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
)
from builder.model.reading.allowed_layers import (
    DATA,
    LAYERS,
    MODELS,
    OBJECTS,
    OF_KERAS_2,
    OPERATIONS,
)
from builder.model.reading.config_graph import require_sound_graph
from builder.model.reading.numbers import is_numbers
from builder.model.reading.operation_layer import require_allowed_operation

_DEEPEST = 200
_MOST_VALUES = 2_000_000

_CLASSES = LAYERS | MODELS | OF_KERAS_2 | OPERATIONS | OBJECTS

_MODULES = re.compile(
    r"(?:tensorflow\.)?(?:tf_)?keras(?:\.src|\.api)?(?:\._v2|\._tf_keras|\.keras)*"
    r"(?:\.(?:activations|applications|constraints|dtype_policies|engine|initializers|layers|legacy"
    r"|mixed_precision|models|ops|random|regularizers)(?:\.\w+)*)?"
    r"|tensorflow\.python\.ops\.init_ops(?:_v2)?"
)
"""Modules that the classes on the lists come from, in all versions of Keras."""

_FUNCTIONS = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "constraint": CONSTRAINTS,
}
"""Names of functions that stand under keys such as "recurrent_activation"."""

_LAYER_KEYS = frozenset({"backward_layer", "cell", "cells", "forward_layer", "layer", "layers"})
_NUMBER_TYPES = re.compile(r"(?:bfloat|float|int|uint)\d{1,2}|bool")


def allowed_config(config: Any, path: Path) -> dict[str, Any]:
    """Return a copy of a Keras configuration in which all that is named is known.

    What belongs to training (losses, optimizers) is left out: it may name anything, and is not
    needed. Raises `ModelError`, naming class and layer, where something is not on the lists, the
    layers do not fit together, or the configuration is no model's.
    """
    checked = _Walk(path).value(config, "", "", 0)
    if not isinstance(checked, dict) or checked.get("class_name") not in LAYERS | MODELS:
        raise refusals.no_configuration(path, "its configuration is none of a model")
    require_sound_graph(checked, path)
    return checked


class _Walk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def value(self, value: Any, key: str, layer: str, depth: int) -> Any:
        """Return a copy of what stands under `key`, in the configuration of `layer`."""
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_VALUES:
            raise ModelError(f"{self.path} nests its layers without end: refused.")
        if isinstance(value, list):
            return [self.value(inner, key, layer, depth + 1) for inner in value]
        if isinstance(value, dict):
            if "class_name" in value:
                return self._object(value, key, layer, depth)
            return {
                name: self.value(inner, name, layer, depth + 1) for name, inner in value.items()
            }
        if isinstance(value, str):
            self._name(value, key, layer)
        return value

    def _object(self, value: dict[str, Any], key: str, layer: str, depth: int) -> dict[str, Any]:
        name, config = value["class_name"], value.get("config")
        if not isinstance(name, str):
            raise refusals.no_configuration(self.path, "its configuration has a class without name")
        if name == "function":
            self._function(value, key, layer)
        elif name in DATA:
            self._origin(name, value, layer)
            self._data(value, layer)
        else:
            own = config.get("name") if isinstance(config, dict) else None
            own = own if isinstance(own, str) else value.get("name")
            is_layer = name not in OBJECTS and isinstance(own, str)
            layer = own if is_layer and isinstance(own, str) else layer
            self._class(name, value, layer)
        return {
            part: self.value(inner, part if part in _LAYER_KEYS else "", layer, depth + 1)
            if part != "config" or not isinstance(inner, dict)
            else {k: self.value(v, k, layer, depth + 2) for k, v in inner.items()}
            for part, inner in value.items()
            if part != "compile_config"
        }

    def _class(self, name: str, value: dict[str, Any], layer: str) -> None:
        if name in ("Lambda", "__lambda__"):
            raise refusals.lambda_layer(self.path, layer)
        if name not in _CLASSES:
            raise refusals.unknown_class(self.path, name, layer)
        self._origin(name, value, layer)
        if name in OF_KERAS_2:
            require_allowed_operation(value, layer, self.path)

    def _origin(self, name: str, value: dict[str, Any], layer: str) -> None:
        """Check where a class is to come from: Keras's modules, under its own name."""
        module, registered = value.get("module"), value.get("registered_name")
        if registered not in (None, name, f"Custom>{name}", f"keras>{name}"):
            raise refusals.unknown_class(self.path, str(registered), layer)
        if module not in (None, "builtins") and not _is_module(module):
            raise refusals.unknown_module(self.path, module, name, layer)

    def _function(self, value: dict[str, Any], key: str, layer: str) -> None:
        """Check a function that is given as an object: {"class_name": "function", …}."""
        name, module = value.get("config"), value.get("module")
        if not isinstance(name, str) or name not in ACTIVATIONS | INITIALIZERS | REGULARIZERS:
            raise refusals.unknown_function(self.path, str(name), key or "a function", layer)
        if value.get("registered_name") not in (None, name, "function"):
            raise refusals.unknown_function(
                self.path, str(value["registered_name"]), key or "a function", layer
            )
        if module not in (None, "builtins") and not _is_module(module):
            raise refusals.unknown_module(self.path, module, name, layer)

    def _data(self, value: dict[str, Any], layer: str) -> None:
        """Check a tensor: it is made of numbers."""
        config = value.get("config")
        if value["class_name"] not in ("__numpy__", "__tensor__"):
            return
        if not isinstance(config, dict) or not (
            isinstance(config.get("dtype"), str)
            and _NUMBER_TYPES.fullmatch(config["dtype"])
            and is_numbers(config.get("value"))
        ):
            raise refusals.no_configuration(
                self.path, f"the layer {layer!r} has a constant that is not made of numbers"
            )

    def _name(self, value: str, key: str, layer: str) -> None:
        kind = key.rsplit("_", maxsplit=1)[-1]
        known = _FUNCTIONS.get(kind)
        if known is not None and value not in known:
            raise refusals.unknown_function(self.path, value, key, layer)
        if key in _LAYER_KEYS:
            raise refusals.unknown_class(self.path, value, layer)


def _is_module(module: Any) -> bool:
    return isinstance(module, str) and _MODULES.fullmatch(module) is not None
