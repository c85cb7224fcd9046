"""Operations of Keras 3 in `.h5` files, which say of a class only its name.

Keras 3 writes `x / 127.5` as {"class_name": "TrueDivide"} there, and then finds no such layer. What
its `.keras` files say beside it, the module, is put back.
"""

from typing import Any

from builder.model.reading.allowed_layers import OPERATIONS

_MODULES = ("numpy", "nn", "core", "math", "image", "linalg", "einops")


def with_operation_modules(config: Any) -> Any:
    """Return a checked configuration of Keras 3 in which operations have their module.

    A layer of the same name ("Add") says whether it is trainable; an operation does not.
    """
    if isinstance(config, list):
        return [with_operation_modules(inner) for inner in config]
    if not isinstance(config, dict):
        return config
    result = {key: with_operation_modules(value) for key, value in config.items()}
    name, own = config.get("class_name"), config.get("config")
    is_operation = name in OPERATIONS and isinstance(own, dict) and "trainable" not in own
    if is_operation and "inbound_nodes" in config and "module" not in config:
        module = _module_of(str(name))
        if module is not None:
            result |= {"module": module, "registered_name": name}
    return result


def _module_of(name: str) -> str | None:
    """Return the module of Keras's that has the operation."""
    from importlib import import_module

    for part in _MODULES:
        module = f"keras.src.ops.{part}"
        found = getattr(import_module(module), name, None)
        if isinstance(found, type) and found.__module__ == module:
            return module
    return None
