"""Frozen dataclasses as JSON objects and back: keys in camelCase, every value checked by its type.

What is read is not trusted. A field's annotation says what is allowed: str, int, float
(finite), bool, None, Literal, tuple, Mapping with text as keys, another dataclass, or a union with
None. Members that no field stands for are left alone: later versions may have more.
"""

import dataclasses
import json
import sys
from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_OPTIONAL = "optional"
_KINDS = {str: "text", int: "whole number", float: "number"}
T = TypeVar("T")


class TypedJsonError(ValueError):
    """What is wrong with JSON, and where in it: the rest of a sentence."""


def optional(default_factory: Any) -> Any:
    """Declare a field that is left out of the JSON where it has its default."""
    return dataclasses.field(default_factory=default_factory, metadata={_OPTIONAL: True})


def camel_case(name: str) -> str:
    """Return a field's key: "top1_agreement" → "top1Agreement"."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def to_json(value: Any) -> Any:
    """Return a dataclass, and what it holds, as objects and lists for `json.dumps`."""
    if dataclasses.is_dataclass(value):
        members = {field: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {
            camel_case(field.name): to_json(member)
            for field, member in members.items()
            if member or not field.metadata.get(_OPTIONAL)
        }
    if isinstance(value, Mapping):
        return {key: to_json(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(member) for member in value]
    return value


def parse_json(cls: type[T], content: bytes) -> T:
    """Return the dataclass that a file's content stands for. Raises TypedJsonError."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TypedJsonError(f"is not JSON ({str(error) or 'nested too deep'})") from error
    return from_json(cls, value)


def from_json(cls: type[T], value: object) -> T:
    """Return the dataclass that an object stands for. Raises TypedJsonError."""
    read: T = _dataclass(cls, value, "")
    return read


def _read(kind: Any, value: object, where: str) -> Any:
    """Return the value of a type, or raise TypedJsonError with `where` it should be."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (one,) = (each for each in arguments if each is not NoneType)
        return None if value is None else _read(one, value, where)
    if origin is not None:
        return _generic(origin, arguments, value, where)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, value, f"{where}.")
    return value if kind is Any else _plain(kind, value, where)


def _generic(origin: Any, arguments: tuple[Any, ...], value: object, where: str) -> Any:
    if origin is Literal:
        return _literal(arguments, value, where)
    if origin is tuple:
        return _tuple(arguments, value, where)
    members = _object(value, where).items()
    return {key: _read(arguments[1], one, f"{where}.{key}") for key, one in members}


def _literal(allowed: tuple[Any, ...], value: object, where: str) -> Any:
    # True does not count as 1 here.
    if not any(type(value) is type(one) and value == one for one in allowed):
        raise TypedJsonError(f"has no {' or '.join(map(json.dumps, allowed))} in {where}")
    return value


def _plain(kind: Any, value: object, where: str) -> Any:
    if kind is bool:
        if not isinstance(value, bool):
            raise TypedJsonError(f"has neither true nor false in {where}")
        return value
    if isinstance(value, bool):
        raise TypedJsonError(f"has no {_KINDS[kind]} in {where}")
    if kind is float and isinstance(value, int | float) and abs(value) <= sys.float_info.max:
        return float(value)
    if kind is float or not isinstance(value, kind):
        raise TypedJsonError(f"has no {_KINDS[kind]} in {where}")
    return value


def _tuple(kinds: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    is_long = len(kinds) == 2 and kinds[1] is Ellipsis
    if not isinstance(value, list) or not (is_long or len(value) == len(kinds)):
        raise TypedJsonError(f"has no list in {where}" if is_long else f"has no pair in {where}")
    each = [kinds[0]] * len(value) if is_long else kinds
    return tuple(
        _read(kind, one, f"{where}[{index}]")
        for index, (kind, one) in enumerate(zip(each, value, strict=True))
    )


def _dataclass(cls: Any, value: object, prefix: str) -> Any:
    members = _object(value, prefix.rstrip("."))
    read = {}
    for name, (kind, has_default) in _fields(cls).items():
        key = camel_case(name)
        if key in members or not has_default:
            read[name] = _read(kind, members.get(key), f"{prefix}{key}")
    return cls(**read)


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypedJsonError(f"has no object in {where}" if where else "is no object")
    return value


@cache
def _fields(cls: Any) -> dict[str, tuple[Any, bool]]:
    """Return type, and whether there is a default, by the name of the field."""
    kinds = get_type_hints(cls)
    missing = dataclasses.MISSING
    return {
        field.name: (
            kinds[field.name],
            field.default is not missing or field.default_factory is not missing,
        )
        for field in dataclasses.fields(cls)
    }
