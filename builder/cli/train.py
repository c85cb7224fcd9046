"""The verb `train`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from builder.cli.options import debug_option, json_option, print_json, quiet_option, tell, warn
from builder.config import checked_options
from builder.config.options import shared_options

INTERRUPTED = 130
_PROCESSES = [
    "KERAS_DISTRIBUTION_NUM_PROCESSES",
    "WORLD_SIZE",
    "SLURM_NTASKS",
    "OMPI_COMM_WORLD_SIZE",
]
_PROCESS_ID = ["KERAS_DISTRIBUTION_PROCESS_ID", "RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK"]
_AUGMENTATIONS = ("none", "light", "medium", "strong")


def _option(*names: str, **settings: Any) -> Callable[[Any], Any]:
    return click.option(*names, **{"show_default": "default" in settings, **settings})


@click.command(short_help="Train a classifier from a folder of photos.")
@click.argument("photos", type=click.Path(path_type=Path))
@_option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("model.keras"),
    help="The .keras file to write.",
)
@_option(
    "--base",
    default="auto",
    help="Network to start from: a keras.applications name, efficientnet-lite0, demo (both need "
    "no network), none (from scratch), or the path of a model; auto: mobilenet where its weights "
    "are available, else efficientnet-lite0, else demo.",
)
@shared_options("train", {"input_size": "--image-size"})
@_option("--progressive", is_flag=True, help="From scratch: begin with smaller photos.")
@_option(
    "--epochs",
    type=click.IntRange(0),
    help="Epochs of fine-tuning (default: 4 to 20, by the number of photos; none where it cannot "
    "help), or from scratch (60).",
)
@_option(
    "--batch-size",
    type=click.IntRange(1),
    help="Photos a step (default: 8 to 32, by their number; from scratch 8 to 128).",
)
@_option(
    "--learning-rate",
    type=click.FloatRange(0, min_open=True),
    help="Highest rate (default: 0.0002; from scratch 0.4 for 128 photos a step).",
)
@_option(
    "--augmentation",
    type=click.Choice(_AUGMENTATIONS),
    default="medium",
    help="How much photos are varied.",
)
@_option(
    "--label-smoothing",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    help="Part of the target that is spread over all classes.",
)
@_option(
    "--teacher",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A .keras file, trained on the same classes, to learn from as well.",
)
@_option("--teacher-weight", type=click.FloatRange(0, 1), default=0.8, help="Its part.")
@_option(
    "--teacher-views",
    type=click.IntRange(0, 32),
    default=0,
    help="Crops of each photo that the teacher classifies; 0: the whole photo.",
)
@_option(
    "--validation-fraction",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    help="Part held back, where PHOTOS has no val/.",
)
@_option(
    "--patience",
    type=click.IntRange(1),
    help="Epochs without progress before the end (default: 5; from scratch none).",
)
@_option("--seed", type=click.IntRange(0), default=0, help="Fixes the split and all chance.")
@_option("--cache", is_flag=True, help="Keep the photos in memory: faster.")
@_option(
    "--distributed",
    metavar="HOST:PORT",
    envvar="KERAS_DISTRIBUTION_JOB_ADDRESSES",
    help="Train in several processes together, on JAX: the address of process 0.",
)
@_option(
    "--processes",
    type=click.IntRange(1),
    envvar=_PROCESSES,
    help="How many there are.",
)
@_option("--process-id", type=click.IntRange(0), envvar=_PROCESS_ID, help="Which one this is.")
@_option("--resume", is_flag=True, help="Go on where an interrupted run stopped.")
@_option(
    "--force", is_flag=True, help="Forget an interrupted run, and move aside what no run wrote."
)
@_option("--report", type=click.Path(path_type=Path), help="Folder of the report.")
@json_option
@quiet_option
@debug_option
@click.pass_context
def train(ctx: click.Context, /, as_json: bool, quiet: bool, **options: Any) -> None:
    """Train a classifier on PHOTOS: a folder with one folder of photos for each class, or with
    train/ and val/ of such folders.

    \b
    Examples:
      classifier-pwa train photos/ --output trees.keras
      classifier-pwa train photos/ --base demo --grayscale
      classifier-pwa build --model trees.keras
    """
    from builder.evaluation.chance import rate_in_words
    from builder.training.options import TrainOptions
    from builder.training.train import LostProcessError
    from builder.training.train import train as run

    def say(line: str) -> None:
        if not quiet:
            tell(line, err=True)

    try:
        result = run(TrainOptions(**_given(options)), say, warn)
    except LostProcessError as error:
        error.show()
        sys.stderr.flush()
        # Not the ordinary way out: JAX would wait there for the process that is gone.
        os._exit(error.exit_code)
    if result is None:
        return
    if as_json:
        print_json({name: str(v) if isinstance(v, Path) else v for name, v in vars(result).items()})
    else:
        may = rate_in_words(round(result.top1 * result.photos), result.photos)
        tell(
            f"{result.output}: {result.top1:.1%} of the validation photos right ({may}).\n"
            f"Report: {result.report / 'index.html'}\n"
            f"Next: classifier-pwa build --model {result.output}"
        )
    if result.interrupted:
        tell(
            f"\nInterrupted: {result.output} is the best of {result.epochs} epochs. The same "
            "command with --resume goes on.",
            err=True,
        )
        ctx.exit(INTERRUPTED)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given, those of the model checked."""
    given = {name: value for name, value in options.items() if value is not None}
    return {**given, **checked_options(given, "train")}
