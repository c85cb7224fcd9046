"""Random weights with which a network still distinguishes images."""

from collections.abc import Iterator
from typing import Any

import numpy as np


def with_random_weights(model: Any, seed: int = 7) -> Any:
    """Give any untrained Keras classifier weights that distinguish photos; return the model.

    Keras's own initialisation gives the same probabilities for every photo. So batch-norm
    statistics are taken from a batch of random patterns, as training would have left them, scales
    and offsets are drawn at random, and the classifier layer is scaled until its logits spread over
    the patterns.
    """
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    height, width, channels = model.inputs[0].shape[1:]
    patterns = (random_patterns(rng, max(height, width))[:8, :height, :width, :channels] + 1) / 2
    patterns *= np.float32(255)
    layers = list(_leaf_layers(model))
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in layers:
        for variable in layer.trainable_variables:
            if variable.name == "beta" or variable.name.endswith("bias"):
                variable.assign(rng.normal(0.1, 0.2, variable.shape))
            elif variable.name == "gamma":
                variable.assign(rng.uniform(0.8, 1.6, variable.shape))
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    if norms:
        # As a graph, which keeps no layer's output longer than the next ones need it.
        tf.function(model)(patterns, training=True)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum
    classifier = [layer for layer in layers if hasattr(layer, "kernel")][-1]
    embed = tf.function(keras.Model(model.inputs[0], classifier.input))
    embedding = np.concatenate(
        [embed(patterns[i : i + 1], training=False) for i in range(len(patterns))]
    )
    kernel, bias = classifier.get_weights()
    logits = embedding.reshape(len(patterns), -1) @ kernel.reshape(-1, len(bias))
    scale = 2.0 / max(float(logits.std(0).mean()), 1e-6)
    classifier.set_weights([kernel * scale, -logits.mean(0) * scale])
    return model


def random_patterns(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return 32 images of coarse random colour patches in -1…1, float32 [32, size, size, 3]."""
    coarse = rng.uniform(-1.0, 1.0, (32, 8, 8, 3))
    repeats = -(-size // 8)
    fine = coarse.repeat(repeats, axis=1).repeat(repeats, axis=2)[:, :size, :size]
    return fine.astype("float32")


def _leaf_layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _leaf_layers(layer)
        else:
            yield layer
