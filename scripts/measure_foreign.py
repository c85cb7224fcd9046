"""Measures how many photos of other things a model notices: the table in docs/training.md.

`python -m scripts.measure_foreign DATA --model mobilenet --alpha 0.25 --weights FILE`, where DATA
has train/ and val/ with one folder of photos for each of 30 classes or more.
"""

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.model.calibration.familiarity import fit_familiarity
from builder.model.keras_answers import raw_outputs
from builder.model.loading.load import load_source
from builder.training.bases import features_of

_KNOWN, _FOREIGN, _SPLITS = 10, 20, 3


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--model", default="mobilenet")
@click.option("--alpha", type=float)
@click.option("--weights", default="imagenet")
@click.option("--photos", default="20,50", help="Photos of each class to learn from.")
def main(data: Path, model: str, alpha: float | None, weights: str, photos: str) -> None:
    """Print, for each number of photos and split, the false alarms and the part that is noticed."""
    from dataclasses import replace

    import keras

    source = load_source(SiteConfig(model=model, alpha=alpha, weights=weights), click.echo)
    body = features_of(source.keras_model, model)
    pooled = keras.layers.GlobalAveragePooling2D()(body.output)
    as_body = replace(source, keras_model=keras.Model(body.inputs, pooled))
    classes = sorted(path.name for path in (data / "train").iterdir() if path.is_dir())

    def embedded(folder: Path, most: int | None) -> NDArray[np.float32]:
        return raw_outputs(as_body, sorted(folder.iterdir())[:most])

    counts = [int(count) for count in photos.split(",")]
    for split in range(_SPLITS):
        order = np.random.default_rng(split).permutation(len(classes))
        known, foreign = order[:_KNOWN], order[_KNOWN : _KNOWN + _FOREIGN]
        learnt = [embedded(data / "train" / classes[one], max(counts)) for one in known]
        kept = np.concatenate([embedded(data / "val" / classes[one], None) for one in known])
        others = np.concatenate([embedded(data / "val" / classes[one], None) for one in foreign])
        for count in counts:
            values = np.concatenate([one[:count] for one in learnt])
            truth = np.repeat(np.arange(_KNOWN), [len(one[:count]) for one in learnt])
            found = fit_familiarity(values, truth, _KNOWN, kept)
            alarms = (found.of(kept) < found.limit).mean()
            noticed = (found.of(others) < found.limit).mean()
            click.echo(
                f"split {split + 1}, {count} photos a class: "
                f"{alarms:.1%} false alarms, {noticed:.1%} noticed"
            )


if __name__ == "__main__":
    main()
