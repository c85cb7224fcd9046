"""The end of a run: the best epoch's network, its temperature, the file and the report."""

from dataclasses import replace
from typing import Any

import numpy as np

from builder.model.bundle import ModelBundle, write_bundle
from builder.model.evaluation.figures import Figures, measure
from builder.model.evaluation.report import ReportContent, write_report
from builder.model.evaluation.temperature import apply_temperature, fit_temperature
from builder.model.training.bases import at_final_size, make_base
from builder.model.training.lessons import check_stream
from builder.model.training.result import TrainResult
from builder.model.training.run import Run


def finish(run: Run, interrupted: bool) -> TrainResult:
    """Write the output and the report; drop the checkpoints of a run that is complete."""
    model = best_model(run)
    side = run.base.preprocessing.input_height
    probabilities = np.asarray(
        model.predict(
            check_stream(
                run.val, run.val_labels, run.lessons.classes, run.base.preprocessing, side
            ).map(lambda photos, _: photos),
            verbose=0,
        )
    )
    temperature = fit_temperature(probabilities, run.val_labels)
    calibrated = apply_temperature(probabilities, temperature)
    before = measure(probabilities, run.val_labels, run.photos.labels)
    figures = measure(calibrated, run.val_labels, run.photos.labels)
    save(run, model, figures, temperature)
    options, state = run.options, run.state
    write_report(
        options.report_folder,
        ReportContent(
            title=f"Training of {options.output.name}",
            subtitle=f"{run.base.name}. {len(run.photos.train)} photos to learn from, figures on "
            f"{len(run.photos.val)} validation photos that were not learnt from; the best epoch "
            f"was {state.best_epoch} of {len(state.history)}.",
            figures=figures,
            probabilities=calibrated,
            truth=run.val_labels,
            labels=run.photos.labels,
            files=[photo.path for photo in run.photos.val],
            history=state.history,
            before_temperature=before,
            temperature=temperature,
            skipped=run.skipped,
            extra={
                "bestEpoch": state.best_epoch,
                "trainingPhotos": len(run.photos.train),
                "interrupted": interrupted,
                "classWeights": run.lessons.class_weights.tolist(),
            },
        ),
    )
    if not interrupted:
        run.checkpoints.remove()
    return TrainResult(
        output=options.output,
        report=options.report_folder,
        photos=figures.photos,
        top1=figures.top1,
        top5=figures.top5,
        calibration_error=figures.expected_calibration_error,
        temperature=temperature,
        best_epoch=state.best_epoch or 0,
        epochs=len(state.history),
        interrupted=interrupted,
    )


def best_model(run: Run) -> Any:
    """Return the network with the weights of the best epoch, for photos of the final size."""
    model = make_base(run.options, len(run.photos.labels), len(run.photos.train)).model
    model.load_weights(run.checkpoints.best)
    return at_final_size(model, run.base, run.options)


def save(run: Run, model: Any, figures: Figures, temperature: float) -> None:
    """Write the `.keras` file at once: an interruption leaves an earlier one whole."""
    target = run.options.output
    staged = target.with_name(f".{target.stem}.part.keras")
    try:
        model.save(staged)
        write_bundle(
            staged,
            ModelBundle(
                labels=run.photos.labels,
                preprocessing=replace(run.base.preprocessing),
                temperature=temperature,
                accuracy={
                    "top1": round(figures.top1, 4),
                    "top5": round(figures.top5, 4),
                    "data": f"{figures.photos} validation photos",
                },
                name=run.base.name,
                licence=run.base.licence,
            ),
        )
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)
