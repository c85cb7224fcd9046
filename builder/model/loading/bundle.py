"""What a training puts into a `.keras` file besides the network: labels, preprocessing, figures.

It is one more member of the zip archive, which Keras leaves alone when it loads the model.
"""

import io
import json
import os
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity, familiarity_bytes, read_familiarity
from builder.model.metadata import SURE_FROM, Calibration, Preprocessing

MEMBER = "classifier-pwa.json"
FAMILIARITY = "classifier-pwa-familiarity.npz"
_FORMAT = 1


@dataclass(frozen=True)
class ModelBundle:
    """Everything that `build` needs to know of a model besides the network itself."""

    labels: tuple[str, ...]
    """Class names in the order of the outputs."""
    preprocessing: Preprocessing
    """How photos were prepared in training."""
    calibration: Calibration = field(default_factory=Calibration)
    """What the app makes of the network's probabilities."""
    familiarity: Familiarity | None = None
    """Finds photos unlike all that the model was trained on; kept in a file of its own."""
    accuracy: dict[str, Any] = field(default_factory=dict)
    """Measured figures, e.g. {"top1": 0.61, "data": "…"}."""
    name: str | None = None
    """The model's name for people."""
    licence: str | None = None
    """Licence of the weights."""


def read_bundle(path: Path) -> ModelBundle | None:
    """Return the bundle inside a `.keras` file; None where there is none.

    Raises `ModelError` where there is one that cannot be used.
    """
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if MEMBER not in archive.namelist():
                return None
            value = json.loads(archive.read(MEMBER))
            known = FAMILIARITY in archive.namelist()
            content = io.BytesIO(archive.read(FAMILIARITY)) if known else None
        if value["format"] != _FORMAT:
            raise ModelError(
                f"{path} was written by another version of classifier-pwa (its {MEMBER} has the "
                f"format {value['format']!r}). Install the version that wrote it, or a newer one."
            )
        return ModelBundle(
            labels=tuple(str(label) for label in value["labels"]),
            preprocessing=_preprocessing(value["preprocessing"]),
            calibration=_calibration(value),
            familiarity=read_familiarity(content) if content else None,
            accuracy=dict(value["accuracy"]),
            name=value["name"],
            licence=value["licence"],
        )
    except ModelError:
        raise
    except Exception as error:
        # A member that is not a bundle leads to KeyError, TypeError, RecursionError and others.
        raise ModelError(
            f"{path} is damaged: its {MEMBER} cannot be read ({error}). Copy it again."
        ) from error


def write_bundle(path: Path, bundle: ModelBundle) -> None:
    """Put a bundle into a `.keras` file, in place of one that it may have.

    The new file replaces the old at once: an interruption leaves the old one whole.
    """
    described = asdict(replace(bundle, familiarity=None))
    del described["familiarity"]
    text = json.dumps({"format": _FORMAT, **described}, sort_keys=True, indent=1)
    members: dict[str, str | bytes] = {MEMBER: text}
    if bundle.familiarity is not None:
        members[FAMILIARITY] = familiarity_bytes(bundle.familiarity)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(descriptor)
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(name, "w") as new:
            for member in old.infolist():
                if member.filename not in (MEMBER, FAMILIARITY):
                    new.writestr(member, old.read(member), compress_type=member.compress_type)
            for member_name, content in members.items():
                # A fixed date, so that the same training gives the same file.
                new.writestr(zipfile.ZipInfo(member_name, (1980, 1, 1, 0, 0, 0)), content)
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _calibration(value: dict[str, Any]) -> Calibration:
    """Return the calibration; a file of an earlier version has the temperature alone."""
    if "calibration" not in value:
        return Calibration(temperature=_within(value["temperature"], 0.01, 100))
    found = value["calibration"]
    return Calibration(
        temperature=_within(found["temperature"], 0.01, 100),
        sure_from=_within(found["sure_from"], SURE_FROM, 1),
        photos=int(found["photos"]),
        basis=str(found["basis"]),
    )


def _within(value: Any, lowest: float, highest: float) -> float:
    number = float(value)
    if not lowest <= number <= highest:
        raise ValueError(f"{number:g} is not between {lowest:g} and {highest:g}")
    return number


def _preprocessing(value: dict[str, Any]) -> Preprocessing:
    red, green, blue = (float(mean) for mean in value["image_mean"])
    std_red, std_green, std_blue = (float(std) for std in value["image_std"])
    return Preprocessing(
        **{
            **value,
            "image_mean": (red, green, blue),
            "image_std": (std_red, std_green, std_blue),
        }
    )
