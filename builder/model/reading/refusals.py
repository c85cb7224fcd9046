"""Errors for configurations that name something that is not allowed."""

from pathlib import Path

from builder.errors import ModelError
from builder.model.reading.allowed_layers import reason_against

_OWN_LAYERS = "Build the model from Keras's own layers."


def lambda_layer(path: Path, layer: str) -> ModelError:
    """Return the error for a Lambda layer."""
    return ModelError(
        f"{path} has a Lambda layer, which is Python code that would run on loading{_in(layer)}. "
        "Replace it with layers of Keras's own and save the model again."
    )


def unknown_class(path: Path, class_name: str, layer: str) -> ModelError:
    """Return the error for a class that is not on the list."""
    reason = reason_against(class_name)
    if reason is not None:
        return ModelError(
            f"{path}{_of(layer)} has a layer of the class {class_name}, {reason}: refused. "
            "Leave it out and save the model again."
        )
    return ModelError(
        f"{path} has a layer or function of your own, {class_name[:80]!r}{_in(layer)}, whose code "
        f"this program does not have. {_OWN_LAYERS}"
    )


def unknown_module(path: Path, module: object, class_name: str, layer: str) -> ModelError:
    """Return the error for a class that is to come out of a module that is not Keras's."""
    return ModelError(
        f"{path} takes {class_name[:80]!r}{_in(layer)} from {str(module)[:80]!r}, which is no "
        f"part of Keras that holds layers: refused. {_OWN_LAYERS}"
    )


def unknown_function(path: Path, name: str, key: str, layer: str) -> ModelError:
    """Return the error for an activation, initializer or the like that is not on the list."""
    return ModelError(
        f"{path} has a layer or function of your own, {name[:80]!r} ({key}{_of(layer)}), whose "
        f"code this program does not have. {_OWN_LAYERS}"
    )


def function_of_tensorflow(path: Path, kind: str, name: object, layer: str) -> ModelError:
    """Return the error for an operation layer whose function is not on the list."""
    return ModelError(
        f"{path}: the layer {layer!r} ({kind}) calls TensorFlow's function {str(name)[:80]!r}, "
        "which a classifier of photos has no need of: refused. Use a layer of Keras's own in its "
        "place and save the model again."
    )


def argument(path: Path, function: str, name: str, value: object, layer: str) -> ModelError:
    """Return the error for a constant that a function of TensorFlow's may not get."""
    return ModelError(
        f"{path}: the layer {layer!r} hands {str(value)[:60]!r} to {function!r} as {name[:40]!r}, "
        "which is none of its arguments or no value for it: refused. Save the model again."
    )


def no_configuration(path: Path, what: str) -> ModelError:
    """Return the error for a configuration that is not a model's."""
    return ModelError(
        f"{path} is damaged: {what}. Copy or download it again, or save the model again."
    )


def _of(layer: str) -> str:
    return f", layer {layer[:80]!r}," if layer else ""


def _in(layer: str) -> str:
    return f" (in the layer {layer[:80]!r})" if layer else ""
