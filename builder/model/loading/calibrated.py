"""How sure a model may be: as fitted on photos, or as known for weights that were measured."""

from dataclasses import replace
from typing import TYPE_CHECKING

from builder.errors import PhotosError
from builder.model.metadata import SURE_OF_TWO, Calibration
from builder.model.source import SourceModel

if TYPE_CHECKING:
    from builder.config import SiteConfig

_IMAGENET_SAMPLES = "measured on 200 ImageNet photos"

_KNOWN = {
    # MobileNet v1, alpha 0.25, 224 px, as Keras distributes it.
    "8f44b00aa2c557bc": Calibration(0.8239, 0.5, 200, _IMAGENET_SAMPLES),
}
"""By the beginning of the SHA-256 of the weights' file."""


def known_calibration(sha256: str) -> Calibration | None:
    """Return the calibration that was measured for these weights; None for others."""
    return next((found for start, found in _KNOWN.items() if sha256.startswith(start)), None)


def unmeasured(calibration: Calibration, source: SourceModel) -> Calibration:
    """Return the calibration of a model that nobody has measured, which may be one of two
    classes."""
    excludes = source.activation == "softmax"
    if calibration.photos or not excludes or len(source.labels) != 2:
        return calibration
    return replace(calibration, sure_from=max(calibration.sure_from, SURE_OF_TWO))


def calibrated(source: SourceModel, config: "SiteConfig") -> SourceModel:
    """Return a model with its probabilities fitted to the photos in `config.calibration`.

    Without such photos it comes back as it is. Raises `PhotosError` where the photos are too few,
    cannot be read, or belong to classes that the model does not know.
    """
    if config.calibration is None:
        return source
    from builder.model.calibration.fit import fit_calibration, require_enough
    from builder.model.images.labelled_photos import read_labelled_photos
    from builder.model.keras_answers import keras_answers

    if source.activation != "softmax":
        raise PhotosError(
            f"--calibration {config.calibration} cannot be used: the classes of "
            f"{source.provenance.name} do not share one probability. Leave it out."
        )
    photos = read_labelled_photos(config.calibration, source.labels)
    require_enough(len(photos.files), str(config.calibration))
    return replace(
        source,
        calibration=fit_calibration(
            keras_answers(source, photos.files).probabilities,
            photos.truth,
            f"{len(photos.files)} photos",
            config.sure_accuracy,
        ),
    )
