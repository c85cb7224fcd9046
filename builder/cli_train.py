"""The verb `train`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from builder.cli_options import debug_option, json_option, print_json, quiet_option, warn

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
    default="mobilenet",
    help="Network to start from: a keras.applications name, demo (ships with this program, needs "
    "no network), none (from scratch), or the path of a model.",
)
@_option("--weights", default="imagenet", help="Weights of the base: imagenet, or a file.")
@_option("--alpha", type=float, help="Width multiplier of the network.")
@_option("--image-size", type=click.IntRange(16, 1024), help="Side of the input, pixels.")
@_option(
    "--crop-fraction",
    type=click.FloatRange(0.3, 1.0),
    default=0.875,
    help="Part of a photo's side that the app shows the network.",
)
@_option("--progressive", is_flag=True, help="From scratch: begin with smaller photos.")
@_option("--grayscale", is_flag=True, help="Train on the luminance only.")
@_option("--epochs", type=click.IntRange(0), help="Epochs of fine-tuning, or from scratch.")
@_option("--head-epochs", type=click.IntRange(1), help="Epochs of the new head.")
@_option("--batch-size", type=click.IntRange(1), help="Photos a step.")
@_option("--learning-rate", type=click.FloatRange(0, min_open=True), help="Highest rate.")
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
    help="Crops of each photo that it is asked about; 0: the whole photo.",
)
@_option(
    "--validation-fraction",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    help="Part held back, where PHOTOS has no val/.",
)
@_option("--patience", type=click.IntRange(1), help="Epochs without progress before the end.")
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
@_option("--force", is_flag=True, help="Replace the output and forget an interrupted run.")
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
    from builder.model.train import LostProcessError
    from builder.model.train import train as run
    from builder.model.training.options import TrainOptions

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    try:
        result = run(TrainOptions(**options), say, warn)
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
        click.echo(
            f"{result.output}: {result.top1:.1%} of {result.photos} validation photos right, "
            f"{result.top5:.1%} among the first five.\n"
            f"Report: {result.report / 'index.html'}\n"
            f"Next: classifier-pwa build --model {result.output}"
        )
    if result.interrupted:
        click.echo(
            f"\nInterrupted: {result.output} is the best of {result.epochs} epochs. The same "
            "command with --resume goes on.",
            err=True,
        )
        ctx.exit(INTERRUPTED)
