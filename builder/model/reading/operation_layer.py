"""Layers of Keras 2 that call one function of TensorFlow's, with constants from the file."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.model.reading import refusals
from builder.model.reading.allowed_functions import FUNCTIONS, LARGEST_SIZE, SIZES, WORDS
from builder.model.reading.allowed_operators import COMPUTING
from builder.model.reading.numbers import is_numbers

CONSTANT = "_CONSTANT_VALUE"
"""Stands in the place of a layer's name where a node takes a constant."""

_SLICING = "__operators__.getitem"
_LARGEST = 1 << 31


def require_allowed_operation(value: dict[str, Any], layer: str, path: Path) -> None:
    """Raise `ModelError` where the layer calls a function that is not on the list, or hands
    anything but tensors, numbers and the function's own words to it.

    `value` is the layer's part of a configuration, its "inbound_nodes" included.
    """
    kind, config = value["class_name"], value.get("config")
    if not isinstance(config, dict):
        raise refusals.no_configuration(path, f"the layer {layer!r} has no configuration")
    if kind == "TensorFlowOpLayer":
        _require_allowed_node(config, layer, path)
        return
    function = config.get("function")
    if not isinstance(function, str) or function not in FUNCTIONS:
        raise refusals.function_of_tensorflow(path, kind, function, layer)
    if (kind == "SlicingOpLambda") != (function == _SLICING):
        raise refusals.function_of_tensorflow(path, kind, function, layer)
    for arguments in _arguments(value.get("inbound_nodes")):
        for name, given in arguments.items():
            if name not in FUNCTIONS[function] or not _is_allowed(name, given):
                raise refusals.argument(path, function, name, given, layer)


def _require_allowed_node(config: dict[str, Any], layer: str, path: Path) -> None:
    """Check a layer of TensorFlow 2.0 to 2.3, which holds a node of a graph."""
    node, constants = config.get("node_def"), config.get("constants") or {}
    operator = node.get("op") if isinstance(node, dict) else None
    if operator not in COMPUTING:
        raise refusals.function_of_tensorflow(path, "TensorFlowOpLayer", operator, layer)
    if not isinstance(constants, dict) or not all(map(is_numbers, constants.values())):
        raise refusals.argument(path, operator, "constants", constants, layer)


def _arguments(nodes: Any) -> Iterator[dict[str, Any]]:
    """Yield the keyword arguments of each call: [["layer", 0, 0, {"y": 127.5}]]."""
    if isinstance(nodes, dict):
        nodes = list(nodes.values())
    if not isinstance(nodes, list):
        return
    if len(nodes) == 4 and isinstance(nodes[0], str) and isinstance(nodes[3], dict):
        yield nodes[3]
        return
    for inner in nodes:
        yield from _arguments(inner)


def _is_allowed(name: str, value: Any) -> bool:
    if value is None or _is_tensor(value):
        return True
    if name == "slice_spec":
        return _is_slice(value, 0)
    if isinstance(value, str):
        return name == "name" or value in WORDS.get(name, ())
    if isinstance(value, list):
        return len(value) <= LARGEST_SIZE and all(_is_allowed(name, inner) for inner in value)
    return _is_number(value, LARGEST_SIZE if name in SIZES else None)


def _is_number(value: Any, largest: int | None) -> bool:
    if isinstance(value, float):
        return math.isfinite(value) and (largest is None or abs(value) <= largest)
    return isinstance(value, int) and abs(value) <= (largest or _LARGEST)


def _is_tensor(value: Any) -> bool:
    """Return whether a value stands for another layer's output: ["layer", 0, 0]."""
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(index, int) for index in value[1:3])
        and value[3:] in ([], [{}])
        and value[0] != CONSTANT
    )


def _is_slice(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        if value.get("class_name") == "__ellipsis__":
            return True
        if value.get("class_name") == "__tuple__":
            return _is_slice(value.get("items"), depth + 1)
        return set(value) <= {"start", "stop", "step"} and all(
            _is_slice(inner, depth + 1) for inner in value.values()
        )
    if isinstance(value, list):
        return depth < 3 and (_is_tensor(value) or all(_is_slice(v, depth + 1) for v in value))
    return value is None or (isinstance(value, int) and abs(value) <= _LARGEST)
