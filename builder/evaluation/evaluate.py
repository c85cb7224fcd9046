"""Measures a Keras model on photos whose class is known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.evaluation.figures import Figures, measure
from builder.model.calibration.certainty import CertaintyFigures, certainty_figures
from builder.model.images.labelled_photos import LabelledPhotos, read_labelled_photos
from builder.model.isolated.limits import ceiling_of
from builder.model.isolated.parent import Reading, read_apart, unheard
from builder.model.reading.content import path_of

ShowLine = Callable[[str], None]
"""Shows a line of progress."""


@dataclass(frozen=True)
class Evaluation:
    """The result of an evaluation."""

    model: str
    """The model's name for people."""
    engine: str
    """What computed the answers: "Keras", or the browser's backend."""
    labels: tuple[str, ...]
    photos: LabelledPhotos
    probabilities: NDArray[Any]
    """[N, C], the temperature applied."""
    figures: Figures
    certainty: CertaintyFigures
    milliseconds: tuple[float, ...]
    """From file to answer, one photo each, after a warm-up."""
    answers: str = ""
    """What an answer says: "several of 10 classes at once, …"."""

    @property
    def median_latency(self) -> float:
        """Median time from file to answer, milliseconds."""
        return float(np.median(self.milliseconds))

    def as_json(self) -> dict[str, Any]:
        """Return plain values for scripts."""
        return {
            "model": self.model,
            "engine": self.engine,
            "answers": self.answers,
            "latencyMilliseconds": {
                "median": self.median_latency,
                "p95": float(np.percentile(self.milliseconds, 95)),
            },
            "labels": list(self.labels),
            "certainty": self.certainty.as_json(),
            **self.figures.as_json(),
        }


def evaluate_model(
    config: SiteConfig,
    photos: Path,
    say: ShowLine,
    warn: ShowLine,
    *,
    calibrated: Path | None = None,
    foreign: Path | None = None,
) -> Evaluation:
    """Measure the Keras model that a configuration names, on the photos in a folder.

    `calibrated` is a file to write a copy of the model into, its certainty fitted to the photos,
    and `foreign` a folder of photos of other things.
    Raises `ModelError`, `LabelsError`, `PhotosError` or `OutputError`.
    """
    from builder.model.images.sample_images import list_photos
    from builder.model.keras_answers import (
        certainty_kinds,
        keras_answers,
        keras_latency,
        with_temperature,
    )
    from builder.model.loading.load import load_source

    if path_of(config.model) or path_of(config.weights):
        reading = Reading(load_source, (config, unheard))
        read_apart(reading, config.model, ceiling_of(config))
    source = load_source(config, warn)
    labelled = read_labelled_photos(photos, source.labels, source.folders)
    say(f"Classifying {len(labelled.files)} photos with Keras")
    raw = keras_answers(source, labelled.files)
    answers = with_temperature(source, raw.probabilities)
    if calibrated is not None:
        from builder.evaluation.calibrated_copy import write_calibrated_copy

        say(f"Writing {calibrated}")
        write_calibrated_copy(
            source, raw.probabilities, labelled.truth, config.sure_accuracy, calibrated
        )
    strangers = list_photos(foreign) if foreign else []
    certainty = certainty_figures(
        certainty_kinds(source, raw),
        answers.argmax(axis=1) == labelled.truth,
        tells_foreign=source.familiarity is not None,
        foreign=certainty_kinds(source, keras_answers(source, strangers)) if strangers else (),
    )
    return Evaluation(
        model=source.provenance.name,
        engine="Keras",
        labels=source.labels,
        photos=labelled,
        probabilities=answers,
        figures=measure(answers, labelled.truth, source.labels),
        certainty=certainty,
        milliseconds=tuple(keras_latency(source, labelled)),
        answers=source.activation_reason,
    )


def write_evaluation(
    folder: Path,
    evaluation: Evaluation,
    force: bool = False,
    tell: Callable[[str], object] = lambda _line: None,
) -> None:
    """Write the report of an evaluation as a folder.

    Raises OutputError where that has other content and `force` does not allow moving it aside;
    `tell` then gets a line on where it lies.
    """
    from builder.evaluation.advice import advice_for
    from builder.evaluation.report import ReportContent, write_report

    latency = f"{evaluation.median_latency:.0f} ms"
    write_report(
        folder,
        ReportContent(
            title=f"Evaluation of {evaluation.model}",
            subtitle=f"Computed by: {evaluation.engine}. Answers: {evaluation.answers}.",
            figures=evaluation.figures,
            probabilities=evaluation.probabilities,
            truth=evaluation.photos.truth,
            labels=evaluation.labels,
            files=evaluation.photos.files,
            advice=advice_for(evaluation.figures, "photos"),
            headline=(("from file to answer (median)", latency),),
            extra={
                name: value
                for name, value in evaluation.as_json().items()
                if name in ("model", "engine", "answers", "latencyMilliseconds", "certainty")
            },
        ),
        force,
        tell,
    )
