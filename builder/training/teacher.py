"""Asks a trained classifier about the training photos, once, for distillation.

Hinton et al. 2015, arXiv:1503.02531. A teacher that classifies the very crop that the student sees
teaches better, given time (Beyer et al. 2021, arXiv:2106.05237).
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.loading.bundle import read_bundle
from builder.model.metadata import Preprocessing
from builder.training.bases import load_file
from builder.training.lessons import TeacherTable
from builder.training.options import TrainOptions
from builder.training.share import Share
from builder.training.stream import PhotoStream
from builder.training.views import Augmentation, central, crop, draw_boxes, scaler


def load_teacher(
    path: Path, labels: tuple[str, ...], options: TrainOptions
) -> tuple[Any, Preprocessing]:
    """Return the teacher and how it wants its photos.

    Raises `ModelError` where its classes are not `labels`.
    """
    bundle = read_bundle(path)
    if bundle is None or bundle.labels != labels:
        raise ModelError(
            f"The teacher {path} was not trained by this command on the same classes: train it on "
            "the same photos first."
        )
    loaded = load_file(path, options)
    return loaded.model, loaded.preprocessing


def ask_teacher(
    model: Any,
    preprocessing: Preprocessing,
    stream: PhotoStream,
    *,
    augmentation: Augmentation,
    views: int,
    seed: int,
    share: Share,
) -> TeacherTable:
    """Return the teacher's answers to `views` crops of each photo, or (0) to the whole photo.

    Each process asks about its share of the photos.
    """
    import tensorflow as tf

    side, count = preprocessing.input_height, len(stream)
    scale = scaler(preprocessing)
    boxes = draw_boxes(count * views, augmentation, np.random.default_rng((seed, 2)))
    boxes = boxes.reshape(count, views, 4)

    def answers_to(view: int | None) -> NDArray[Any]:
        table = None if view is None else tf.constant(boxes[:, view])

        def prepare(photos: Any, indices: Any) -> Any:
            if table is None:
                return scale(central(photos, preprocessing, side))
            return scale(crop(photos, tf.gather(table, indices), side))

        photos = stream.batches(np.arange(count)[share.slice], 64).map(prepare).prefetch(1)
        own = np.asarray(model.predict(photos, verbose=0), np.float16)
        return share.gather(own, count)

    asked: list[int | None] = [*range(views)] if views else [None]
    answers = np.stack([answers_to(view) for view in asked], axis=1)
    return TeacherTable(answers, boxes if views else None)
