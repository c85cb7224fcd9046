"""Models of Keras 2, with `tf_keras`: what Keras 3 cannot read, frozen into a graph."""

import json
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.export import first_line
from builder.model.reading.graph_network import graph_network
from builder.model.reading.network import Network
from builder.model.reading.saved_model import freeze
from builder.model.setup import hushed, tensorflow


def read_keras2(path: Path) -> Network:
    """Read a whole-model `.h5` or `.keras` file of Keras 2.

    Raises whatever `tf_keras` raises where it cannot load the file, and `ModelError` where the
    model is none of one image.
    """
    tensorflow()
    import tf_keras  # type: ignore[import-untyped]

    with hushed():
        model = tf_keras.models.load_model(str(path), compile=False, safe_mode=True)
    return network_of_keras2(model, path)


def read_keras2_config(config: Any, weights: dict[str, Any], path: Path) -> Network:
    """Build a Keras 2 model from its configuration and weights by name: a TF.js layers model.

    Raises `ModelError` where the configuration cannot be read or the weights do not fit it.
    """
    tensorflow()
    import tf_keras

    try:
        with hushed():
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

    Raises `ModelError` where it is no model of one image and one output.
    """
    tf = tensorflow()
    inputs, outputs = getattr(model, "inputs", None) or [], getattr(model, "outputs", None) or []
    if len(inputs) != 1 or len(outputs) != 1:
        what = f"{len(inputs)} inputs and {len(outputs)} outputs"
        raise ModelError(f"{path} has {what}; a classifier of photos has one of each.")
    signature = tf.TensorSpec((None, *inputs[0].shape[1:]), tf.float32, name="image")
    function = tf.function(lambda image: model(image, training=False), autograph=False)
    with hushed():
        frozen = freeze(function.get_concrete_function(signature))
    graph, output = frozen.graph.as_graph_def(), frozen.outputs[0].name
    network = graph_network(graph, frozen.inputs[0].op.name, output, path)
    kinds = tuple(part for layer in _layers(model) for part in (type(layer).__name__, layer.name))
    return Network(network.model, parts=kinds)


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
