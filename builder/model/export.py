"""The network as a SavedModel that the converter takes: variables frozen, operators known."""

from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.graph import InferenceModel
from builder.model.operators import require_browser_operators, with_browser_operators
from builder.model.setup import tensorflow


def export(model: InferenceModel, folder: Path) -> None:
    """Write a SavedModel with a static batch of one and named outputs.

    Raises `ModelError` where a layer refuses its input, or TensorFlow.js lacks an operator.
    """
    tf = tensorflow()
    # What the Keras layers themselves say of an unfit model is worth more than our guess.
    try:
        concrete = tf.function(
            lambda image: dict(model(image)),
            input_signature=[tf.TensorSpec(model.input_shape, tf.float32, name="image")],
            # Keras's layers need no rewriting, which would bury their errors under a traceback.
            autograph=False,
        ).get_concrete_function()
    except (ValueError, TypeError, NotImplementedError, tf.errors.OpError) as error:
        raise ModelError(f"The model cannot be exported: {first_line(error)}") from error
    graph, outputs = _frozen(concrete)
    graph = with_browser_operators(graph)
    require_browser_operators(graph, model.layer_names)
    module = tf.Module()
    module.signature = _function(graph, outputs, model.input_shape)
    # Nobody trains the saved network further, and a swish's own gradient captures its variables.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures=module.signature, options=options)


def first_line(error: Exception) -> str:
    """Return the first line of an error's text that is not empty, or the error's type."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _frozen(concrete: Any) -> tuple[Any, dict[str, str]]:
    """Return the GraphDef that the outputs need, weights in, and the outputs' tensors by name."""
    tf = tensorflow()
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    frozen = freeze(concrete)
    names = sorted(concrete.structured_outputs)
    outputs = {name: tensor.name for name, tensor in zip(names, frozen.outputs, strict=True)}
    nodes = [tensor.op.name for tensor in (*frozen.inputs, *frozen.outputs)]
    graph = tf.compat.v1.graph_util.extract_sub_graph(frozen.graph.as_graph_def(), nodes)
    return graph, outputs


def _function(graph: Any, outputs: dict[str, str], shape: tuple[int, ...]) -> Any:
    tf = tensorflow()

    def run(image: Any) -> dict[str, Any]:
        tensors = tf.graph_util.import_graph_def(
            graph, {"image:0": image}, list(outputs.values()), name="network"
        )
        return dict(zip(outputs, tensors, strict=True))

    signature = [tf.TensorSpec(shape, tf.float32, name="image")]
    return tf.function(run, input_signature=signature, autograph=False)
