"""TensorFlow.js models: `model.json` of a graph model or a layers model, with its shards."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.graph.graph_def import graph_def
from builder.model.reading.allowed_config import allowed_config
from builder.model.reading.allowed_graph import require_allowed_graph
from builder.model.reading.graph_network import graph_network
from builder.model.reading.keras2 import read_keras2_config
from builder.model.reading.network import Network
from builder.model.reading.tfjs_weights import read_tfjs_weights

_MOST_BYTES = 64 << 20


def read_tfjs(path: Path) -> Network:
    """Read the TensorFlow.js model whose model.json lies at `path`.

    Raises `ModelError` where a file is damaged or missing, or it is not a classifier of one image.
    """
    document = read_json_object(path)
    topology = document.get("modelTopology")
    if not isinstance(topology, dict):
        raise ModelError(
            f"{path} is no model of TensorFlow.js: it has no modelTopology. Give the model.json "
            "that lies beside the weight shards."
        )
    config = topology.get("model_config", topology if "class_name" in topology else None)
    if config is not None:
        config = allowed_config(config, path)
        return read_keras2_config(config, read_tfjs_weights(document, path), path)
    weights = read_tfjs_weights(document, path)
    try:
        graph = graph_def(topology, weights)
        require_allowed_graph(graph, path)
        image = _only_input(graph, path)
        output = _only_output(graph, document, path)
    except ModelError:
        raise
    except Exception as error:
        # Protobuf raises ParseError; a hostile graph leads to IndexError, KeyError and others.
        raise ModelError(
            f"{path} is damaged: its modelTopology is no graph of TensorFlow's. Convert the model "
            "again."
        ) from error
    return graph_network(graph, image, output, path)


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raises `ModelError`."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelError(
                f"{path} is larger than {_MOST_BYTES >> 20} MiB, which no such file is."
            )
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{path} is damaged: it is not JSON. Copy or download it again."
        ) from error
    if not isinstance(value, dict):
        raise ModelError(f"{path} is no model: it holds no JSON object.")
    return value


def _only_input(graph: Any, path: Path) -> str:
    inputs = [node.name for node in graph.node if node.op == "Placeholder"]
    if len(inputs) != 1:
        raise ModelError(f"{path} has {len(inputs)} inputs; a classifier of photos has one.")
    return str(inputs[0])


def _only_output(graph: Any, document: Mapping[str, Any], path: Path) -> str:
    """Return the output's tensor: as the signature has it, else what nothing consumes.

    Of a model that this package has converted, it is the probabilities.
    """
    metadata = document.get("userDefinedMetadata") or {}
    signature = document.get("signature") or metadata.get("signature") or {}
    outputs = {key: info["name"] for key, info in (signature.get("outputs") or {}).items()}
    if "probabilities" in outputs:
        outputs = {"probabilities": outputs["probabilities"]}
    if not outputs:
        used = {name.removeprefix("^").split(":")[0] for node in graph.node for name in node.input}
        outputs = {node.name: f"{node.name}:0" for node in graph.node if node.name not in used}
    if len(outputs) != 1:
        raise ModelError(
            f"{path} has {len(outputs)} outputs; a classifier has one, the class probabilities."
        )
    (name,) = outputs.values()
    known = {node.name for node in graph.node}
    tensor = name if ":" in name else f"{name}:0"
    if tensor.split(":")[0] not in known:
        raise ModelError(f"{path} is damaged: its output {name!r} is not in its graph.")
    return tensor
