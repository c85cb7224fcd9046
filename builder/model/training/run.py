"""One training run: everything that is settled before the first epoch, and the epochs."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError, OutputError
from builder.model.photos import decode_photo
from builder.model.training.bases import Base, make_base
from builder.model.training.checking import without_unreadable
from builder.model.training.checkpoints import Checkpoints, RunState
from builder.model.training.folders import PhotoSet, read_photo_set
from builder.model.training.head import train_head
from builder.model.training.lessons import Lessons, TeacherTable, balanced_weights, check_stream
from builder.model.training.loop import run_phase
from builder.model.training.network import freeze
from builder.model.training.options import TrainOptions
from builder.model.training.phases import Phase, compile_for, scratch_phase, tuning_phase
from builder.model.training.stream import PhotoStream
from builder.model.training.teacher import ask_teacher, load_teacher
from builder.model.training.views import AUGMENTATIONS

_SCRATCH_EPOCHS = 60
_CLUSTER = ("distributed", "processes", "process_id")
_STEPS = 400
"""Least number of steps of fine-tuning: few photos are seen more often."""


@dataclass
class Run:
    """A run between its start and its end."""

    options: TrainOptions
    photos: PhotoSet
    skipped: dict[str, str]
    """Unreadable photos and why."""
    base: Base
    lessons: Lessons
    val: PhotoStream
    val_labels: NDArray[Any]
    phase: Phase
    checkpoints: Checkpoints
    say: Callable[[str], None]
    state: RunState
    model: Any = field(default=None)

    def start(self) -> None:
        """Take up an interrupted run, or begin: train the head, where there is a base."""
        if self.model is not None:
            return
        self.model = self.base.model
        if self.options.base != "none":
            history = train_head(
                self.model,
                self.lessons,
                self.val,
                self.val_labels,
                epochs=self.options.head_epochs,
                say=self.say,
            )
            self.state.history.extend(history)
            self.state.best_epoch = len(history)
            self.state.best_loss = history[-1]["val_loss"]
            self.checkpoints.write(self.model, self.state, is_best=True)

    def go_on(self) -> None:
        """Train the epochs that are left."""
        if self.state.epoch == 0:
            freeze(self.model, self.phase.trainable_fraction)
            compile_for(self.model, self.phase, self.lessons.steps(self.phase.batch_size))
        run_phase(
            self.model,
            self.phase,
            self.lessons,
            self._check,
            checkpoints=self.checkpoints,
            state=self.state,
            say=self.say,
        )

    def _check(self, side: int) -> Any:
        return check_stream(
            self.val,
            self.val_labels,
            self.lessons.classes,
            self.base.preprocessing,
            side,
            parts=self.lessons.parts,
            part=self.lessons.part,
        )


def prepare_run(
    options: TrainOptions, say: Callable[[str], None], warn: Callable[[str], None]
) -> Run:
    """Read the photos, build the network, and take up an earlier run where that is asked for."""
    import keras

    keras.utils.set_random_seed(options.seed)
    listed = read_photo_set(options.photos, options.validation_fraction, options.seed)
    say(f"Checking {len(listed.train) + len(listed.val)} photos of {len(listed.labels)} classes")
    photos, skipped = without_unreadable(listed, options.photos, warn)
    base = make_base(options, len(photos.labels), len(photos.train))
    stream, val = _streams(photos, base, options, say)
    cluster = options.cluster
    checkpoints = Checkpoints(options.work_folder, writes=cluster is None or cluster.is_first)
    state = open_state(options, fingerprint(options, photos), checkpoints)
    labels = np.array([photo.label for photo in photos.train])
    phase = make_phase(options, base.preprocessing.input_height, len(labels))
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
        teacher=_teacher(options, photos, stream, say),
        teacher_weight=options.teacher_weight,
        parts=cluster.processes if cluster else 1,
        part=cluster.process_id if cluster else 0,
    )
    run = Run(
        options,
        photos,
        skipped,
        base,
        lessons,
        val,
        np.array([photo.label for photo in photos.val]),
        phase,
        checkpoints,
        say,
        state,
    )
    if state.history:
        say(f"Going on after epoch {len(state.history)}")
        run.model = keras.models.load_model(checkpoints.last)
    return run


def make_phase(options: TrainOptions, side: int, photos: int) -> Phase:
    """Return the phase that `options` ask for, with defaults that suit the number of photos."""
    if options.base == "none":
        batch = options.batch_size or int(np.clip(photos // 40, 8, 128))
        rate = options.learning_rate or 0.4 * batch / 128
        return scratch_phase(
            _SCRATCH_EPOCHS if options.epochs is None else options.epochs,
            side,
            batch,
            rate,
            options.progressive,
        )
    batch = options.batch_size or int(np.clip(photos // 20, 8, 32))
    enough = int(np.clip(_STEPS * batch // max(1, photos), 4, 20))
    return tuning_phase(
        enough if options.epochs is None else options.epochs,
        side,
        batch,
        options.learning_rate or 2e-4,
        5 if options.patience is None else options.patience,
    )


def fingerprint(options: TrainOptions, photos: PhotoSet) -> str:
    """Return a hash of all that a run depends on, so that only the same run is taken up again."""
    choices = {
        name: str(value)
        for name, value in asdict(options).items()
        if name not in ("resume", "force", "report", "cache", "photos", "output", *_CLUSTER)
    }
    names = [(photo.path.name, photo.label) for photo in (*photos.train, *photos.val)]
    return hashlib.sha256(repr((choices, photos.labels, names)).encode()).hexdigest()


def _streams(
    photos: PhotoSet, base: Base, options: TrainOptions, say: Callable[[str], None]
) -> tuple[PhotoStream, PhotoStream]:
    side = base.preprocessing.resize_height
    parts = [
        PhotoStream([photo.path for photo in members], side, decode_photo)
        for members in (photos.train, photos.val)
    ]
    if options.cache:
        size = sum(len(part) for part in parts) * side * side * 3
        say(f"Reading all photos into memory, {size / 1e6:,.0f} MB")
        for part in parts:
            part.remember()
    return parts[0], parts[1]


def open_state(options: TrainOptions, own: str, checkpoints: Checkpoints) -> RunState:
    """Return the state to go on from, or a new one; `own` is this run's fingerprint.

    Raises `OutputError` where an earlier run left one and the options do not say what to do with
    it, `ModelError` where it was another run.
    """
    earlier = checkpoints.read()
    if earlier is None or options.force:
        return RunState(own)
    if not options.resume:
        raise OutputError(
            f"{checkpoints.folder} holds an interrupted run of the same output: go on with "
            "--resume, or start anew with --force."
        )
    if earlier.fingerprint != own:
        raise ModelError(
            f"The run in {checkpoints.folder} had other options or photos: give the same ones to "
            "go on, or start anew with --force instead of --resume."
        )
    return earlier


def _teacher(
    options: TrainOptions, photos: PhotoSet, stream: PhotoStream, say: Callable[[str], None]
) -> TeacherTable | None:
    if options.teacher is None:
        return None
    model, preprocessing = load_teacher(options.teacher, photos.labels)
    say(f"Asking the teacher {options.teacher.name} about {len(photos.train)} photos")
    return ask_teacher(
        model,
        preprocessing,
        stream,
        augmentation=AUGMENTATIONS[options.augmentation],
        views=options.teacher_views,
        seed=options.seed,
    )
