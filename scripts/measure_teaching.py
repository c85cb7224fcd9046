"""Measures what the app's learner gets right beside scikit-learn's, on the same embeddings.

`python -m scripts.measure_teaching DATA --model mobilenet --alpha 0.25 --weights FILE`, where DATA
has train/ and val/ with one folder of photos for each of 10 classes or more. Prints a table in
Markdown. The learner runs in Node, as it will in the app.
"""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.model.keras_answers import raw_outputs
from builder.model.loading.load import load_source
from builder.training.bases import features_of

_CLASSES, _SPLITS = 10, 5
_NEIGHBOURS = 10
_ASKED = Path("tests/js/learner/lines.mjs")
"""Answers questions about the learner, one JSON a line."""

Examples = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Embeddings [N, D], and their classes [N]."""


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--model", default="mobilenet")
@click.option("--alpha", type=float)
@click.option("--weights", default="imagenet")
@click.option("--photos", default="1,2,3,5,10,20,50", help="Photos of each class to learn from.")
def main(data: Path, model: str, alpha: float | None, weights: str, photos: str) -> None:
    """Print, for each number of photos, the part of right answers of each way to learn."""
    counts = [int(count) for count in photos.split(",")]
    embed = _embedder(SiteConfig(model=model, alpha=alpha, weights=weights))
    classes = sorted(path.name for path in (data / "train").iterdir() if path.is_dir())
    rights: dict[int, list[list[float]]] = {count: [] for count in counts}
    for split in range(_SPLITS):
        chosen = np.random.default_rng(split).permutation(len(classes))[:_CLASSES]
        names = [classes[index] for index in chosen]
        learnt = [embed(data / "train" / name, max(counts)) for name in names]
        asked = _joined([embed(data / "val" / name, None) for name in names])
        for count in counts:
            rights[count].append(_compare(_joined([one[:count] for one in learnt]), asked))
    click.echo("| photos a class | the app | logistic regression | 10 nearest neighbours |")
    click.echo("|---|---|---|---|")
    for count in counts:
        figures = " | ".join(f"{right:.1%}" for right in np.mean(rights[count], axis=0))
        click.echo(f"| {count} | {figures} |")


def _embedder(config: SiteConfig) -> Any:
    """Return a function from a folder, and how many of its photos, to their embeddings [N, D]."""
    from dataclasses import replace

    import keras

    source = load_source(config, lambda line: click.echo(line, err=True))
    body = features_of(source.keras_model, config.model)
    pooled = keras.layers.GlobalAveragePooling2D()(body.output)
    as_body = replace(source, keras_model=keras.Model(body.inputs, pooled))
    return cache(lambda folder, most: raw_outputs(as_body, sorted(folder.iterdir())[:most]))


def _joined(by_class: list[NDArray[np.float32]]) -> Examples:
    labels = np.repeat(np.arange(len(by_class)), [len(one) for one in by_class])
    return np.concatenate(by_class), labels


def _compare(learnt: Examples, asked: Examples) -> list[float]:
    """Return the share of right answers: of the app, of regression, of nearest neighbours."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    neighbours = KNeighborsClassifier(min(_NEIGHBOURS, len(learnt[1])))
    return [
        float((_ask_learner(learnt, asked[0]) == asked[1]).mean()),
        float(LogisticRegression(max_iter=10_000).fit(*learnt).score(*asked)),
        float(neighbours.fit(*learnt).score(*asked)),
    ]


def _ask_learner(learnt: Examples, others: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the class of each of `others` [M], as the app's learner says."""
    node = shutil.which("node")
    if node is None:
        raise click.ClickException("Node is not on the PATH. It comes with make: use .venv/bin.")
    values, labels = learnt
    known = {"rows": values.tolist(), "labels": labels.tolist(), "classes": _CLASSES}
    question = json.dumps({"name": "answers", "args": [known, others.tolist()]})
    ended = subprocess.run(
        [node, str(_ASKED)], input=question, capture_output=True, text=True, check=True
    )
    return np.asarray(np.array(json.loads(ended.stdout)).argmax(axis=1))


if __name__ == "__main__":
    main()
