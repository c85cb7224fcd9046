"""From the configuration to the graph model's files, through the modules that know TensorFlow."""

from collections.abc import Callable
from dataclasses import dataclass

from builder.config import SiteConfig
from builder.model.cache.entry import Entry

ShowLine = Callable[[str], None]
"""Shows a line of progress, or a warning."""


@dataclass(frozen=True)
class Conversion:
    """What a conversion made."""

    entry: Entry
    """The model, with the warnings that came with it."""
    is_repeatable: bool
    """Whether another conversion would certainly make the same."""


def _nothing() -> None:
    """Do nothing."""


def convert_model(
    config: SiteConfig,
    progress: ShowLine,
    warn: ShowLine,
    on_converted: Callable[[], None] = _nothing,
) -> Conversion:
    """Load, convert and measure the configured model.

    `on_converted` is called between converting and measuring.

    Raises ModelError, LabelsError, PhotosError or ParityError where the model is not available,
    does not fit its labels, or does not answer as the Keras model does.
    """
    progress("Loading the Keras model")
    from builder.model.convert import convert_graph
    from builder.model.describe import describe
    from builder.model.emitted import EmittedModel
    from builder.model.failures import as_model_error
    from builder.model.images.sample_images import described, sample_images
    from builder.model.loading.calibrated import calibrated
    from builder.model.loading.load import load_source
    from builder.model.metadata_json import METADATA, write_metadata
    from builder.model.network.inference import inference_model
    from builder.model.parity import Limits, compare, keras_probabilities
    from builder.model.quantize.choice import Candidate, choose, require_parity
    from builder.model.quantize.modes import DEFAULT, STANDARD, modes_of
    from builder.model.reading.content import path_of

    warnings: list[str] = []

    def keep_warning(line: str) -> None:
        warnings.append(line)
        warn(line)

    source = calibrated(load_source(config, keep_warning), config)
    progress(f"Converting {source.provenance.name} to a TensorFlow.js graph model")
    stranger = path_of(config.model) or path_of(config.weights)
    with as_model_error(
        stranger, "it was converted", "Save it again, or export it as a SavedModel."
    ):
        converted = convert_graph(inference_model(source))
    on_converted()
    modes = modes_of(config.quantize, source.provenance.architecture)
    limits = Limits(config.min_agreement, config.max_divergence)
    images = sample_images(
        source.preprocessing,
        config.parity_images,
        calibrates=any(mode.needs_calibration for mode in modes),
    )
    candidates: list[Candidate] = []
    with as_model_error(stranger, "its answers were compared", "Save it again, or build another."):
        expected = keras_probabilities(source, images.measured)
        for mode in modes:
            progress(f"Comparing the converted model with Keras, weights as {mode.name}")
            graph = converted.emit(mode.name, images.calibration)
            answers = EmittedModel(graph.files).predict(images.measured)
            candidates.append(Candidate(graph, compare(answers, expected)))
            if config.quantize == STANDARD and limits.breach(candidates[-1].parity) is None:
                break
    chosen = choose(candidates, limits)
    looked_at = described(images, config.parity_images)
    require_parity(chosen.parity, chosen.graph.quantization, limits, looked_at)
    if config.quantize == STANDARD and chosen is not candidates[0]:
        keep_warning(
            f"With the weights as {modes[0].name}, the default for {source.provenance.architecture}"
            f", too many answers differ from Keras's on these pictures; {DEFAULT} is taken instead."
        )
    compared = candidates if len(candidates) > 1 else ()
    metadata = describe(source, chosen.graph, chosen.parity, images.origin, compared)
    files = {**chosen.graph.files, METADATA: write_metadata(metadata)}
    entry = Entry(files, tuple(warnings), source.dependencies or ())
    return Conversion(entry, is_repeatable=source.dependencies is not None)
