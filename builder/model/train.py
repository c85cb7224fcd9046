"""Trains a classifier from a folder of photos: the table of contents of a run."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from builder.errors import BuilderError, OutputError
from builder.model.training.distributed import check_cluster, join, training_devices
from builder.model.training.options import TrainOptions
from builder.model.training.result import TrainResult

if TYPE_CHECKING:
    from builder.model.training.run import Run

Tell = Callable[[str], None]
"""Takes a line for the person who waits."""


class LostProcessError(BuilderError):
    """Another process of a distributed training has ended."""


def train(
    options: TrainOptions,
    say: Tell,
    warn: Tell,
    find_devices: Callable[[], Sequence[str]] = training_devices,
) -> TrainResult | None:
    """Train as `options` ask and write the `.keras` file and its report.

    Returns None in all but the first of several processes. Raises `PhotosError`, `ModelError`,
    `ConfigError` or `OutputError` for what the user can put right, `LostProcessError` where another
    process has died. Ctrl-C after the first epoch ends the run with the best network so far.
    """
    require_free(options)
    check_cluster(options.distributed, options.processes, options.process_id)
    cluster = options.cluster
    from builder.model.setup import tensorflow

    if cluster is not None:
        join(cluster)
    tensorflow()
    from builder.model.training.finish import finish
    from builder.model.training.run import prepare_run

    run = prepare_run(options, find_devices(), say, warn)
    interrupted = False
    try:
        run.start()
        run.go_on()
    except KeyboardInterrupt:
        if run.state.best_epoch is None:
            raise
        interrupted = True
    except Exception as error:
        # JAX raises what the broken connection leads to, of several types.
        if cluster is None:
            raise
        raise lost_process(run, error) from error
    return finish(run, interrupted) if cluster is None or cluster.is_first else None


def lost_process(run: "Run", error: Exception) -> LostProcessError:
    """Return what to tell when a step with the other processes has failed."""
    done = run.state.epoch
    kept = (
        f"The state after epoch {done} is in {run.checkpoints.folder}: start all processes again "
        "with --resume."
        if done
        else "No epoch was finished: start all processes again."
    )
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return LostProcessError(f"Another process has ended or cannot be reached. {kept} ({reason})")


def require_free(options: TrainOptions) -> None:
    """Raise `OutputError` where the output cannot be written, before hours are spent."""
    if options.output.suffix != ".keras":
        raise OutputError(f"--output {options.output} must end in .keras, Keras's own format.")
    if not options.output.parent.is_dir():
        raise OutputError(f"The folder of --output {options.output} does not exist: create it.")
    if options.output.exists() and not (options.force or options.resume):
        raise OutputError(f"{options.output} exists: choose another --output, or give --force.")
