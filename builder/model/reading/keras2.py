"""Models of Keras 2, with `tf_keras`: what Keras 3 cannot read, frozen into a graph."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.network.export import first_line
from builder.model.network.repeatable import training_call_error
from builder.model.reading.graph_network import graph_network
from builder.model.reading.network import Network
from builder.model.reading.saved_model import freeze
from builder.model.setup import silenced, tensorflow
from builder.model.trace import TRAINS_OTHERWISE


def read_keras2_archive(file: Path, path: Path) -> Network:
    """Read a `.keras` file of Keras 2, whose configuration was checked; `path` names its origin.

    Raises whatever `tf_keras` raises where it cannot load the file, and `ModelError` where the
    model is none of one image.
    """
    tensorflow()
    import tf_keras  # type: ignore[import-untyped]

    with silenced():
        model = tf_keras.models.load_model(str(file), compile=False, safe_mode=True)
    return network_of_keras2(model, path)


def read_keras2_hdf5(config: Any, file: Path, path: Path) -> Network:
    """Build a Keras 2 model from a checked configuration and the arrays of an `.h5` file.

    `path` names the file's origin. Raises as `read_keras2_archive` does.
    """
    tensorflow()
    import tf_keras
    from tf_keras.src.saving.legacy.saved_model import json_utils  # type: ignore[import-untyped]

    with silenced():
        model = tf_keras.models.model_from_config(json_utils.decode(json.dumps(config)))
        model.load_weights(str(file))
    return network_of_keras2(model, path)


def read_keras2_config(config: Any, weights: dict[str, Any], path: Path) -> Network:
    """Build a Keras 2 model from its checked configuration and weights by name, as a TensorFlow.js
    layers model has them.

    Raises `ModelError` where the configuration cannot be read or the weights do not fit it.
    """
    tensorflow()
    import tf_keras

    try:
        with silenced():
            model = tf_keras.models.model_from_json(json.dumps(config))
            names = [variable.name.split(":")[0] for variable in _variables(model)]
            model.set_weights([_weight(name, weights) for name in names])
    except KeyError as error:
        raise ModelError(
            f"{path} lacks the weights {error.args[0]!r}: its shards belong to another model, or "
            "it was saved by a program that this one does not know."
        ) from error
    except Exception as error:
        # Keras raises ValueError, TypeError, AttributeError and others.
        raise ModelError(
            f"{path} cannot be loaded: {first_line(error)}. Save the model again, as a graph model "
            "if it has layers of your own."
        ) from error
    return network_of_keras2(model, path)


def network_of_keras2(model: Any, path: Path) -> Network:
    """Freeze a loaded Keras 2 model into a graph and wrap that.

    Raises `ModelError` where it is not a model of one image and one output.
    """
    tf = tensorflow()
    inputs, outputs = getattr(model, "inputs", None) or [], getattr(model, "outputs", None) or []
    if len(inputs) != 1 or len(outputs) != 1:
        what = f"{len(inputs)} inputs and {len(outputs)} outputs"
        raise ModelError(f"{path} has {what}; a classifier of photos has one of each.")
    _require_inference(model, path)
    signature = tf.TensorSpec((None, *inputs[0].shape[1:]), tf.float32, name="image")
    function = tf.function(lambda image: model(image, training=False), autograph=False)
    with silenced():
        frozen = freeze(function.get_concrete_function(signature), path)
    graph, output = frozen.graph.as_graph_def(), frozen.outputs[0].name
    network = graph_network(graph, frozen.inputs[0].op.name, output, path)
    kinds = tuple(part for layer in _layers(model) for part in (type(layer).__name__, layer.name))
    return replace(network, parts=kinds)


def _require_inference(model: Any, path: Path) -> None:
    """Raise `ModelError` where a layer was called with `training=True`, which Keras 2 obeys. Layers
    in which nothing behaves differently in training pass.
    """
    for layer in _layers(model):
        calls = [node.call_kwargs for node in getattr(layer, "_inbound_nodes", ())]
        inside = [inner for inner in _layers(layer) if type(inner).__name__ in TRAINS_OTHERWISE]
        if inside and any(call.get("training") for call in calls):
            name = layer.name if inside[0] is layer else f"{layer.name}/{inside[0].name}"
            raise training_call_error(name, str(path))


def _layers(model: Any) -> list[Any]:
    layers = [model]
    for layer in getattr(model, "layers", ()):
        layers.extend(_layers(layer))
    return layers


def _variables(model: Any) -> list[Any]:
    return [variable for layer in model.layers for variable in layer.weights]


def _weight(name: str, weights: dict[str, Any]) -> Any:
    """Return the weight of a variable: TensorFlow.js leaves out the names of nested models."""
    if name in weights:
        return weights[name]
    parts = name.split("/")
    shortened = ["/".join(parts[start:]) for start in range(1, len(parts) - 1)]
    return weights[next((short for short in shortened if short in weights), name)]
