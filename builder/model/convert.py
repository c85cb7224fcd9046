"""Keras → frozen graph → TensorFlow.js graph model; the only room that knows `tensorflowjs`."""

import gc
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.canonical import CanonicalGraph, canonical_graph
from builder.model.export import export, first_line
from builder.model.graph import InferenceModel
from builder.model.quantize.mixed import as_mixed
from builder.model.quantize.plain import as_float16, as_uint8
from builder.model.quantize.stored import Stored
from builder.model.reference_images import calibration_images
from builder.model.setup import hushed
from builder.model.shards import decode_weights, encode_weights

QUANTIZATIONS = ("none", "float16", "uint8", "mixed")
"""How weights may be stored in the shards."""

_LARGE = 100_000_000
"""Bytes of a frozen graph from which on what is left of it is freed: TensorFlow's graphs refer to
themselves, and each carries the weights. Below, collecting takes longer than it is worth."""


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


@dataclass(frozen=True)
class ConvertedGraph:
    """A converted graph, of which graph models can be emitted in any quantization."""

    canonical: CanonicalGraph
    """Nodes, and weights in full precision."""
    generator: Mapping[str, str]
    """What TensorFlow.js's converter says of itself in `model.json`."""
    input_size: tuple[int, int]
    """Height and width of the photo, pixels."""

    def emit(self, quantization: str, calibration: Any = None) -> GraphModel:
        """Return the files with weights stored in one of `QUANTIZATIONS`.

        `calibration` are photos, float32 [N, H, W, 3] in 0…255, for "mixed" to round weights on;
        artificial ones by default. Raises `ModelError` for another quantization.
        """
        if quantization not in QUANTIZATIONS:
            raise ModelError(
                f"The quantization {quantization!r} is unknown: choose "
                f"{' or '.join(QUANTIZATIONS)}."
            )
        manifest, shards = encode_weights(self._stored(quantization, calibration))
        document = {
            **self.generator,
            "signature": self.canonical.signature,
            "modelTopology": self.canonical.topology,
            "weightsManifest": manifest,
        }
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return GraphModel({"model.json": text.encode(), **shards}, quantization)

    def _stored(self, quantization: str, calibration: Any) -> Mapping[str, Stored]:
        # Twelve float32 numbers at most scale the photo; in float16 they would shift all of it.
        weights, exempt = self.canonical.weights, self.canonical.scaling
        if quantization == "float16":
            return as_float16(weights, exempt)
        if quantization == "uint8":
            return as_uint8(weights, exempt)
        if quantization == "mixed":
            if calibration is None:
                calibration = calibration_images(*self.input_size)
            return as_mixed(self.canonical, calibration)
        return weights


def convert_graph(model: InferenceModel) -> ConvertedGraph:
    """Convert to a graph with names, order and weights that depend on the network alone.

    Raises `ModelError` where TensorFlow.js lacks an operator or the export fails.
    """
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        file, converted = Path(folder, "frozen.pb"), Path(folder, "converted")
        with hushed():
            signature = export(model, file)
            if file.stat().st_size > _LARGE:
                gc.collect()
            _run_converter(file, signature, converted)
        emitted = {path.name: path.read_bytes() for path in converted.iterdir()}
    document = json.loads(emitted["model.json"])
    weights = decode_weights(document["weightsManifest"], emitted)
    return ConvertedGraph(
        canonical=canonical_graph(document["modelTopology"], signature, weights),
        generator={key: document[key] for key in ("format", "generatedBy", "convertedBy")},
        input_size=model.input_shape[1:3],
    )


def _run_converter(frozen: Path, signature: Mapping[str, Any], converted: Path) -> None:
    """Turn a GraphDef's file into a folder of TensorFlow.js's files."""
    # Where stdout is captured, Decision Forests takes it for a notebook and imports IPython.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
    from tensorflowjs.converters import tf_saved_model_conversion_v2 as converter

    nodes = ",".join(info["name"].partition(":")[0] for info in signature["outputs"].values())
    try:
        converter.convert_tf_frozen_model(str(frozen), nodes, str(converted))
    except ValueError as error:
        headline, _, operators = str(error).partition("\n")
        if not headline.startswith("Unsupported Ops"):
            raise ModelError(f"The model cannot be converted: {first_line(error)}") from error
        raise ModelError(
            f"TensorFlow.js cannot run the model: it lacks {operators.strip()}. Build the model "
            "without the layer that needs it."
        ) from error
