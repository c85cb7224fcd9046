"""The end of a run: the network that is kept, its temperature, the file and the report."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from builder.evaluation.advice import advice_for, advice_on_foreign
from builder.evaluation.figures import Figures, measure
from builder.evaluation.report import RECORD, ReportContent, write_report
from builder.hashing import file_sha256
from builder.model.calibration.familiarity import Familiarity, fit_familiarity
from builder.model.calibration.fit import fit_calibration
from builder.model.calibration.temperature import apply_temperature
from builder.model.loading.bundle import ModelBundle, write_bundle
from builder.model.metadata import Calibration
from builder.output.records import RecordError, read_record
from builder.output.single import replace_file
from builder.training.head import HEAD, embed_whole
from builder.training.kept import Kept, keep_best
from builder.training.phases import TUNING
from builder.training.result import TrainResult
from builder.training.run import Run
from builder.training.share import WHOLE

_MODEL = "modelSha256"
"""Member of report.json by which the next run recognises a model that a run wrote."""

_MOST_EMBEDDED = 5000
"""Photos that the detector of foreign photos is fitted on: more gain little and take minutes."""


def finish(run: Run, interrupted: bool, tell: Callable[[str], None]) -> TrainResult:
    """Write the output and the report; drop the checkpoints of a run that is complete.

    `tell` gets a line on where their former content now lies, unless an earlier run wrote it.
    """
    kept = keep_best(run)
    if kept.verdict:
        run.say(kept.verdict)
    probabilities = kept.probabilities
    calibration = fit_calibration(
        probabilities, run.val_labels, f"{len(run.photos.val)} validation photos"
    )
    temperature = calibration.temperature
    calibrated = apply_temperature(probabilities, temperature)
    before = measure(probabilities, run.val_labels, run.photos.labels)
    figures = measure(calibrated, run.val_labels, run.photos.labels)
    sha256 = save(run, kept, figures, calibration, familiarity=familiarity_of(run, kept), tell=tell)
    options, state = run.options, run.state
    write_report(
        options.report_folder,
        ReportContent(
            title=f"Training of {options.output.name}",
            subtitle=_subtitle(run, kept),
            figures=figures,
            probabilities=calibrated,
            truth=run.val_labels,
            labels=run.photos.labels,
            files=[photo.path for photo in run.photos.val],
            history=state.history,
            advice=[*advice_for(figures), *advice_on_foreign(run.photos.labels)],
            before_temperature=before,
            temperature=temperature,
            skipped=run.skipped,
            extra={
                "base": run.base.chosen,
                "baseReason": run.base.reason,
                "bestEpoch": kept.epoch,
                "keptPhase": kept.phase,
                "keptReason": kept.verdict,
                "trainingPhotos": len(run.photos.train),
                "interrupted": interrupted,
                "classWeights": run.lessons.class_weights.tolist(),
                "cropFraction": run.base.preprocessing.crop_fraction,
                "fit": run.base.preprocessing.fit,
                _MODEL: sha256,
            },
        ),
        options.force,
        tell,
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
        best_epoch=kept.epoch,
        epochs=len(state.history),
        interrupted=interrupted,
    )


def _subtitle(run: Run, kept: Kept) -> str:
    """Return what was trained on what, and what was kept and why, in sentences."""
    what = (
        "the new head on the base as it was"
        if kept.phase == HEAD
        else f"epoch {kept.epoch} of {len(run.state.history)}"
    )
    sentences = (
        f"{name_of(run.base.name, kept.phase)}.",
        run.base.reason,
        f"{len(run.photos.train)} photos to learn from, figures on {len(run.photos.val)} "
        "validation photos that were not learnt from.",
        f"Kept: {what}.",
        kept.verdict,
    )
    return " ".join(sentence for sentence in sentences if sentence)


def name_of(base: str, phase: str) -> str:
    """Return the network's name for people, by what was kept."""
    endings = {HEAD: ", with a new head", TUNING: ", fine-tuned"}
    return base + endings.get(phase, "")


def familiarity_of(run: Run, kept: Kept) -> Familiarity:
    """Fit the detector of foreign photos on the embeddings of the run's own photos."""
    import keras

    lessons, preprocessing = run.lessons, run.base.preprocessing
    chosen = np.random.default_rng(run.options.seed).permutation(len(lessons.labels))
    chosen = np.sort(chosen[:_MOST_EMBEDDED])
    if kept.features is not None:
        learnt, seen = kept.features.train[chosen], kept.features.val
    else:
        model, side = kept.model, preprocessing.input_height
        body = keras.Model(model.inputs, model.get_layer("embedding").output)
        learnt = embed_whole(body, lessons.stream, preprocessing, side, WHOLE, chosen=chosen)
        seen = embed_whole(body, run.val, preprocessing, side, WHOLE)
    return fit_familiarity(learnt, lessons.labels[chosen], lessons.classes, seen)


def save(
    run: Run,
    kept: Kept,
    figures: Figures,
    calibration: Calibration,
    *,
    familiarity: Familiarity | None,
    tell: Callable[[str], None],
) -> str:
    """Write the `.keras` file at once: an interruption leaves an earlier one whole.

    Returns its SHA-256.
    """
    target = run.options.output
    staged = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part.keras")
    try:
        kept.model.save(staged)
        write_bundle(
            staged,
            ModelBundle(
                labels=run.photos.labels,
                preprocessing=replace(run.base.preprocessing),
                calibration=calibration,
                familiarity=familiarity,
                accuracy={
                    "top1": round(figures.top1, 4),
                    "top5": round(figures.top5, 4),
                    "data": f"{figures.photos} validation photos",
                },
                name=name_of(run.base.name, kept.phase),
                rights=run.base.rights,
            ),
        )
        sha256 = file_sha256(staged)
        aside = replace_file(staged, target, written_before(run.options.report_folder))
        if aside is not None:
            tell(f"The former {target} is now {aside}: the earlier report describes another one.")
    finally:
        staged.unlink(missing_ok=True)
    return sha256


def written_before(report_folder: Path) -> str | None:
    """Return the SHA-256 of the model that an earlier run wrote, by its report; None if unknown."""
    try:
        told = read_record(report_folder / RECORD).get(_MODEL)
    except (OSError, RecordError):
        return None
    return told if isinstance(told, str) else None
