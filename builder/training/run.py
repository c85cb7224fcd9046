"""One training run: everything that is settled before the first epoch, and the epochs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ConfigError
from builder.model.images.photos import decode_photo
from builder.model.loading.mobilenet import freeze
from builder.training.bases import Base, make_base
from builder.training.checking import without_unreadable
from builder.training.checkpoints import (
    Checkpoints,
    RunState,
    fingerprint,
    open_state,
    undisturbed,
)
from builder.training.distributed import spread
from builder.training.folders import PhotoSet, read_photo_set
from builder.training.head import Features, compute_features, train_head
from builder.training.lessons import Lessons, TeacherTable, balanced_weights, check_stream
from builder.training.loop import run_phase
from builder.training.options import TrainOptions
from builder.training.phases import Phase, compile_for, make_phase, why_not_tuned
from builder.training.share import Share
from builder.training.stream import PhotoStream
from builder.training.teacher import ask_teacher, load_teacher
from builder.training.views import AUGMENTATIONS


@dataclass
class Run:
    """A run between its start and its end."""

    options: TrainOptions
    photos: PhotoSet
    skipped: dict[str, str]
    """Unreadable photos and why."""
    devices: tuple[str, ...]
    """What the network is spread over; none or one: it stays where it is."""
    base: Base
    lessons: Lessons
    val: PhotoStream
    val_labels: NDArray[Any]
    phase: Phase
    checkpoints: Checkpoints
    say: Callable[[str], None]
    state: RunState
    features: Features | None = None
    """Features of the photos from the frozen base, once they are computed."""

    def start(self) -> None:
        """Find the head, where there is a base, or take it from an interrupted run."""
        model = self.base.model
        if self.state.epoch or self.options.base == "none":
            return
        if self.state.history:
            model.load_weights(self.checkpoints.head)
            return
        self.features = compute_features(model, self.lessons, self.val, self.say)
        entry = train_head(model, self.features, self.lessons, self.val_labels, self.say)
        with undisturbed():
            self.state.append(entry)
            self.checkpoints.write_head(model, self.state)

    def go_on(self) -> None:
        """Train the epochs that are left, where more can help."""
        if not self.state.epoch and (reason := self._why_not()):
            self.say(reason)
            return
        with spread(self.devices):
            model = self._network()
            freeze(model, self.phase.trainable_fraction)
            compile_for(model, self.phase, self.lessons.steps(self.phase.batch_size))
            if self.state.epoch:
                self.checkpoints.restore_last(model)
            run_phase(
                model,
                self.phase,
                self.lessons,
                self._check,
                checkpoints=self.checkpoints,
                state=self.state,
                say=self.say,
            )

    def _why_not(self) -> str:
        """Return why the head is left as it is; "" where more epochs are asked for or may help."""
        if self.options.base == "none" or self.options.epochs:
            return ""
        if self.options.epochs == 0:
            return "No fine-tuning, as asked for."
        wrong = round((1 - self.state.history[0]["val_top1"]) * len(self.val_labels))
        return why_not_tuned(len(self.lessons.labels), wrong)

    def _network(self) -> Any:
        """Return the network to train, on all devices."""
        import keras

        if len(self.devices) < 2:
            return self.base.model
        copy = keras.models.clone_model(self.base.model)
        copy.set_weights(self.base.model.get_weights())
        return copy

    def _check(self, side: int) -> Any:
        return check_stream(
            self.val,
            self.val_labels,
            self.lessons.classes,
            self.base.preprocessing,
            side,
            share=self.lessons.share,
            devices=max(1, len(self.devices)),
        )


def prepare_run(
    options: TrainOptions,
    devices: Sequence[str],
    say: Callable[[str], None],
    warn: Callable[[str], None],
) -> Run:
    """Read the photos, build the network, and resume an earlier run where that is asked for."""
    import keras

    keras.utils.set_random_seed(options.seed)
    listed = read_photo_set(options.photos, options.validation_fraction, options.seed)
    say(f"Checking {len(listed.train) + len(listed.val)} photos of {len(listed.labels)} classes")
    share = Share.of(options.cluster)
    photos, skipped = without_unreadable(listed, options.photos, warn, share)
    base = make_base(options, len(photos.labels), len(photos.train), warn)
    if not share.agrees(base.name):
        raise ConfigError(
            f"The processes start from different networks, this one from {base.name}: name one "
            "with --base that is available to all."
        )
    # The run stays with the network that "auto" chose, whatever is available when it is resumed.
    options = replace(options, base=base.chosen)
    stream, val = _streams(photos, base, options, say)
    checkpoints = Checkpoints(options.work_folder, writes=share.part == 0)
    state = open_state(options, fingerprint(options, photos), checkpoints, warn)
    labels = np.array([photo.label for photo in photos.train])
    phase = make_phase(options, base.preprocessing.input_height, len(labels), len(devices))
    lessons = Lessons(
        stream=stream,
        labels=labels,
        classes=len(photos.labels),
        preprocessing=base.preprocessing,
        augmentation=AUGMENTATIONS[options.augmentation],
        label_smoothing=options.label_smoothing,
        class_weights=balanced_weights(labels, len(photos.labels)),
        seed=options.seed,
        calm_from=phase.calm_from,
        teacher=_teacher(options, photos, stream, share, say),
        teacher_weight=options.teacher_weight,
        share=share,
    )
    if state.history:
        say(f"Going on after epoch {len(state.history)}")
    return Run(
        options,
        photos,
        skipped,
        tuple(devices),
        base,
        lessons,
        val,
        np.array([photo.label for photo in photos.val]),
        phase,
        checkpoints,
        say,
        state,
    )


def _streams(
    photos: PhotoSet, base: Base, options: TrainOptions, say: Callable[[str], None]
) -> tuple[PhotoStream, PhotoStream]:
    side = base.preprocessing.resize_height
    parts = [
        PhotoStream([photo.path for photo in members], side, decode_photo, base.preprocessing.fit)
        for members in (photos.train, photos.val)
    ]
    if options.cache:
        size = sum(len(part) for part in parts) * side * side * 3
        say(f"Reading all photos into memory, {size / 1e6:,.0f} MB")
        for part in parts:
            part.remember()
    return parts[0], parts[1]


def _teacher(
    options: TrainOptions,
    photos: PhotoSet,
    stream: PhotoStream,
    share: Share,
    say: Callable[[str], None],
) -> TeacherTable | None:
    if options.teacher is None:
        return None
    model, preprocessing = load_teacher(options.teacher, photos.labels, options)
    say(f"Asking the teacher {options.teacher.name} about {len(photos.train)} photos")
    return ask_teacher(
        model,
        preprocessing,
        stream,
        augmentation=AUGMENTATIONS[options.augmentation],
        views=options.teacher_views,
        seed=options.seed,
        share=share,
    )
