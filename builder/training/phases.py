"""What is trained in which epoch, at which rate and size."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from builder.evaluation.chance import fewest_gains
from builder.training.options import TrainOptions

FEWEST_TUNED = 1000
"""Least number of training photos for which fine-tuning is tried by default: a guess, which saves
time. Whether it is kept is decided by a test (docs/training.md)."""
TUNING = "fine-tuning"
"""The phase's name."""
_SCRATCH_EPOCHS = 60
_STEPS = 400
"""Least number of steps of fine-tuning: few photos are seen more often."""
_CALM = 0.89
"""Part of a progressive training after which photos are varied less."""


@dataclass(frozen=True)
class Phase:
    """Some epochs with one optimizer."""

    name: str
    """ "fine-tuning" or "from scratch"."""
    sizes: tuple[int, ...]
    """Side of the photos in each epoch, pixels."""
    batch_size: int
    """Photos a step, over all processes."""
    learning_rate: float
    """The highest; a warm-up leads to it and a cosine from it to zero."""
    optimizer: str
    """ "sgd" or "adamw"."""
    trainable_fraction: float
    """Part of the layers before the head that learns; 1 includes batch norm."""
    patience: int | None
    """Epochs without a better validation loss before the phase ends."""

    calm_from: int | None = None
    """Number of the epoch, from 0, from which on photos are varied less; None: never."""

    @property
    def epochs(self) -> int:
        """How many epochs the phase has, if it does not end early."""
        return len(self.sizes)


def scratch_phase(
    epochs: int, side: int, batch_size: int, learning_rate: float, progressive: bool
) -> Phase:
    """Return the one phase of training from random weights."""
    sizes = progressive_sizes(epochs, side) if progressive else (side,) * epochs
    calm_from = round(epochs * _CALM) if progressive else None
    return Phase("from scratch", sizes, batch_size, learning_rate, "sgd", 1.0, None, calm_from)


def tuning_phase(
    epochs: int, side: int, batch_size: int, learning_rate: float, patience: int | None
) -> Phase:
    """Return the second phase of transfer learning: the upper half of the base at a low rate."""
    sizes = (side,) * epochs
    return Phase(TUNING, sizes, batch_size, learning_rate, "adamw", 0.5, patience)


def why_not_tuned(photos: int, wrong: int) -> str:
    """Return why fine-tuning is left out, a sentence; "" where it may help.

    `photos` are there to learn from, and the head has `wrong` of the validation photos wrong.
    """
    if photos < FEWEST_TUNED:
        return (
            f"No fine-tuning: {photos} photos to learn from are too few for it to help (from "
            f"{FEWEST_TUNED} on it is tried; --epochs asks for it)."
        )
    if wrong < fewest_gains():
        return (
            f"No fine-tuning: the head has only {wrong} validation photos wrong, so that nothing "
            "could be shown to be better beyond chance (--epochs asks for it)."
        )
    return ""


def progressive_sizes(epochs: int, side: int) -> tuple[int, ...]:
    """Return a size for each epoch, growing in four steps to `side`.

    Small photos teach the coarse things at a fraction of the cost (Tan and Le 2021,
    arXiv:2104.00298), so the largest come last and for the fewest epochs. All but `side` are
    multiples of 16, which keep the network's map free of half cells.
    """
    sizes = (min(side, -(-side * percent // 1600) * 16) for percent in (40, 60, 80, 100))
    bounds = [0, *(round(epochs * part) for part in (0.4, 0.7, 0.85)), epochs]
    return tuple(
        size
        for size, (start, end) in zip(sizes, pairwise(bounds), strict=True)
        for _ in range(start, end)
    )


def make_phase(options: TrainOptions, side: int, photos: int, devices: int = 1) -> Phase:
    """Return the phase that `options` ask for, with defaults that suit the number of photos.

    Every one of `devices` gets equally many photos of a batch.
    """
    if options.base == "none":
        batch = _even(options.batch_size or int(np.clip(photos // 40, 8, 128)), devices)
        rate = options.learning_rate or 0.4 * batch / 128
        return scratch_phase(
            _SCRATCH_EPOCHS if options.epochs is None else options.epochs,
            side,
            batch,
            rate,
            options.progressive,
        )
    batch = _even(options.batch_size or int(np.clip(photos // 20, 8, 32)), devices)
    enough = int(np.clip(_STEPS * batch // max(1, photos), 4, 20))
    return tuning_phase(
        enough if options.epochs is None else options.epochs,
        side,
        batch,
        options.learning_rate or 2e-4,
        5 if options.patience is None else options.patience,
    )


def _even(batch_size: int, devices: int) -> int:
    """Return the next multiple of `devices`, so that each gets equally many photos."""
    return -(-batch_size // max(1, devices)) * max(1, devices)


def compile_for(model: Any, phase: Phase, steps_per_epoch: int) -> None:
    """Give `model` the optimizer, schedule, loss and metrics of `phase`."""
    import keras

    steps = phase.epochs * steps_per_epoch
    warm_up = min(steps // 10, steps_per_epoch * 2)
    rate = keras.optimizers.schedules.CosineDecay(
        phase.learning_rate / 20 if warm_up else phase.learning_rate,
        max(1, steps - warm_up),
        warmup_target=phase.learning_rate if warm_up else None,
        warmup_steps=warm_up,
    )
    if phase.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=5e-5)
        optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    else:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-2)
    model.compile(optimizer, loss=keras.losses.CategoricalCrossentropy(), metrics=metrics())


def metrics() -> list[Any]:
    """Return what is measured in training: top-1 and top-5 accuracy."""
    import keras

    return [
        keras.metrics.CategoricalAccuracy(name="top1"),
        keras.metrics.TopKCategoricalAccuracy(5, name="top5"),
    ]
