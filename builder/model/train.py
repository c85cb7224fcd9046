"""Trains a classifier from a folder of photos: the table of contents of a run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from builder.errors import OutputError
from builder.model.training.options import TrainOptions

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


@dataclass(frozen=True)
class TrainResult:
    """What a run brought."""

    output: Path
    report: Path
    photos: int
    """Validation photos that the figures are of."""
    top1: float
    top5: float
    calibration_error: float
    temperature: float
    best_epoch: int
    epochs: int
    interrupted: bool
    """Whether Ctrl-C ended it; `--resume` goes on."""


def train(options: TrainOptions, say: Tell, warn: Tell) -> TrainResult:
    """Train as `options` ask and write the `.keras` file and its report.

    Raises `PhotosError`, `ModelError` or `OutputError` for what the user can put right. Ctrl-C
    after the first epoch ends the run with the best network so far.
    """
    require_free(options)
    from builder.model.setup import tensorflow

    tensorflow()
    from builder.model.training.finish import finish
    from builder.model.training.run import prepare_run

    run = prepare_run(options, say, warn)
    interrupted = False
    try:
        run.start()
        run.go_on()
    except KeyboardInterrupt:
        if run.state.best_epoch is None:
            raise
        interrupted = True
    return finish(run, interrupted)


def require_free(options: TrainOptions) -> None:
    """Raise `OutputError` where the output cannot be written, before hours are spent."""
    if options.output.suffix != ".keras":
        raise OutputError(f"--output {options.output} must end in .keras, Keras's own format.")
    if not options.output.parent.is_dir():
        raise OutputError(f"The folder of --output {options.output} does not exist: create it.")
    if options.output.exists() and not (options.force or options.resume):
        raise OutputError(f"{options.output} exists: choose another --output, or give --force.")
