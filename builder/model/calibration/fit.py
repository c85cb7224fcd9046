"""Fits what the app makes of a network's probabilities, on photos whose class is known."""

from typing import Any

from numpy.typing import NDArray

from builder.errors import PhotosError
from builder.model.calibration.certainty import fit_sure_from
from builder.model.calibration.temperature import apply_temperature, fit_temperature
from builder.model.metadata import Calibration

SURE_ACCURACY = 0.8
"""Part of the answers shown as sure that are to be right."""

FEWEST_PHOTOS = 20
"""With fewer, one photo would move the limit by five points and more."""


def fit_calibration(
    probabilities: NDArray[Any],
    truth: NDArray[Any],
    photos: str,
    target: float = SURE_ACCURACY,
) -> Calibration:
    """Return the temperature and the limit for "sure" that fit the answers to photos.

    `probabilities` [N, C] before any temperature, `truth` [N] the photos' classes, `photos` what
    they are, in words. At least `target` of the answers shown as sure are right on them.
    """
    temperature = fit_temperature(probabilities, truth)
    calibrated = apply_temperature(probabilities, temperature)
    right = calibrated.argmax(axis=1) == truth
    sure_from = fit_sure_from(calibrated.max(axis=1), right, target)
    return Calibration(temperature, sure_from, len(truth), f"fitted on {photos}")


def require_enough(count: int, place: str) -> None:
    """Raise `PhotosError` where there are too few photos to fit anything on."""
    if count < FEWEST_PHOTOS:
        raise PhotosError(
            f"{place} holds {count} photos; a calibration needs {FEWEST_PHOTOS} or more (better "
            "200), of all classes."
        )
