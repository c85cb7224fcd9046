"""From the configuration to the graph model's files, through the rooms that know TensorFlow."""

from collections.abc import Callable
from dataclasses import dataclass

from builder.config import SiteConfig

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


@dataclass(frozen=True)
class PreparedModel:
    """A converted model, ready to be put into a site."""

    files: dict[str, bytes]
    """Contents by file name: model.json, its weight shards, and metadata.json."""

    @property
    def metadata(self) -> bytes:
        """The content of metadata.json."""
        return self.files["metadata.json"]


def prepare_model(config: SiteConfig, progress: Tell, warn: Tell) -> PreparedModel:
    """Load, convert and measure the configured model.

    Raises ModelError, LabelsError or ParityError where the model cannot be had, does not fit its
    labels, or does not answer as the Keras model does.
    """
    progress("Loading the Keras model")
    from builder.model.convert import convert
    from builder.model.graph import inference_model
    from builder.model.metadata_json import metadata_json
    from builder.model.parity import measure_parity, require_parity
    from builder.model.source import load_source

    source = load_source(config, warn)
    progress(f"Converting {source.provenance.name} to a TensorFlow.js graph model")
    graph = convert(inference_model(source), config.quantize)
    progress("Comparing the converted model with Keras")
    parity = measure_parity(graph, source)
    require_parity(parity, config.quantize)
    return PreparedModel({**graph.files, "metadata.json": metadata_json(source, graph, parity)})
