"""Python code inside of models: found in the configuration, before anything loads it."""

from pathlib import Path
from typing import Any

from builder.errors import ModelError

_DEEPEST = 200


def require_no_code(config: Any, path: Path) -> None:
    """Raise `ModelError` where a Keras configuration has a Lambda layer, or nests without end."""
    level, depth = [config], 0
    while level:
        if depth > _DEEPEST:
            raise ModelError(f"{path} nests its layers without end: refused.")
        for value in level:
            if isinstance(value, dict) and value.get("class_name") in ("Lambda", "__lambda__"):
                raise lambda_error(path)
        level = [inner for value in level for inner in _inner(value)]
        depth += 1


def lambda_error(path: Path) -> ModelError:
    """Return the error for a model with a Lambda layer."""
    return ModelError(
        f"{path} has a Lambda layer, which is Python code that would run on loading. "
        "Replace it with layers of Keras's own and save the model again."
    )


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
