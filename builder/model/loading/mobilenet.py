"""Networks to train: MobileNet v1 from scratch, or a new head on a base that has learnt already."""

from typing import Any

BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
    (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 1), (1024, 1),
)  # fmt: skip
"""Filters and stride of the depthwise separable blocks (Howard et al. 2017, arXiv:1704.04861,
table 1), but for the last stride, which is 1: photos of 64 pixels, for which this network is meant,
still give a map of 4 by 4 cells, and cost a third more than with 2 by 2."""


def scratch_mobilenet(
    classes: int,
    alpha: float,
    image_size: int | None,
    *,
    dropout: float = 0.1,
    momentum: float = 0.99,
) -> Any:
    """Return MobileNet v1 with random weights, softmax output [N, classes].

    `image_size` None leaves the input's sides open, for training at more than one size, and takes
    the batch norm that trains fast; the weights of both kinds are interchangeable. `momentum` is
    batch norm's: lower it where there are few steps.
    """
    from keras import Input, Model, layers

    from builder.model.loading.fast_norm import batch_normalization

    def width(filters: int) -> int:
        return max(8, int(filters * alpha + 4) // 8 * 8)

    def normalized(tensor: Any, name: str) -> Any:
        tensor = batch_normalization(f"{name}_bn", momentum, training=image_size is None)(tensor)
        return layers.ReLU(6.0, name=f"{name}_relu")(tensor)

    inputs = Input((image_size, image_size, 3), name="photo")
    tensor = layers.Conv2D(width(32), 3, strides=2, padding="same", use_bias=False, name="conv1")(
        inputs
    )
    tensor = normalized(tensor, "conv1")
    for number, (filters, stride) in enumerate(BLOCKS, start=1):
        tensor = layers.DepthwiseConv2D(
            3, strides=stride, padding="same", use_bias=False, name=f"conv_dw_{number}"
        )(tensor)
        tensor = normalized(tensor, f"conv_dw_{number}")
        tensor = layers.Conv2D(
            width(filters), 1, padding="same", use_bias=False, name=f"conv_pw_{number}"
        )(tensor)
        tensor = normalized(tensor, f"conv_pw_{number}")
    return Model(inputs, add_head(tensor, classes, dropout), name="mobilenet_scratch")


def add_head(features: Any, classes: int, dropout: float) -> Any:
    """Return class probabilities [N, classes] from a map of features [N, h, w, D]."""
    from keras import layers

    pooled = layers.GlobalAveragePooling2D(name="embedding")(features)
    if dropout:
        # With a seed of its own, so that a copy on several devices drops the same.
        pooled = layers.Dropout(dropout, seed=0, name="dropout")(pooled)
    return layers.Dense(classes, activation="softmax", name="predictions")(pooled)


def with_new_head(base: Any, classes: int, dropout: float) -> Any:
    """Return `base` (which ends in a map of features) with a classifier of `classes` classes."""
    from keras import Model

    return Model(base.input, add_head(base.output, classes, dropout), name=base.name)


def freeze(model: Any, trainable_fraction: float) -> None:
    """Leave only the head and the last `trainable_fraction` of the layers before it trainable.

    A fraction of 1 leaves all as it is. Else batch norm stays frozen: its statistics come
    from far more photos than a small folder has, and Keras runs a frozen `BatchNormalization` in
    inference mode.
    """
    from keras import layers

    if trainable_fraction == 1.0:
        return
    head = {"embedding", "dropout", "predictions"}
    body = [layer for layer in model.layers if layer.name not in head]
    first = len(body) - round(len(body) * trainable_fraction)
    for index, layer in enumerate(body):
        layer.trainable = index >= first and not isinstance(layer, layers.BatchNormalization)
