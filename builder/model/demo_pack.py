"""Makes `assets/demo/` from what `train` wrote: a tool for the makers of this package.

`python -m builder.model.demo_pack demo.keras PHOTOS` quantizes the weights, gives the classes
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
from builder.model.bundle import ModelBundle, read_bundle
from builder.model.demo import DESCRIPTION, WEIGHTS, demo_folder, load_packed
from builder.model.demo_weights import write_weights
from builder.model.evaluation.figures import Figures, measure
from builder.model.evaluation.keras_runner import keras_answers
from builder.model.evaluation.photos import LabelledPhotos, read_labelled_photos
from builder.model.evaluation.report import ReportContent, report_json
from builder.model.evaluation.temperature import apply_temperature, fit_temperature
from builder.model.source import SourceModel
from builder.model.training.network import BLOCKS
from builder.model.whole_model import load_whole_model

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
"""What people call the classes whose folder says it otherwise."""


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
    _describe(target, bundle, alpha, {}, 1.0)
    packed = load_packed(target)
    labelled = read_labelled_photos(photos, bundle.labels)
    whole = keras_answers(replace(packed, keras_model=model), labelled)
    quantized = keras_answers(packed, labelled)
    temperature = fit_temperature(quantized, labelled.truth)
    before, after = (
        measure(answers, labelled.truth, packed.labels) for answers in (whole, quantized)
    )
    accuracy = {
        "top1": round(after.top1, 4),
        "top5": round(after.top5, 4),
        "data": f"{after.photos} validation photos",
    }
    _describe(target, bundle, alpha, accuracy, temperature)
    (target / "report.json").write_text(
        _report(load_packed(target), labelled, quantized, before, trained), encoding="utf-8"
    )
    return {
        "before": {"top1": before.top1, "top5": before.top5},
        "after": {"top1": after.top1, "top5": after.top5},
        "temperature": temperature,
        "bytes": (target / WEIGHTS).stat().st_size,
    }


def _describe(
    target: Path, bundle: ModelBundle, alpha: float, accuracy: dict[str, Any], temperature: float
) -> None:
    value = {
        "name": f"Demo: MobileNet v1 {alpha:g}, {bundle.preprocessing.input_height} px",
        "alpha": alpha,
        "labels": [plain_name(label) for label in bundle.labels],
        "preprocessing": asdict(bundle.preprocessing),
        "temperature": temperature,
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
    calibrated = apply_temperature(answers, packed.temperature)
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
        temperature=packed.temperature,
        extra={"beforeQuantization": {"top1": before.top1, "top5": before.top5}},
    )
    return report_json(content)


@click.command()
@click.argument("trained", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("photos", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--crop-fraction", type=click.FloatRange(0.3, 1.0), help="Part that the app shows.")
def main(trained: Path, photos: Path, crop_fraction: float | None) -> None:
    """Write assets/demo/ from TRAINED, measured on the class folders in PHOTOS."""
    click.echo(json.dumps(pack(trained, photos, demo_folder(), crop_fraction), indent=1))


if __name__ == "__main__":
    main()
