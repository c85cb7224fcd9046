"""Batch norm that trains two to three times faster on TensorFlow than Keras's own.

Keras computes moments and scaling as separate passes over the activations, which on a CPU takes
longer than all of MobileNet's convolutions together; TensorFlow has one fused operation for it.
Same variables, same formula: the weights go into a plain `BatchNormalization` afterwards.
"""

from functools import cache
from typing import Any


def batch_normalization(name: str, momentum: float, training: bool) -> Any:
    """Return a batch-norm layer: the fast one for training on TensorFlow, else Keras's own.

    `momentum`: how much of its statistics a step leaves as they were.
    """
    import keras

    if training and keras.config.backend() == "tensorflow":
        return fused_batch_normalization()(name=name, momentum=momentum)
    return keras.layers.BatchNormalization(name=name, momentum=momentum)


@cache
def fused_batch_normalization() -> Any:
    """Return the layer's class; one for all layers of it."""
    import keras
    import tensorflow as tf

    class FusedBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
        def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
            if not training or not self.trainable:
                return super().call(inputs, training=training, mask=mask)
            outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
                x=inputs,
                scale=self.gamma.value,
                offset=self.beta.value,
                mean=[],
                variance=[],
                epsilon=self.epsilon,
                is_training=True,
            )
            for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
                moving.assign(moving * self.momentum + batch * (1.0 - self.momentum))
            return outputs

    return FusedBatchNormalization
