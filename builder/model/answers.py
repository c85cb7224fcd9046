"""A Keras model's answers to photos, each by itself, as the app asks for them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.outputs.activation import single_output

Predict = Callable[[Any], Any]
"""Scaled images [N, H, W, C] → what the model returns for them, perhaps in a list or dictionary."""


def answers_to(predict: Predict, images: NDArray[Any], batch_size: int) -> NDArray[Any]:
    """Return a model's outputs [N, …] for images [N, H, W, C].

    They go through the model in batches where it accepts several and each answer is the same as for
    the image alone: some models have a batch of one built in, others mix the images of a batch.
    """
    alone = single_output(predict(images[:1]))
    try:
        first = single_output(predict(images[:batch_size]))
    except Exception:  # noqa: BLE001 (Keras and TensorFlow raise whatever does not fit)
        first = alone
    together = len(first) == len(images[:batch_size]) and is_same_answer(first[0], alone[0])
    size = batch_size if together else 1
    done = first if together else alone
    rest = [
        single_output(predict(images[start : start + size]))
        for start in range(size, len(images), size)
    ]
    return np.concatenate([done, *rest])


def as_inputs(model: Any, images: Any) -> Any:
    """Return images in the form in which a Keras model was given its input: alone, in a list, or in
    a dictionary. Keras accepts others, but warns of them.
    """
    import keras

    # A Sequential model has no such form.
    given = getattr(model, "input", None)
    return images if given is None else keras.tree.pack_sequence_as(given, [images])


def is_same_answer(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Return whether two outputs for a photo differ by no more than another order of sums can
    explain."""
    return bool(np.allclose(one, other, rtol=1e-3, atol=1e-4, equal_nan=True))
