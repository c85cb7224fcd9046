"""Trains a classifier from a folder of photos: the table of contents of a run."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from builder.errors import BuilderError, OutputError
from builder.evaluation.report import check_report
from builder.output.single import check_file
from builder.training.checkpoints import check_folder
from builder.training.distributed import check_cluster, join, require_jax, training_devices
from builder.training.folders import read_photo_set
from builder.training.likeness import likeness_of
from builder.training.meeting import meet, require_names
from builder.training.options import TrainOptions
from builder.training.result import TrainResult

if TYPE_CHECKING:
    from builder.training.run import Run

ShowLine = Callable[[str], None]
"""Shows a line of progress."""


class LostProcessError(BuilderError):
    """Another process of a distributed training has ended."""


def train(
    options: TrainOptions,
    say: ShowLine,
    warn: ShowLine,
    find_devices: Callable[[], Sequence[str]] = training_devices,
) -> TrainResult | None:
    """Train as `options` ask and write the `.keras` file and its report.

    Returns None in all but the first of several processes. Raises `PhotosError`, `ModelError`,
    `ConfigError` or `OutputError` for what the user can put right, `LostProcessError` where another
    process has died. Ctrl-C ends the run with the best network so far, where there is one: after
    the head, or the first epoch from scratch.
    """
    require_free(options)
    check_cluster(options.distributed, options.processes, options.process_id)
    cluster = options.cluster
    from builder.model.setup import tensorflow

    if cluster is not None:
        require_jax()
        require_names(cluster.address)
        photos = read_photo_set(options.photos, options.validation_fraction, options.seed)
        meet(cluster, likeness_of(options, photos), say)
        join(cluster)
    tensorflow()
    from builder.training.finish import finish
    from builder.training.run import prepare_run

    run = prepare_run(options, find_devices(), say, warn)
    interrupted = False
    try:
        run.start()
        run.go_on()
    except KeyboardInterrupt:
        if not run.state.history:
            raise
        interrupted = True
    except Exception as error:
        # A broken connection makes JAX raise errors of several types.
        if cluster is None:
            raise
        raise lost_process(run, error) from error
    return finish(run, interrupted, warn) if cluster is None or cluster.is_first else None


def lost_process(run: "Run", error: Exception) -> LostProcessError:
    """Return the error for a step with the other processes that has failed."""
    kept = (
        f"The state after epoch {len(run.state.history)} is in {run.checkpoints.folder}: start all "
        "processes again with --resume."
        if run.state.history
        else "No epoch was finished: start all processes again."
    )
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return LostProcessError(f"Another process has ended or cannot be reached. {kept} ({reason})")


def require_free(options: TrainOptions) -> None:
    """Raise `OutputError` where the output cannot be written, before hours are spent."""
    if options.output.suffix != ".keras":
        raise OutputError(f"--output {options.output} must end in .keras, Keras's own format.")
    named = (options.photos, options.teacher, Path(options.base), Path(options.weights))
    read = [path for path in named if path is not None and path.exists()]
    check_file(options.output, options.force or options.resume, read)
    check_report(options.report_folder, options.force, read)
    check_folder(options.work_folder, options.force)
