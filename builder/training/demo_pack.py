"""Makes `assets/demo/` from what `train` wrote: a tool for the makers of this package.

`python -m builder.training.demo_pack demo.keras PHOTOS` quantizes the weights, gives the classes
names that people use, and measures what was lost on the validation photos.
"""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.evaluation.figures import Figures, measure
from builder.evaluation.report import ReportContent, report_json
from builder.model.calibration.familiarity import Familiarity, familiarity_bytes, fit_familiarity
from builder.model.calibration.fit import fit_calibration
from builder.model.calibration.temperature import apply_temperature
from builder.model.images.labelled_photos import LabelledPhotos, read_labelled_photos
from builder.model.keras_answers import keras_answers, raw_outputs
from builder.model.loading.bundle import ModelBundle, read_bundle
from builder.model.loading.demo import DESCRIPTION, FAMILIARITY, WEIGHTS, demo_folder, load_packed
from builder.model.loading.mobilenet import BLOCKS
from builder.model.loading.whole_model import load_whole_model
from builder.model.metadata import Calibration
from builder.model.packed_weights import write_weights
from builder.model.source import SourceModel

_FAMILIAR = 50
"""Photos of each class that the detector of foreign photos is fitted on."""

PLAIN_NAMES = {
    "african_elephant": "elephant",
    "american_alligator": "alligator",
    "arabian_camel": "camel",
    "beacon": "lighthouse",
    "bullet_train": "high-speed train",
    "chihuahua": "Chihuahua",
    "computer_keyboard": "keyboard",
    "convertible": "convertible car",
    "european_fire_salamander": "fire salamander",
    "german_shepherd": "German shepherd",
    "hog": "pig",
    "ipod": "iPod",
    "king_penguin": "penguin",
    "lesser_panda": "red panda",
    "magnetic_compass": "compass",
    "monarch": "monarch butterfly",
    "persian_cat": "Persian cat",
    "plate": "plate of food",
    "pop_bottle": "soda bottle",
    "refrigerator": "fridge",
    "seashore": "beach",
    "standard_poodle": "poodle",
    "steel_arch_bridge": "arch bridge",
    "tabby": "tabby cat",
    "teddy": "teddy bear",
    "yorkshire_terrier": "Yorkshire terrier",
}
"""Common names of the classes whose folders are named otherwise."""


def plain_name(folder: str) -> str:
    """Return a class's name in words that people use."""
    return PLAIN_NAMES.get(folder, folder.replace("_", " "))


def pack(trained: Path, photos: Path, target: Path, crop_fraction: float | None) -> dict[str, Any]:
    """Write the demo model's files into `target`; return the figures before and after.

    `crop_fraction` overrules the one of the training: random crops made things look larger there
    than they do in whole photos. Raises `ModelError` for a file that `train` did not write.
    """
    bundle = read_bundle(trained)
    if bundle is None:
        raise ModelError(f"{trained} was not written by classifier-pwa train.")
    model = load_whole_model(trained, None).model
    if crop_fraction is not None:
        preprocessing = replace(bundle.preprocessing, crop_fraction=crop_fraction)
        bundle = replace(bundle, preprocessing=preprocessing)
    target.mkdir(parents=True, exist_ok=True)
    write_weights(
        target / WEIGHTS, {variable.path: np.asarray(variable) for variable in model.weights}
    )
    alpha = model.get_layer(f"conv_pw_{len(BLOCKS)}").filters / BLOCKS[-1][0]
    _describe(target, bundle, alpha, {}, Calibration())
    packed = load_packed(target)
    labelled = read_labelled_photos(photos, bundle.labels)
    whole = keras_answers(replace(packed, keras_model=model), labelled.files).probabilities
    quantized = keras_answers(packed, labelled.files).probabilities
    familiarity = fit_demo_familiarity(packed, photos, bundle.labels)
    (target / FAMILIARITY).write_bytes(familiarity_bytes(familiarity))
    calibration = fit_calibration(
        quantized, labelled.truth, f"{len(labelled.files)} validation photos"
    )
    before, after = (
        measure(answers, labelled.truth, packed.labels) for answers in (whole, quantized)
    )
    accuracy = {
        "top1": round(after.top1, 4),
        "top5": round(after.top5, 4),
        "data": f"{after.photos} validation photos",
    }
    _describe(target, bundle, alpha, accuracy, calibration)
    (target / "report.json").write_text(
        _report(load_packed(target), labelled, quantized, before, trained), encoding="utf-8"
    )
    return {
        "before": {"top1": before.top1, "top5": before.top5},
        "after": {"top1": after.top1, "top5": after.top5},
        "calibration": asdict(calibration),
        "bytes": (target / WEIGHTS).stat().st_size,
    }


def fit_demo_familiarity(
    packed: SourceModel, photos: Path, folders: tuple[str, ...]
) -> Familiarity:
    """Fit the detector of foreign photos on 50 training photos of each class and on val/.

    `photos` has train/ and val/; `folders` are their folders' names in the order of the classes.
    """
    import keras

    model = packed.keras_model
    body = keras.Model(model.inputs, model.get_layer("embedding").output)
    as_body = replace(packed, keras_model=body)
    learnt = read_labelled_photos(photos / "train", folders)
    chosen = np.concatenate(
        [np.flatnonzero(learnt.truth == index)[:_FAMILIAR] for index in range(len(folders))]
    )
    files = tuple(learnt.files[index] for index in chosen)
    return fit_familiarity(
        raw_outputs(as_body, files),
        learnt.truth[chosen],
        len(folders),
        raw_outputs(as_body, read_labelled_photos(photos, folders).files),
    )


def _describe(
    target: Path,
    bundle: ModelBundle,
    alpha: float,
    accuracy: dict[str, Any],
    calibration: Calibration,
) -> None:
    value = {
        "name": f"Demo: MobileNet v1 {alpha:g}, {bundle.preprocessing.input_height} px",
        "alpha": alpha,
        "folders": list(bundle.labels),
        "labels": [plain_name(label) for label in bundle.labels],
        "preprocessing": asdict(bundle.preprocessing),
        "calibration": asdict(calibration),
        "accuracy": accuracy,
        "licence": "Apache-2.0",
        "weightsSha256": hashlib.sha256((target / WEIGHTS).read_bytes()).hexdigest(),
    }
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    (target / DESCRIPTION).write_text(text + "\n", encoding="utf-8")


def _report(
    packed: SourceModel,
    photos: LabelledPhotos,
    answers: NDArray[Any],
    before: Figures,
    trained: Path,
) -> str:
    calibrated = apply_temperature(answers, packed.calibration.temperature)
    history = trained.with_name(f"{trained.stem}-report") / "report.json"
    content = ReportContent(
        title=packed.provenance.name,
        subtitle="",
        figures=measure(calibrated, photos.truth, packed.labels),
        probabilities=calibrated,
        truth=photos.truth,
        labels=packed.labels,
        files=photos.files,
        history=json.loads(history.read_text("utf-8"))["history"] if history.is_file() else [],
        before_temperature=measure(answers, photos.truth, packed.labels),
        temperature=packed.calibration.temperature,
        extra={"beforeQuantization": {"top1": before.top1, "top5": before.top5}},
    )
    # Without line breaks: the confusion matrix would take twice as much.
    return json.dumps(json.loads(report_json(content)), ensure_ascii=False, sort_keys=True) + "\n"


@click.command()
@click.argument("trained", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("photos", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--crop-fraction", type=click.FloatRange(0.3, 1.0), help="Part that the app shows.")
def main(trained: Path, photos: Path, crop_fraction: float | None) -> None:
    """Write assets/demo/ from TRAINED, measured on the class folders in PHOTOS."""
    click.echo(json.dumps(pack(trained, photos, demo_folder(), crop_fraction), indent=1))


if __name__ == "__main__":
    main()
