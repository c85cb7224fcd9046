"""SavedModel folders: the graph behind their signature, frozen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.export import first_line
from builder.model.reading.graph_network import graph_network
from builder.model.reading.network import Network
from builder.model.setup import hushed, tensorflow

_REACHING_OUT = frozenset(
    {"EagerPyFunc", "LoadDataset", "MatchingFiles", "PyFunc", "PyFuncStateless", "ReadFile"}
    | {"SaveDataset", "WholeFileReader", "WholeFileReaderV2", "WriteFile"}
)
"""Operators that read or write files, or run Python code. Loading may run them, and no classifier
needs them: https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md"""

_SIGNATURE = "serving_default"


def read_saved_model(folder: Path) -> Network:
    """Read the classifier behind the signature "serving_default", or the only one there is.

    Raises `ModelError` where the folder is damaged, unsafe, or no classifier of one image.
    """
    tf = tensorflow()
    _require_harmless(folder)
    try:
        with hushed():
            loaded = tf.saved_model.load(str(folder))
            signature = _signature(loaded, folder)
            graph = freeze(signature)
    except ModelError:
        raise
    except Exception as error:
        # TensorFlow raises OSError, ValueError, KeyError, NotFoundError and others here.
        if "AssignVariableOp" in str(error):
            raise ModelError(
                f"{folder} changes variables while it runs, as augmentation layers do where nobody "
                "switched them off: leave them out of the model, and export it again."
            ) from error
        raise ModelError(
            f"{folder} cannot be loaded: it is incomplete or damaged ({first_line(error)}). Copy "
            "the whole folder, variables included, or export the model again."
        ) from error
    inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
    if len(inputs) != 1:
        raise ModelError(f"{folder} has {len(inputs)} inputs; a classifier of photos has one.")
    if len(outputs) != 1:
        raise ModelError(
            f"{folder} has {len(outputs)} outputs ({', '.join(sorted(outputs))}); a classifier has "
            "one, the class probabilities."
        )
    (output,) = graph.outputs
    if output.dtype != tf.float32:
        what = "texts (strings)" if output.dtype == tf.string else output.dtype.name
        raise ModelError(
            f"{folder} returns {what}, not one probability for each class: export the model "
            "without the step that turns probabilities into answers."
        )
    return graph_network(graph.graph.as_graph_def(), graph.inputs[0].op.name, output.name, folder)


def freeze(function: Any) -> Any:
    """Return a concrete function with its variables turned into constants."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    return convert_variables_to_constants_v2(function)


def _signature(loaded: Any, folder: Path) -> Any:
    signatures = dict(loaded.signatures)
    if _SIGNATURE in signatures:
        return signatures[_SIGNATURE]
    if len(signatures) == 1:
        return next(iter(signatures.values()))
    found = f"only {', '.join(sorted(signatures))}" if signatures else "none"
    raise ModelError(
        f"{folder} needs a signature {_SIGNATURE!r} and has {found}: export it with Keras's "
        "model.export(folder)."
    )


def _require_harmless(folder: Path) -> None:
    """Raise `ModelError` where a graph reaches out of itself, before any of it is loaded."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel()
    try:
        saved.ParseFromString((folder / "saved_model.pb").read_bytes())
    except (OSError, DecodeError) as error:
        raise ModelError(
            f"{folder / 'saved_model.pb'} is damaged: it is truncated or no SavedModel. Copy or "
            "export the folder again."
        ) from error
    for operator in _operators(saved):
        if operator in _REACHING_OUT:
            raise ModelError(
                f"{folder} has the operator {operator}, which reads or writes files or runs code "
                "on this machine: refused. Export the model without it."
            )


def _operators(saved: Any) -> Iterator[str]:
    for graph in saved.meta_graphs:
        for node in graph.graph_def.node:
            yield node.op
        for function in graph.graph_def.library.function:
            for node in function.node_def:
                yield node.op
