"""Distinguishes plain numbers from everything else that JSON can hold."""

from typing import Any


def is_numbers(value: Any, depth: int = 8) -> bool:
    """Return whether a value is a number, a truth value, or lists of these `depth` levels deep."""
    if isinstance(value, list):
        return depth > 0 and all(is_numbers(inner, depth - 1) for inner in value)
    return isinstance(value, bool | int | float)
