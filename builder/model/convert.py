"""Keras → frozen graph → TensorFlow.js graph model; runs the converter of `tensorflowjs`."""

import gc
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.graph.canonical import CanonicalGraph, canonical_graph
from builder.model.graph.graph_model import GraphModel
from builder.model.network.export import export, first_line
from builder.model.network.inference import InferenceModel
from builder.model.quantize.modes import mode_named
from builder.model.quantize.shards import decode_weights, encode_weights
from builder.model.setup import silenced

_LARGE = 100_000_000
"""Size of a frozen graph, bytes, from which its leftovers are collected at once: TensorFlow's
graphs refer to themselves, and each carries the weights. Below, collecting takes longer than it is
worth."""


@dataclass(frozen=True)
class ConvertedGraph:
    """A converted graph, of which graph models can be emitted in any quantization."""

    canonical: CanonicalGraph
    """Nodes, and weights in full precision."""
    generator: Mapping[str, str]
    """What TensorFlow.js's converter says of itself in `model.json`."""

    def emit(self, quantization: str, calibration: NDArray[Any]) -> GraphModel:
        """Return the files with weights stored as the mode of this name stores them.

        `calibration` are photos, float32 [N, H, W, 3] in 0…255, for modes that need some. Raises
        `ModelError` where there is no such mode.
        """
        mode = mode_named(quantization)
        manifest, shards = encode_weights(mode.store(self.canonical, calibration))
        document = {
            **self.generator,
            "signature": self.canonical.signature,
            "modelTopology": self.canonical.topology,
            "weightsManifest": manifest,
        }
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return GraphModel({"model.json": text.encode(), **shards}, quantization)


def convert_graph(model: InferenceModel) -> ConvertedGraph:
    """Convert to a graph with names, order and weights that depend on the network alone.

    Raises `ModelError` where TensorFlow.js lacks an operator or the export fails.
    """
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        file, converted = Path(folder, "frozen.pb"), Path(folder, "converted")
        with silenced():
            signature = export(model, file)
            if file.stat().st_size > _LARGE:
                gc.collect()
            _run_converter(file, signature, converted)
        emitted = {path.name: path.read_bytes() for path in converted.iterdir()}
    document = json.loads(emitted["model.json"])
    weights = decode_weights(document["weightsManifest"], emitted)
    return ConvertedGraph(
        canonical=canonical_graph(document["modelTopology"], signature, weights, model.layer_names),
        generator={key: document[key] for key in ("format", "generatedBy", "convertedBy")},
    )


def _run_converter(frozen: Path, signature: Mapping[str, Any], converted: Path) -> None:
    """Turn a GraphDef's file into a folder of TensorFlow.js's files."""
    # Where stdout is captured, Decision Forests takes it for a notebook and imports IPython.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
    from tensorflowjs.converters import tf_saved_model_conversion_v2 as converter

    nodes = ",".join(info["name"].partition(":")[0] for info in signature["outputs"].values())
    try:
        with _without_passes(converter):
            converter.convert_tf_frozen_model(str(frozen), nodes, str(converted))
    except ValueError as error:
        headline, _, operators = str(error).partition("\n")
        if not headline.startswith("Unsupported Ops"):
            raise ModelError(f"The model cannot be converted: {first_line(error)}") from error
        raise ModelError(
            f"TensorFlow.js cannot run the model: it lacks {operators.strip()}. Build the model "
            "without the layer that needs it."
        ) from error


@contextmanager
def _without_passes(converter: Any) -> Iterator[None]:
    """Leave out passes of the converter for the length of a `with` block.

    They mistake any sum for a bias, whatever its shape, and any slopes for one per channel;
    `fuse.py` merges what can be merged.
    """
    passes = [
        (converter.normalize_bias_add, "normalize_bias_add_op"),
        (converter.fuse_prelu, "fuse_ops_for_prelu"),
        (converter.fuse_prelu, "fuse_prelu_with_fused_conv2d_or_matmul"),
        (converter.fuse_depthwise_conv2d, "fuse_depthwise_conv2d"),
    ]
    with ExitStack() as stack:
        for module, name in passes:
            stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, lambda graph: graph)
        yield
