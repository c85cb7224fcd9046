"""The network as a graph that the converter takes: variables frozen, operators known."""

from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.graph.loops import require_no_loop
from builder.model.kernels.constants import with_computed_constants
from builder.model.kernels.numbers import with_browser_numbers
from builder.model.kernels.rewrite import REWRITTEN, with_right_kernels
from builder.model.network.inference import InferenceModel
from builder.model.network.operators import (
    browser_operators,
    require_browser_operators,
    with_browser_operators,
)
from builder.model.network.repeatable import require_repeatable
from builder.model.setup import tensorflow


def export(model: InferenceModel, file: Path) -> dict[str, Any]:
    """Write the network's GraphDef, with a static batch of one; return its SignatureDef as JSON.

    The input "image" is float32 [1, H, W, 3], 0…255; the outputs have the names that `model` gives.
    Raises `ModelError` where a layer refuses its input or computes in a loop, or TensorFlow.js
    lacks an operator.
    """
    tf = tensorflow()
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    # What the Keras layers themselves say of an unfit model is worth more than our guess.
    try:
        concrete = tf.function(
            lambda image: dict(model(image)),
            input_signature=[tf.TensorSpec(model.input_shape, tf.float32, name="image")],
            # Keras's layers need no rewriting, which would bury their errors under a traceback.
            autograph=False,
        ).get_concrete_function()
    except (ValueError, TypeError, NotImplementedError, tf.errors.OpError) as error:
        raise ModelError(
            f"The model cannot be exported: {first_line(error).rstrip('.')}. Change that and save "
            "the model again."
        ) from error
    frozen = freeze(concrete)
    names = sorted(concrete.structured_outputs)
    outputs = dict(zip(names, frozen.outputs, strict=True))
    nodes = [tensor.op.name for tensor in (*frozen.inputs, *frozen.outputs)]
    graph = tf.compat.v1.graph_util.extract_sub_graph(frozen.graph.as_graph_def(), nodes)
    require_no_loop(graph, model.layer_names, "The model")
    require_repeatable(graph, model.layer_names, "the model")
    graph = with_computed_constants(graph, browser_operators() | REWRITTEN)
    graph = with_right_kernels(with_browser_operators(with_browser_numbers(graph)))
    require_browser_operators(graph, model.layer_names)
    (image,) = frozen.inputs
    file.write_bytes(graph.SerializeToString())
    return {
        "inputs": {"image": _described(image)},
        "outputs": {name: _described(tensor) for name, tensor in outputs.items()},
    }


def first_line(error: Exception) -> str:
    """Return the first line of an error's text that is not empty, or the error's type."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _described(tensor: Any) -> dict[str, Any]:
    """Return a tensor's TensorInfo as JSON."""
    dimensions = [{"size": str(size)} for size in tensor.shape.as_list()]
    return {"name": tensor.name, "dtype": "DT_FLOAT", "tensorShape": {"dim": dimensions}}
