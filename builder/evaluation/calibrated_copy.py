"""A model's copy as a `.keras` file that says how sure it may be."""

import os
import secrets
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from builder.errors import ModelError, OutputError
from builder.model.calibration.fit import fit_calibration, require_enough
from builder.model.loading.bundle import ModelBundle, write_bundle
from builder.model.source import SourceModel
from builder.output.single import check_file, replace_file

_OPTION = "--write-calibrated"


def require_new_file(file: Path) -> None:
    """Raise `OutputError` where a `.keras` file cannot be written as a new one, as `check_file`."""
    if file.suffix != ".keras":
        raise OutputError(f"{_OPTION} {file} must end in .keras, Keras's own format.")
    if os.path.lexists(file):
        raise OutputError(f"{_OPTION} {file} exists: choose another name, or move it.")
    check_file(file, force=False, option=_OPTION)


def write_calibrated_copy(
    source: SourceModel,
    probabilities: NDArray[Any],
    truth: NDArray[Any],
    sure_accuracy: float,
    file: Path,
) -> None:
    """Write the model with its certainty fitted to its answers, and all that `build` needs.

    `probabilities` [N, C] before any temperature, `truth` [N] the photos' classes.
    Raises `PhotosError` for too few photos, `ModelError` for a model that Keras cannot save, and
    `OutputError` for a file that is there already.
    """
    require_new_file(file)
    require_enough(len(truth), "The folder of photos")
    if source.activation != "softmax":
        raise ModelError(
            f"The classes of {source.provenance.name} do not share one probability, so its "
            "certainty cannot be fitted: leave --write-calibrated out."
        )
    calibration = fit_calibration(probabilities, truth, f"{len(truth)} photos", sure_accuracy)
    staged = file.with_name(f".{file.stem}.{secrets.token_hex(4)}.part.keras")
    try:
        try:
            source.keras_model.save(staged)
        except (NotImplementedError, TypeError, ValueError) as error:
            raise ModelError(
                f"Keras cannot save {source.provenance.name} as a .keras file, because it was read "
                "from another format. Give the photos to build with --calibration instead."
            ) from error
        write_bundle(
            staged,
            ModelBundle(
                labels=source.labels,
                preprocessing=source.preprocessing,
                calibration=calibration,
                familiarity=source.familiarity,
                accuracy=source.provenance.accuracy,
                name=source.provenance.name,
                rights=source.provenance.rights,
            ),
        )
        replace_file(staged, file, None)
    finally:
        staged.unlink(missing_ok=True)
