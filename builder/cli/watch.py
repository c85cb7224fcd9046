"""`build --watch`: what it prints while it builds again and again."""

import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

import click

from builder.build import BuildResult
from builder.cli.options import as_click_exception, is_debugging, tell
from builder.config import CONFIG_NAME, SiteConfig

_NAMED = 3


def watch(
    read: Callable[[], SiteConfig],
    build: Callable[[SiteConfig], BuildResult],
    config: Path | None,
    port: int,
    show: Callable[[BuildResult], None],
) -> None:
    """Build and serve until Ctrl-C, and build again after each change; `show` the first result."""
    from builder.watch.watch_site import Built, Changed, Failed, Serving, watch_site

    is_first, started = True, perf_counter()
    with closing(watch_site(read, build, config or Path(CONFIG_NAME), port)) as events:
        try:
            for event in events:
                match event:
                    case Built(result) if is_first:
                        is_first = False
                        show(result)
                    case Built():
                        click.echo(f"Built in {perf_counter() - started:.1f} s.", err=True)
                    case Serving(url):
                        click.echo(url)
                        click.echo("Serving and watching until Ctrl-C …", err=True)
                    case Changed(files):
                        started = perf_counter()
                        tell(f"\nChanged: {_names(files)}", err=True)
                    case Failed(error):
                        if is_debugging(click.get_current_context()):
                            traceback.print_exception(error)
                        as_click_exception(error).show()
                        click.echo("The site is as it was. Watching on …", err=True)
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)


def _names(files: tuple[Path, ...]) -> str:
    shown = [click.format_filename(file) for file in files[:_NAMED]]
    more = len(files) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
