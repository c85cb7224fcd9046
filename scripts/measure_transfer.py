"""Measures the head that `train` finds for few photos a class: the table in docs/training.md.

`python -m scripts.measure_transfer DATA --base efficientnet-lite0`, where DATA has train/ and val/
with one folder of photos for each of ten classes or more. For comparison: scikit-learn's logistic
regression with its default C = 1, on the same features, standardised.
"""

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from builder.model.images.photos import decode_photo
from builder.model.setup import tensorflow
from builder.training.bases import make_base
from builder.training.head import embed_whole, fit_head
from builder.training.options import TrainOptions
from builder.training.share import WHOLE
from builder.training.stream import PhotoStream

_CLASSES, _SPLITS = 10, 3


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--base", default="efficientnet-lite0")
@click.option("--alpha", type=float)
@click.option("--weights", default="imagenet")
@click.option("--photos", default="5,20,50", help="Photos of each class to learn from.")
def main(data: Path, base: str, alpha: float | None, weights: str, photos: str) -> None:
    """Print a row for each number of photos: the right answers, mean and each split, in percent."""
    tensorflow()
    import keras

    options = TrainOptions(data, data / "none.keras", base=base, alpha=alpha, weights=weights)
    network = make_base(options, _CLASSES, _CLASSES)
    preprocessing, model = network.preprocessing, network.model
    body = keras.Model(model.inputs, model.get_layer("embedding").output)

    def embedded(folder: Path, most: int | None) -> NDArray[np.float32]:
        paths = sorted(folder.iterdir())[:most]
        stream = PhotoStream(paths, preprocessing.resize_height, decode_photo, preprocessing.fit)
        side = preprocessing.input_height
        return np.asarray(embed_whole(body, stream, preprocessing, side, WHOLE))

    classes = sorted(path.name for path in (data / "train").iterdir() if path.is_dir())
    counts = [int(count) for count in photos.split(",")]
    rates: dict[tuple[int, str], list[float]] = {}
    for split in range(_SPLITS):
        chosen = np.random.default_rng(split).permutation(len(classes))[:_CLASSES]
        learnt = [embedded(data / "train" / classes[one], max(counts)) for one in chosen]
        asked = [embedded(data / "val" / classes[one], None) for one in chosen]
        truth = np.repeat(np.arange(_CLASSES), [len(one) for one in asked])
        kept = np.concatenate(asked)
        for count in counts:
            values = np.concatenate([one[:count] for one in learnt])
            labels = np.repeat(np.arange(_CLASSES), [len(one[:count]) for one in learnt])
            head = fit_head(values, labels, _CLASSES, np.ones(len(labels)), 0)
            own = (kept @ head.kernel + head.bias).argmax(axis=1) == truth
            rates.setdefault((count, "train"), []).append(float(own.mean()))
            theirs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
            rates.setdefault((count, "scikit-learn"), []).append(
                float(theirs.fit(values, labels).score(kept, truth))
            )
    click.echo("| base, frozen | photos a class | `train` | by split | scikit-learn | by split |")
    click.echo("|---|---:|---:|---|---:|---|")
    for count in counts:
        cells = [
            f"{np.mean(rates[count, who]):.1%} | {', '.join(f'{r:.1%}' for r in rates[count, who])}"
            for who in ("train", "scikit-learn")
        ]
        click.echo(f"| {network.name} | {count} | {' | '.join(cells)} |".replace("%", " %"))


if __name__ == "__main__":
    main()
