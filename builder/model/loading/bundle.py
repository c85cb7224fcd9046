"""What a training puts into a `.keras` file besides the network: labels, preprocessing, figures.

It is one more member of the zip archive, which Keras leaves alone when it loads the model.
"""

import io
import json
import math
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from builder.config.kinds import is_one_line
from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity, familiarity_bytes, read_familiarity
from builder.model.metadata import SURE_FROM, Calibration, Preprocessing, Rights
from builder.typed_json import camel_case, from_json

MEMBER = "classifier-pwa.json"
FAMILIARITY = "classifier-pwa-familiarity.npz"
_FORMAT = 1
_MOST_BYTES = 256 << 20
"""Of a member, unpacked: the largest detector, of a thousand classes, takes some megabytes."""
_LONGEST = 1000
"""Characters of a text about the model."""
_LONGEST_NOTICE = 20_000
"""Characters of a notice, which may quote a licence."""


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
    rights: Rights = field(default_factory=Rights)
    """Whose the weights are."""


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
            value = json.loads(_member(archive, MEMBER))
            known = FAMILIARITY in archive.namelist()
            content = io.BytesIO(_member(archive, FAMILIARITY)) if known else None
        if value["format"] != _FORMAT:
            raise ModelError(
                f"{path} was written by another version of classifier-pwa (its {MEMBER} has the "
                f"format {value['format']!r}). Install the version that wrote it, or a newer one."
            )
        read = from_json(_Described, _camel_cased(value))
        return ModelBundle(
            labels=read.labels,
            preprocessing=read.preprocessing,
            calibration=_calibration(read),
            familiarity=read_familiarity(content) if content else None,
            accuracy={_line(key, "accuracy"): _figure(one) for key, one in read.accuracy.items()},
            name=read.name if read.name is None else _line(read.name, "name"),
            rights=_rights(read),
        )
    except ModelError:
        raise
    except Exception as error:
        # A member that is not a bundle leads to KeyError, TypeError, RecursionError and others.
        raise ModelError(
            f"{path} is damaged: its {MEMBER} cannot be read ({error}). Copy it again."
        ) from error


@dataclass(frozen=True)
class _Described:
    """What stands in the file, its types checked."""

    labels: tuple[str, ...]
    preprocessing: Preprocessing
    accuracy: Mapping[str, Any]
    name: str | None
    calibration: Calibration | None = None
    temperature: float | None = None
    """In a file of an earlier version, which had no calibration."""
    rights: Rights | None = None
    licence: str | None = None
    """In a file of an earlier version, which had no rights."""


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


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    size = archive.getinfo(name).file_size
    if size > _MOST_BYTES:
        raise ValueError(f"{name} has {size >> 20} MiB")
    return archive.read(name)


def _camel_cased(value: dict[str, Any]) -> dict[str, Any]:
    """Return the file's object with keys as `typed_json` has them; figures keep their names."""
    nested: dict[str, Any] = {
        key: {camel_case(inner): one for inner, one in value[key].items()}
        for key in ("preprocessing", "calibration")
        if key in value
    }
    return {**value, **nested}


def _calibration(read: _Described) -> Calibration:
    found = read.calibration
    if found is None:
        return Calibration(temperature=_within(read.temperature, 0.01, 100))
    return Calibration(
        temperature=_within(found.temperature, 0.01, 100),
        sure_from=_within(found.sure_from, SURE_FROM, 1),
        photos=found.photos,
        basis=_line(found.basis, "calibration"),
    )


def _rights(read: _Described) -> Rights:
    found = read.rights or Rights(licence=read.licence)
    for name, text in (("licence", found.licence), ("origin", found.origin)):
        if text is not None:
            _line(text, name)
    notice = found.notice
    if len(notice) > _LONGEST_NOTICE or not all(map(is_one_line, notice.split("\n"))):
        raise ValueError("it has no text in notice")
    return found


def _within(value: float | None, lowest: float, highest: float) -> float:
    if value is None or not lowest <= value <= highest:
        raise ValueError(f"{value} is not between {lowest:g} and {highest:g}")
    return value


def _line(text: str, where: str) -> str:
    if len(text) > _LONGEST or not is_one_line(text):
        raise ValueError(f"it has no line of text in {where}")
    return text


def _figure(value: object) -> float | str:
    """Return a measured figure: a finite number, or what it was measured on."""
    if isinstance(value, str):
        return _line(value, "accuracy")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("it has no number in accuracy")
    return value
