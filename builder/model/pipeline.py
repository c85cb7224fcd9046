"""From the configuration to the graph model's files, through the rooms that know TensorFlow."""

from collections.abc import Callable
from dataclasses import dataclass

from builder.config import SiteConfig
from builder.model.cache.entry import Entry
from builder.model.cache.key import conversion_key
from builder.model.cache.store import ConversionCache

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


@dataclass(frozen=True)
class Conversion:
    """What a conversion made."""

    entry: Entry
    """The model and all that was told of it."""
    is_repeatable: bool
    """Whether it can be told that another conversion would make the same."""


Convert = Callable[[SiteConfig, Tell, Tell], Conversion]


def convert_model(config: SiteConfig, progress: Tell, warn: Tell) -> Conversion:
    """Load, convert and measure the configured model.

    Raises ModelError, LabelsError, PhotosError or ParityError where the model cannot be had, does
    not fit its labels, or does not answer as the Keras model does.
    """
    progress("Loading the Keras model")
    from builder.model.convert import convert_graph
    from builder.model.graph import inference_model
    from builder.model.graphdef import EmittedModel
    from builder.model.loading.load import load_source
    from builder.model.metadata_json import metadata_json
    from builder.model.parity import compare, keras_probabilities, require_parity
    from builder.model.quantize.choice import Candidate, candidates_of, choose
    from builder.model.sample_images import sample_images

    warnings: list[str] = []

    def heard(line: str) -> None:
        warnings.append(line)
        warn(line)

    source = load_source(config, heard)
    progress(f"Converting {source.provenance.name} to a TensorFlow.js graph model")
    converted = convert_graph(inference_model(source))
    quantizations = candidates_of(config.quantize)
    images = sample_images(
        source.preprocessing, config.parity_images, calibrates="mixed" in quantizations
    )
    expected = keras_probabilities(source, images.measured)
    candidates = []
    for quantization in quantizations:
        progress(f"Comparing the converted model with Keras, weights as {quantization}")
        graph = converted.emit(quantization, images.calibration)
        answers = EmittedModel(graph.files).predict(images.measured)
        candidates.append(Candidate(graph, compare(answers, expected)))
    chosen = choose(candidates, config.min_agreement)
    looked_at = f"photos in {config.parity_images}" if config.parity_images else "generated images"
    require_parity(chosen.parity, chosen.graph.quantization, config.min_agreement, looked_at)
    compared = candidates if len(candidates) > 1 else ()
    metadata = metadata_json(source, chosen.graph, chosen.parity, images.origin, compared)
    files = {**chosen.graph.files, "metadata.json": metadata}
    entry = Entry(files, tuple(warnings), source.dependencies or ())
    return Conversion(entry, is_repeatable=source.dependencies is not None)


def prepare_model(
    config: SiteConfig,
    progress: Tell,
    warn: Tell,
    cache: ConversionCache | None = None,
    convert: Convert = convert_model,
) -> PreparedModel:
    """Convert the configured model, or take it from the cache.

    A model from the cache is told of as it was when it was converted, warnings included.
    Raises what `convert_model` does.
    """
    if not config.cache:
        return PreparedModel(dict(convert(config, progress, warn).entry.files))
    cache = cache or ConversionCache()
    key = conversion_key(config)
    entry = cache.find(key)
    if entry is None:
        made = convert(config, progress, warn)
        # Unless a file was replaced meanwhile: the key would stand for what was not read.
        if made.is_repeatable and conversion_key(config) == key:
            cache.keep(key, made.entry)
        return PreparedModel(dict(made.entry.files))
    progress("Taking the converted model from the cache")
    for line in entry.warnings:
        warn(line)
    return PreparedModel(dict(entry.files))
