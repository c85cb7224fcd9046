"""Small models with random weights that keep the real paths covered without real weights."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.random_weights import random_patterns

CLASSES = ("ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")
"""Class names of the small model, in the order of its outputs."""


def lively_mobilenet(input_size: int = 96, alpha: float = 0.25, classes: int = 10) -> Any:
    """Return a MobileNet whose random weights still tell photos apart.

    Keras's own initialisation gives the same probabilities for every photo, which would let a
    broken preprocessing pass for a right one. So the batch-norm statistics are taken from a batch
    of random patterns, as training would have left them, scales and offsets are drawn at random,
    and the classifier's kernel is widened.
    """
    import keras

    keras.utils.set_random_seed(7)
    model = keras.applications.MobileNet(
        input_shape=(input_size, input_size, 3), alpha=alpha, weights=None, classes=classes
    )
    rng = np.random.default_rng(7)
    normalizations = [
        layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)
    ]
    for layer in normalizations:
        layer.momentum = 0.0
        layer.gamma.assign(rng.uniform(0.8, 1.6, layer.gamma.shape))
        layer.beta.assign(rng.normal(0.2, 0.3, layer.beta.shape))
    model(random_patterns(rng, input_size), training=True)
    for layer in normalizations:
        layer.momentum = 0.99
    kernel, bias = model.get_layer("conv_preds").get_weights()
    model.get_layer("conv_preds").set_weights([kernel * 4.0, bias])
    return model


def save_lively_mobilenet(folder: Path) -> tuple[Path, Path]:
    """Save the small model and its class names in `folder`; return both paths."""
    model_path = folder / "trees.keras"
    lively_mobilenet().save(model_path)
    labels_path = folder / "trees.txt"
    labels_path.write_text("".join(f"{name}\n" for name in CLASSES), encoding="utf-8")
    return model_path, labels_path
