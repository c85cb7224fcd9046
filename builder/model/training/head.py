"""The first phase of transfer learning: a new head on the frozen base.

The base never changes here, so each photo goes through it a few times only (whole, and in random
crops), and the head learns from the embeddings: seconds instead of minutes.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.metadata import Preprocessing
from builder.model.training.lessons import Lessons
from builder.model.training.phases import metrics
from builder.model.training.share import Share
from builder.model.training.stream import PhotoStream
from builder.model.training.views import central, crop, draw_boxes, scaler

_EMBEDDINGS = 6000
"""Enough embeddings for a head: photos are seen in more crops where there are few photos."""
_MOST_VIEWS = 8
_CHUNK = 64
"""Photos that go through the base at a time."""
_BATCH = 64
_STEPS = 1500
_RATE = 5e-3
_SMALLEST_SPREAD = 1e-3


def train_head(
    model: Any,
    lessons: Lessons,
    val: PhotoStream,
    val_labels: NDArray[Any],
    *,
    epochs: int | None,
    say: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Fit the layer "predictions" of `model`; return the history of its epochs.

    Of several processes, each looks at its share of the photos; then all train the same head.
    """
    import keras

    side = lessons.preprocessing.input_height
    body = keras.Model(model.input, model.get_layer("embedding").output)
    views = views_of(len(lessons.labels))
    say(f"Looking at {len(lessons.labels)} photos in {views} view(s) each with the base network")
    share = lessons.share
    inputs, order = (
        [embed_whole(body, lessons.stream, lessons.preprocessing, side, share)],
        [np.arange(len(lessons.labels))],
    )
    rng = np.random.default_rng((lessons.seed, 1))
    for _ in range(views - 1):
        boxes = draw_boxes(len(lessons.labels), lessons.augmentation, rng)
        inputs.append(embed_crops(body, lessons, boxes, side))
        order.append(order[0])
    train_x, train_order = np.concatenate(inputs), np.concatenate(order)
    val_x = embed_whole(body, val, lessons.preprocessing, side, share)
    mean, spread = train_x.mean(axis=0), train_x.std(axis=0) + _SMALLEST_SPREAD
    targets = lessons.targets(train_order)
    head = _head(train_x.shape[1], lessons.classes)
    batch = min(_BATCH * max(1, len(train_x) // 5000), 512)
    count = epochs or epochs_of(len(train_x), batch)
    steps = count * -(-len(train_x) // batch)
    head.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(_RATE, steps)),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=metrics(),
    )
    fitted = head.fit(
        (train_x - mean) / spread,
        targets,
        sample_weight=lessons.class_weights[lessons.labels[train_order]].astype(np.float32),
        validation_data=(
            (val_x - mean) / spread,
            np.eye(lessons.classes, dtype=np.float32)[val_labels],
        ),
        batch_size=batch,
        epochs=count,
        shuffle=True,
        verbose=0,
    ).history
    kernel, bias = share.agree(head.get_layer("predictions").get_weights())
    kernel = kernel / spread[:, np.newaxis]
    model.get_layer("predictions").set_weights([kernel, bias - mean @ kernel])
    say(
        f"head, {count} epochs: accuracy {fitted['top1'][-1]:.1%}, on validation photos "
        f"{fitted['val_top1'][-1]:.1%} (top 5 {fitted['val_top5'][-1]:.1%})"
    )
    return [
        {
            "epoch": epoch + 1,
            "phase": "head",
            "size": side,
            **{name: float(values[epoch]) for name, values in fitted.items()},
        }
        for epoch in range(count)
    ]


def views_of(photos: int) -> int:
    """Return in how many views each photo is shown to the base: 1 to 8, fewer of many photos."""
    return int(np.clip(_EMBEDDINGS // max(1, photos), 1, _MOST_VIEWS))


def epochs_of(embeddings: int, batch: int) -> int:
    """Return how many epochs make about 1,500 steps, 15 to 60."""
    return int(np.clip(_STEPS * batch // max(1, embeddings), 15, 60))


def embed_whole(
    body: Any, stream: PhotoStream, preprocessing: Preprocessing, side: int, share: Share
) -> NDArray[Any]:
    """Return embeddings [N, D] of the photos as the app would show them."""
    scale = scaler(preprocessing)
    photos = stream.batches(np.arange(len(stream))[share.slice], _CHUNK).map(
        lambda pixels, _: scale(central(pixels, preprocessing, side))
    )
    own = np.asarray(body.predict(photos.prefetch(1), verbose=0))
    return share.gather(own, len(stream))


def embed_crops(body: Any, lessons: Lessons, boxes: NDArray[Any], side: int) -> NDArray[Any]:
    """Return embeddings [N, D] of one crop, `boxes` [N, 4], of each photo."""
    import tensorflow as tf

    scale, table = scaler(lessons.preprocessing), tf.constant(boxes)
    own = np.arange(len(boxes))[lessons.share.slice]
    order = np.resize(own, -(-len(own) // _CHUNK) * _CHUNK)
    photos = lessons.stream.batches(order, _CHUNK).map(
        lambda pixels, index: scale(crop(pixels, tf.gather(table, index), side))
    )
    embedded = np.asarray(body.predict(photos.prefetch(1), verbose=0))[: len(own)]
    return lessons.share.gather(embedded, len(boxes))


def _head(depth: int, classes: int) -> Any:
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((depth,)),
            layers.Dropout(0.2),
            layers.Dense(classes, activation="softmax", name="predictions"),
        ]
    )
