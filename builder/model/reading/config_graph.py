"""How the layers of a Keras configuration are connected: without circles, and within bounds.

Keras walks along these connections until it is through, so they are followed here first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.graph.cycles import find_circle
from builder.model.reading import refusals
from builder.model.reading.allowed_layers import LAYERS, MODELS, OF_KERAS_2, OPERATIONS
from builder.model.reading.numbers import is_numbers
from builder.model.reading.operation_layer import CONSTANT

_MOST_CALLS = 20_000
"""How often layers may be called, those of nested models counted each time. The largest network of
`keras.applications` has about 1,500 layers."""

_CALLED = LAYERS | OPERATIONS | OF_KERAS_2

_NODES = "inbound_nodes"

_Call = tuple[str, int]
"""One call of a layer: its name, and which of its calls it is."""


def require_sound_graph(config: dict[str, Any], path: Path) -> None:
    """Raise `ModelError` where layers go round in a circle, take what is not there, or are called
    too often.

    `config` is a configuration in which every class is known.
    """
    _count(config, path)


def _count(value: Any, path: Path) -> int:
    """Return how many layers are called when this part of a configuration is."""
    if isinstance(value, list):
        return sum(_count(inner, path) for inner in value)
    if not isinstance(value, dict):
        return 0
    config = value.get("config")
    if value.get("class_name") in MODELS and not isinstance(config, list):
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            raise refusals.no_configuration(path, "its configuration has a model without layers")
        calls = _count_model(config, path, is_chain=value["class_name"] == "Sequential")
    else:
        calls = sum(_count(inner, path) for inner in value.values())
        calls += value.get("class_name") in _CALLED
    if calls > _MOST_CALLS:
        raise ModelError(
            f"{path} calls its layers more than {_MOST_CALLS:,} times, far more than a classifier "
            "of photos: refused. Save a smaller model."
        )
    return calls


def _count_model(config: dict[str, Any], path: Path, *, is_chain: bool) -> int:
    layers = config["layers"]
    if not all(isinstance(layer, dict) for layer in layers):
        raise refusals.no_configuration(path, "its configuration has a layer that is none")
    if is_chain:
        return sum(_count(layer, path) for layer in layers)
    counts = {_name(layer, path): len(_nodes(layer, path)) for layer in layers}
    if len(counts) != len(layers):
        raise refusals.no_configuration(path, "two layers of its configuration have one name")
    _require_order(layers, counts, path)
    inner = [{key: value for key, value in layer.items() if key != _NODES} for layer in layers]
    times = (max(1, count) for count in counts.values())
    return sum(_count(layer, path) * count for layer, count in zip(inner, times, strict=True))


def _require_order(layers: list[dict[str, Any]], counts: dict[str, int], path: Path) -> None:
    """Refuse calls of which no order makes each come after those whose output it takes."""
    inputs = {_name(layer, path) for layer in layers if layer.get("class_name") == "InputLayer"}
    models = {_name(layer, path) for layer in layers if layer.get("class_name") in MODELS}
    known = _Known(counts, models, path)
    calls: dict[_Call, set[_Call]] = {}
    for layer in layers:
        name = _name(layer, path)
        for index, node in enumerate(_nodes(layer, path)):
            # Keras calls a layer in the order in which its calls stand.
            before = {(name, index - 1)} if index else set()
            calls[name, index] = before | {
                (source, _place(source, number, known, name))
                for source, number in _sources(node, name, path, is_keras3=isinstance(node, dict))
                if source not in inputs
            }
    circle = find_circle(calls)
    if circle:
        names = ", ".join(repr(name) for name, _ in circle[:4])
        raise refusals.no_configuration(
            path, f"its layers go round in a circle ({names}{' …' if len(circle) > 4 else ''})"
        )


@dataclass(frozen=True)
class _Known:
    """What the file says of a model's layers."""

    counts: dict[str, int]
    """How often each layer is called, by name."""
    models: set[str]
    """Names of the layers that are models."""
    path: Path
    """What an error names."""


def _name(layer: dict[str, Any], path: Path) -> str:
    config = layer.get("config")
    name = layer.get("name") or (config.get("name") if isinstance(config, dict) else None)
    if not isinstance(name, str):
        raise refusals.no_configuration(path, "its configuration has a layer without a name")
    return name


def _nodes(layer: dict[str, Any], path: Path) -> list[Any]:
    nodes = layer.get(_NODES, [])
    if not isinstance(nodes, list):
        raise refusals.no_configuration(path, "its configuration does not say how layers connect")
    return nodes


def _place(source: str, number: Any, known: _Known, name: str) -> int:
    """Return which call of `source` the layer `name` takes, of those that the file lists.

    A nested model may count a call from before it was put in: the first of ours is then 1.
    """
    count, is_model = known.counts.get(source, 0), source in known.models
    if not isinstance(number, int) or not 0 <= number < count + is_model:
        raise refusals.no_configuration(
            known.path,
            f"its layer {name!r} takes the output of {source[:60]!r}, which is not there",
        )
    return min(max(number - is_model, 0), count - 1)


def _sources(node: Any, name: str, path: Path, *, is_keras3: bool) -> Iterator[tuple[str, Any]]:
    """Yield whose output a call takes, and of which call: layer and number."""
    if isinstance(node, dict):
        config = node.get("config")
        if node.get("class_name") == "__keras_tensor__" and isinstance(config, dict):
            history: Any = config.get("keras_history")
            if _is_reference(history):
                yield history[0], history[1]
            return
        node = list(node.values())
    elif _is_reference(node) and not is_keras3:
        if node[0] != CONSTANT:
            yield node[0], node[1]
        elif not is_numbers(node[2]):
            raise refusals.no_configuration(
                path, f"the layer {name!r} takes a constant that is not made of numbers"
            )
        node = node[3:]
    if isinstance(node, list):
        for inner in node:
            yield from _sources(inner, name, path, is_keras3=is_keras3)


def _is_reference(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str)
