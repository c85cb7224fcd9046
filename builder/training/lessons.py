"""What the network is shown in an epoch: batches of views, targets and weights."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.metadata import Preprocessing
from builder.training.share import WHOLE, Share
from builder.training.stream import PhotoStream
from builder.training.views import (
    AUGMENTATIONS,
    Augmentation,
    central,
    crop,
    draw_boxes,
    draw_light,
    mirror_half,
    relight,
    scaler,
)


@dataclass(frozen=True)
class TeacherTable:
    """A teacher's answers to the training photos."""

    answers: NDArray[Any]
    """[N, K, C], probabilities, float16: of K crops of each photo, or K = 1 of the whole photo."""
    boxes: NDArray[Any] | None
    """[N, K, 4], the crops as `draw_boxes` makes them; None for whole photos."""


@dataclass(frozen=True)
class Lessons:
    """Training photos and how they are to be taught."""

    stream: PhotoStream
    labels: NDArray[Any]
    """Class of each photo [N], int."""
    classes: int
    preprocessing: Preprocessing
    augmentation: Augmentation
    label_smoothing: float
    class_weights: NDArray[Any]
    """Weight of each class [C], 1 on average over the photos."""
    seed: int
    calm_from: int | None = None
    """Number of the epoch, from 0, from which on photos are varied less; None: never."""
    teacher: TeacherTable | None = None
    teacher_weight: float = 0.0
    share: Share = WHOLE
    """The part of each batch that this process works on."""

    def steps(self, batch_size: int) -> int:
        """Return the number of batches an epoch has: incomplete ones are left out, if not all."""
        return max(1, len(self.labels) // batch_size)

    def epoch(self, number: int, side: int, batch_size: int) -> Any:
        """Return a dataset of (photos [B, side, side, 3], targets [B, C], weights [B])."""
        import tensorflow as tf

        rng = np.random.default_rng((self.seed, number))
        order = rng.permutation(len(self.labels))
        order = order[: self.steps(batch_size) * batch_size]
        varied = self.varied_in(number)
        boxes, targets = self._draw(order, varied, rng)
        light = draw_light(len(order), varied, rng)
        # Drawn for all and then divided, so that any number of processes see the same batches.
        own = self.share.of_batches(len(order), batch_size)
        order, boxes, light, targets = order[own], boxes[own], light[own], targets[own]
        batch_size //= self.share.parts
        weights = self.class_weights[self.labels[order]].astype(np.float32)
        scale = scaler(self.preprocessing)

        def view(photos: Any, box: Any, factors: Any) -> Any:
            return scale(relight(crop(photos, box, side), factors))

        photos = self.stream.batches(order, batch_size)
        plan = tf.data.Dataset.from_tensor_slices((boxes, light, targets, weights)).batch(
            batch_size, drop_remainder=len(order) % batch_size == 0
        )
        return (
            tf.data.Dataset.zip((photos, plan))
            .map(
                lambda read, planned: (view(read[0], *planned[:2]), planned[2], planned[3]),
                num_parallel_calls=tf.data.AUTOTUNE,
            )
            .prefetch(2)
        )

    def targets(self, order: NDArray[Any]) -> NDArray[Any]:
        """Return what is to be learnt of whole photos `order` [n]: [n, C]."""
        truth = np.eye(self.classes, dtype=np.float32)[self.labels[order]]
        smooth = truth * (1 - self.label_smoothing) + self.label_smoothing / self.classes
        return np.asarray(smooth)

    def varied_in(self, number: int) -> Augmentation:
        """Return how far photos are varied in an epoch.

        At the end of a long training, views come close to what the app will show: random crops make
        things look larger than they are there (Touvron et al. 2019, arXiv:1906.06423).
        """
        if self.calm_from is None or number < self.calm_from:
            return self.augmentation
        return AUGMENTATIONS["light"]

    def _draw(
        self, order: NDArray[Any], varied: Augmentation, rng: np.random.Generator
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return a crop [n, 4] and a target [n, C] for each photo of `order`."""
        boxes = draw_boxes(len(order), varied, rng)
        if self.teacher is None:
            return boxes, self.targets(order)
        view = rng.integers(self.teacher.answers.shape[1], size=len(order))
        if self.teacher.boxes is not None:
            # What the teacher said of a view holds for its mirror image, too.
            boxes = mirror_half(self.teacher.boxes[order, view], varied, rng)
        answers = self.teacher.answers[order, view].astype(np.float32)
        truth = np.eye(self.classes, dtype=np.float32)[self.labels[order]]
        return boxes, truth * (1 - self.teacher_weight) + answers * self.teacher_weight


def check_stream(
    stream: PhotoStream,
    labels: NDArray[Any],
    classes: int,
    preprocessing: Preprocessing,
    side: int,
    *,
    share: Share = WHOLE,
    devices: int = 1,
) -> Any:
    """Return validation data: photos [B, side, side, 3] as the app would show them, targets [B, C].

    `labels` [N] are the photos' classes; targets are one-hot. Each process gets its share. All
    `devices` get equally many photos, so that a few at the end may be left out.
    """
    import tensorflow as tf

    scale = scaler(preprocessing)
    targets = tf.constant(np.eye(classes, dtype=np.float32)[labels])
    order = np.arange(len(labels) // devices * devices)[share.slice]
    own = devices // share.parts
    batch = max(1, min(128 // devices, len(order) // own)) * own
    return (
        stream.batches(order, batch)
        .map(
            lambda photos, indices: (
                scale(central(photos, preprocessing, side)),
                tf.gather(targets, indices),
            ),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
        .prefetch(2)
    )


def balanced_weights(labels: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return a weight for each class [C], so that small classes count as much as large ones.

    `labels` [N] are the photos' classes.

    Inverse frequency, held between 1/4 and 4, scaled to a mean of 1 over the photos.
    """
    counts = np.bincount(labels, minlength=classes)
    weights = np.clip(counts.mean() / np.maximum(counts, 1), 0.25, 4.0)
    return np.asarray(weights / np.average(weights, weights=np.maximum(counts, 1)))
