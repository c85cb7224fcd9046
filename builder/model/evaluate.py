"""Measures a Keras model on photos whose class is known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.model.evaluation.figures import Figures, measure
from builder.model.evaluation.photos import LabelledPhotos, read_labelled_photos

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation brought."""

    model: str
    """The model's name for people."""
    engine: str
    """What computed the answers: "Keras", or the browser's backend."""
    labels: tuple[str, ...]
    photos: LabelledPhotos
    probabilities: NDArray[Any]
    """[N, C], the temperature applied."""
    figures: Figures
    milliseconds: tuple[float, ...]
    """From file to answer, one photo each, after a warm-up."""

    @property
    def median_latency(self) -> float:
        """Milliseconds from file to answer that half of the photos stay below."""
        return float(np.median(self.milliseconds))

    def as_json(self) -> dict[str, Any]:
        """Return plain values for scripts."""
        return {
            "model": self.model,
            "engine": self.engine,
            "latencyMilliseconds": {
                "median": self.median_latency,
                "p95": float(np.percentile(self.milliseconds, 95)),
            },
            "labels": list(self.labels),
            **self.figures.as_json(),
        }


def evaluate_model(config: SiteConfig, photos: Path, say: Tell, warn: Tell) -> Evaluation:
    """Measure the Keras model that a configuration names, on the photos in a folder.

    Raises `ModelError`, `LabelsError` or `PhotosError`.
    """
    from builder.model.evaluation.keras_runner import keras_answers, keras_latency
    from builder.model.evaluation.temperature import apply_temperature
    from builder.model.loading.load import load_source

    source = load_source(config, warn)
    labelled = read_labelled_photos(photos, source.labels)
    say(f"Classifying {len(labelled.files)} photos with Keras")
    answers = apply_temperature(keras_answers(source, labelled), source.temperature)
    return Evaluation(
        model=source.provenance.name,
        engine="Keras",
        labels=source.labels,
        photos=labelled,
        probabilities=answers,
        figures=measure(answers, labelled.truth, source.labels),
        milliseconds=tuple(keras_latency(source, labelled)),
    )


def write_evaluation(folder: Path, evaluation: Evaluation) -> None:
    """Write the report of an evaluation into a folder."""
    from builder.model.evaluation.report import ReportContent, write_report

    latency = f"{evaluation.median_latency:.0f} ms"
    write_report(
        folder,
        ReportContent(
            title=f"Evaluation of {evaluation.model}",
            subtitle=f"Computed by: {evaluation.engine}.",
            figures=evaluation.figures,
            probabilities=evaluation.probabilities,
            truth=evaluation.photos.truth,
            labels=evaluation.labels,
            files=evaluation.photos.files,
            headline=(("from file to answer (median)", latency),),
            extra={
                name: value
                for name, value in evaluation.as_json().items()
                if name in ("model", "engine", "latencyMilliseconds")
            },
        ),
    )
