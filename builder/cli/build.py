"""The verb `build`."""

from pathlib import Path
from time import perf_counter
from typing import Any

import click

from builder.cli.grouped import GroupedCommand
from builder.cli.options import (
    debug_option,
    json_option,
    print_json,
    progress_printer,
    quiet_option,
    tell,
    warn,
)
from builder.cli.summary import Cost, summary
from builder.config import SiteConfig, read_config
from builder.config.options import config_options
from builder.usage import peak_memory


@click.command(cls=GroupedCommand, short_help="Turn a model into a site in dist/.")
@config_options
@click.option(
    "--watch",
    is_flag=True,
    help="Serve the site on this machine, and build again whenever the model, the labels, the"
    " templates, the config file or anything else that the build reads changes; open pages load"
    " themselves anew. The written site is that of a plain build.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port that --watch serves on; 0 takes a free one.",
)
@json_option
@quiet_option
@debug_option
def build(
    config: Path | None, watch: bool, port: int, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Turn a Keras image classifier into a site of static files.

    Every option but --force can also stand in the config file, without its dashes; the command
    line wins.

    \b
    Examples:
      classifier-pwa build
      classifier-pwa build --alpha 0.25 --title "What is it?" --theme-color "#5b21b6"
      classifier-pwa build --model trees.keras --labels trees.txt --output public
      classifier-pwa build --watch
    """
    started = perf_counter()
    from builder.build import BuildResult, build_site
    from builder.typed_json import to_json

    def read() -> SiteConfig:
        return read_config(config, options)

    def make(settings: SiteConfig) -> BuildResult:
        return build_site(settings, progress_printer(quiet), warn)

    def show(result: BuildResult) -> None:
        cost = Cost(perf_counter() - started, peak_memory())
        if as_json:
            print_json({**to_json(result.report), "cost": cost.as_json()})
        else:
            tell(summary(result.output, result.report, cost, is_served=watch))

    if not watch:
        show(make(read()))
        return
    if as_json:
        raise click.UsageError("--json prints one build: leave it out with --watch.")
    from builder.cli.watch import watch as watch_on

    watch_on(read, make, config, port, show)
