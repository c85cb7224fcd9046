"""A stand-in for the conversion, so that a site builds in no time and without TensorFlow."""

from dataclasses import replace
from typing import Any

from builder.config import SiteConfig
from builder.model.conversion import ShowLine
from builder.model.metadata_json import (
    METADATA,
    CalibrationRecord,
    MeasuredParity,
    Metadata,
    Outputs,
    PreprocessingRecord,
    placeholder,
    write_metadata,
)
from builder.model.pipeline import PreparedModel
from builder.output.records import GENERATOR, Recorded
from builder.site.report import FORMAT, ModelInfo, SiteReport, Transfer, TransferCost

_TREES = replace(
    placeholder(),
    name="Trees 0.25, 96 px",
    labels=("oak", "</script><b>elm & 'ash'</b>", "fir"),
    input_size=(96, 96),
    preprocessing=replace(
        placeholder().preprocessing,
        crop=(96, 96),
        resize=(110, 110),
        crop_fraction=0.875,
        geometry_reason="the default",
        scaling="0-1",
        scaling_origin="record",
        scaling_reason="it says so",
    ),
    outputs=Outputs(probabilities=3, embedding=None, class_activation=None),
    activation_reason="one of 3 classes, by softmax (the layer 'probabilities')",
    sure_from=0.5,
    calibration=CalibrationRecord(photos=0, basis="not measured for this model"),
    quantization="float16",
    parity=MeasuredParity(
        max_probability_difference=0.0012,
        top1_agreement=1.0,
        kl_divergence=0.00034,
        images=16,
        images_from="natural",
        decided_images=12,
        decided_agreed=12,
        agreement_lower_bound=0.758,
    ),
)


def metadata(**changes: Any) -> Metadata:
    """Return the metadata of a model of three trees."""
    return replace(_TREES, **changes)


def preprocessing(**changes: Any) -> PreprocessingRecord:
    """Return how its photos are prepared."""
    return replace(_TREES.preprocessing, **changes)


def report(described: Metadata = _TREES, **changes: Any) -> SiteReport:
    """Return a site.json of two files, and of a model that is described so."""
    made = SiteReport(
        format=FORMAT,
        version="1",
        title="Trees",
        lang="en",
        languages={"en": "English"},
        app="app/0123456789abcdef/",
        model="model/0123456789abcdef/",
        runtime="runtime/0123456789abcdef/",
        top_k=3,
        excluded=(),
        threshold=0.0,
        sure_from=described.sure_from,
        classes=len(described.labels),
        activation=described.activation,
        grayscale=False,
        files={
            "index.html": Recorded(500_000, "0" * 64),
            "model/0/model.json": Recorded(1_500_000, "0" * 64),
        },
        worker_modules={},
        generator=GENERATOR,
        transfer=Transfer(first_visit=_cost(1_700_000), app_update=_cost(80_000)),
        model_info=ModelInfo.of(described),
        tools={},
    )
    return replace(made, **changes)


def _cost(size: int) -> TransferCost:
    return TransferCost(files=1, bytes=size, brotli=size)


def prepared(model: Metadata) -> PreparedModel:
    """Return a graph model that nothing can run, in the shape of a real one."""
    return PreparedModel(
        {
            "model.json": b'{"weightsManifest":[]}',
            "group1-shard1of1.bin": bytes(1000),
            METADATA: write_metadata(model),
        }
    )


def prepare_trees(_config: SiteConfig, progress: ShowLine, _warn: ShowLine) -> PreparedModel:
    """Return one of three trees."""
    progress("Preparing a stand-in")
    return prepared(_TREES)
