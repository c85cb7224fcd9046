"""Class names in JSON: a list, an object by index, by name, or by language."""

import json
from pathlib import Path
from typing import Any

from builder.errors import LabelsError
from builder.labels.languages import canonical_tag
from builder.labels.names import Column, Placed, ordered


def json_columns(text: str, path: Path) -> list[Column]:
    """Return the names of a JSON file in each language, in the order of the model's outputs.

    Raises `LabelsError` for what is not JSON, or none of the forms that labels have.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise LabelsError(f"{path}, line {error.lineno}: not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:
        raise LabelsError(f"{path}: not a list of class names ({error}).") from error
    if isinstance(value, list):
        return [Column(None, _listed(value, "entry {}", path))]
    if isinstance(value, dict) and value:
        if all(isinstance(names, list) for names in value.values()) and not any(
            key.isdecimal() for key in value
        ):
            return _by_language(value, path)
        return [Column(None, _by_index(value, path))]
    raise LabelsError(
        f"{path}: JSON labels are a list of names, or an object from index to name or from "
        f"language to a list of names, not {type(value).__name__}."
    )


def _by_language(value: dict[str, list[Any]], path: Path) -> list[Column]:
    columns: list[Column] = []
    (first, expected), *_ = value.items()
    for key, names in value.items():
        tag = canonical_tag(key)
        if tag is None:
            raise LabelsError(
                f'{path}: the key "{key}" is no language that we know. Call it by its tag '
                '(BCP 47), such as "de" or "pt-BR", or take it out.'
            )
        if len(names) != len(expected):
            raise LabelsError(
                f'{path}: "{key}" has {len(names)} names where "{first}" has {len(expected)}. '
                "Give each class a name in each language."
            )
        columns.append(Column(tag, _listed(names, f'"{key}", entry {{}}', path)))
    return columns


def _by_index(value: dict[str, Any], path: Path) -> Placed:
    if all(isinstance(index, int) and not isinstance(index, bool) for index in value.values()):
        value = _turned(value, path)
    # Keras's own class index is {"0": ["n01440764", "tench"], …}.
    names = [(f"key {key!r}", _text(_last(name), path)) for key, name in value.items()]
    return ordered([(f"key {key!r}", key) for key in value], names, path)


def _unique_keys(spaced: list[tuple[str, Any]]) -> dict[str, Any]:
    pairs = [(key.strip(), value) for key, value in spaced]
    keys = dict(pairs)
    if len(keys) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} occurs twice")
    return keys


def _turned(value: dict[str, int], path: Path) -> dict[str, str]:
    """Return index → name for name → index."""
    indices = list(value.values())
    if len(set(indices)) != len(indices):
        twice = next(index for index in indices if indices.count(index) > 1)
        raise LabelsError(f"{path}: the index {twice} is given to two names.")
    return {str(index): name for name, index in value.items()}


def _last(value: Any) -> Any:
    is_pair = isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)
    return value[1] if is_pair else value


def _listed(values: list[Any], place: str, path: Path) -> Placed:
    return [(place.format(index), _text(name, path)) for index, name in enumerate(values)]


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str):
        raise LabelsError(f"{path}: {value!r} is not a class name; names are texts in quotes.")
    return value.strip()
