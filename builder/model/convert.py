"""Keras → SavedModel → TensorFlow.js graph model; the only room that knows `tensorflowjs`."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.canonical import canonical_graph
from builder.model.graph import InferenceModel
from builder.model.setup import hushed, tensorflow
from builder.model.shards import decode_weights, encode_weights

QUANTIZATIONS = ("none", "float16")
"""How weights may be stored in the shards."""


@dataclass(frozen=True)
class GraphModel:
    """A TensorFlow.js graph model as it will be served."""

    files: Mapping[str, bytes]
    """`model.json` and the weight shards that it names."""
    quantization: str
    """One of `QUANTIZATIONS`."""

    @property
    def document(self) -> dict[str, Any]:
        """The parsed `model.json`."""
        return dict(json.loads(self.files["model.json"]))

    def output_shape(self, name: str) -> tuple[int, ...] | None:
        """Shape of the output `name`, batch of one included; None where there is none such."""
        output = self.document["signature"]["outputs"].get(name)
        if output is None:
            return None
        return tuple(int(side["size"]) for side in output["tensorShape"]["dim"])


def convert(model: InferenceModel, quantization: str = "float16") -> GraphModel:
    """Convert to a graph model whose bytes depend on the network and its weights alone.

    Raises `ModelError` where TensorFlow.js lacks an operator or the export fails.
    """
    if quantization not in QUANTIZATIONS:
        raise ModelError(
            f"The quantization {quantization!r} is unknown: choose {' or '.join(QUANTIZATIONS)}."
        )
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        saved, converted = Path(folder, "saved"), Path(folder, "converted")
        with hushed():
            _export(model, saved)
            _run_converter(saved, converted)
        emitted = {path.name: path.read_bytes() for path in converted.iterdir()}
    document = json.loads(emitted["model.json"])
    weights = decode_weights(document["weightsManifest"], emitted)
    graph = canonical_graph(document["modelTopology"], document["signature"], weights)
    # Twelve float32 numbers at most scale the photo; in float16 they would shift all of it.
    manifest, shards = encode_weights(graph.weights, quantization, exempt=graph.scaling)
    canonical = {
        "format": document["format"],
        "generatedBy": document["generatedBy"],
        "convertedBy": document["convertedBy"],
        "signature": graph.signature,
        "modelTopology": graph.topology,
        "weightsManifest": manifest,
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return GraphModel({"model.json": text.encode(), **shards}, quantization)


def _export(model: InferenceModel, folder: Path) -> None:
    """Write a SavedModel with a static batch of one and named outputs."""
    tf = tensorflow()
    module = tf.Module()
    module.kept = [variable.value for variable in model.variables]
    function = tf.function(
        lambda image: dict(model(image)),
        input_signature=[tf.TensorSpec(model.input_shape, tf.float32, name="image")],
        # Keras's layers need no rewriting, which would bury their errors under a traceback.
        autograph=False,
    )
    # What the Keras layers themselves say of an unfit model is worth more than our guess.
    try:
        signature = function.get_concrete_function()
        tf.saved_model.save(module, str(folder), signatures=signature)
    except (ValueError, TypeError, NotImplementedError, tf.errors.OpError) as error:
        raise ModelError(f"The model cannot be exported: {_first_line(error)}") from error


def _run_converter(saved: Path, converted: Path) -> None:
    # Where stdout is captured, Decision Forests takes it for a notebook and imports IPython.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
    from tensorflowjs.converters import tf_saved_model_conversion_v2 as converter

    try:
        converter.convert_tf_saved_model(str(saved), str(converted))
    except ValueError as error:
        headline, _, operators = str(error).partition("\n")
        if not headline.startswith("Unsupported Ops"):
            raise ModelError(f"The model cannot be converted: {_first_line(error)}") from error
        raise ModelError(
            f"TensorFlow.js cannot run the model: it lacks {operators.strip()}. Build the model "
            "without the layer that needs it."
        ) from error


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
