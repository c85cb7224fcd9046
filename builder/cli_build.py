"""The verb `build`."""

import shlex
from pathlib import Path
from typing import Any

import click

from builder.cli_options import (
    debug_option,
    json_option,
    print_json,
    progress_printer,
    quiet_option,
    warn,
)
from builder.config import read_config
from builder.config.options import config_options


@click.command(short_help="Turn a model into a site in dist/.")
@config_options
@json_option
@quiet_option
@debug_option
def build(config: Path | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Turn a Keras image classifier into a site of static files.

    Every option can also stand in the config file, without its dashes; the command line wins.

    \b
    Examples:
      classifier-pwa build
      classifier-pwa build --alpha 0.25 --title "What is it?" --theme-color "#5b21b6"
      classifier-pwa build --model trees.keras --labels trees.txt --output public
    """
    from builder.build import build_site

    result = build_site(read_config(config, options), progress_printer(quiet), warn)
    if as_json:
        print_json(result.report)
    else:
        click.echo(summary(result.output, result.report))


def summary(output: Path, report: dict[str, Any]) -> str:
    """Return what a person wants to know of a build: place, model, sizes, parity, next step."""
    place = click.format_filename(output)
    model = report["model_info"]
    parity = model["parity"]
    files = report["files"]
    lines = (
        ("Site", f"{place}, {len(files)} files, {_megabytes(files, '')}"),
        ("Model", f"{model['name']}, {model['classes']} classes"),
        ("Weights", f"{model['quantization']}, {_megabytes(files, 'model/')}"),
        (
            "Parity",
            f"same first answer as Keras on {parity['top1Agreement']:.0%} of {parity['images']}"
            f" images, probabilities within {parity['maxProbabilityDifference']:.1g}",
        ),
        ("Next", f"classifier-pwa serve {shlex.quote(place)}"),
    )
    return "\n".join(f"{name + ':':<9} {value}" for name, value in lines)


def _megabytes(files: dict[str, Any], start: str) -> str:
    size = sum(file["size"] for path, file in files.items() if path.startswith(start))
    return f"{size / 1e6:.1f} MB"
