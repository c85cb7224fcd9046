"""Options that every verb shares, and where a verb prints: progress to stderr, results to
stdout."""

import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from builder.errors import visible

Command = TypeVar("Command", bound=Callable[..., Any])

_DEBUG = "builder.debug"


def debug_option(command: Command) -> Command:
    """Add `--debug`: tracebacks, and TensorFlow's own log."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_start_debugging,
        help="Show tracebacks and TensorFlow's log.",
    )(command)


def json_option(command: Command) -> Command:
    """Add `--json`, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def quiet_option(command: Command) -> Command:
    """Add `--quiet`, passed as `quiet`."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="Show warnings and errors only, no progress."
    )(command)


def is_debugging(ctx: click.Context) -> bool:
    """Return whether `--debug` was given to the verb."""
    return bool(ctx.meta.get(_DEBUG, False))


def _start_debugging(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[_DEBUG] = True
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "0"


def progress_printer(quiet: bool) -> Callable[[str], None]:
    """Return a function that shows a line of progress on stderr, or nothing."""

    def show(line: str) -> None:
        if not quiet:
            tell(f"{line} …", err=True)

    return show


def tell(text: str, *, err: bool = False) -> None:
    """Print a text, on stderr if asked to. Names in it may come from untrusted files: nothing in
    it steers the terminal."""
    click.echo(visible(text), err=err)


def warn(line: str) -> None:
    """Show a warning on stderr."""
    click.echo(f"{click.style('Warning:', fg='yellow')} {visible(line)}", err=True)


def print_json(value: Any) -> None:
    """Print a result for scripts on stdout, in ASCII: a pipe may have any encoding."""
    click.echo(json.dumps(value, indent=2, sort_keys=True))


def as_click_exception(error: Exception) -> click.ClickException:
    """Return an error as a message: its own, or one on a refusal by the system or on a bug."""
    if isinstance(error, click.ClickException):
        return error
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return click.ClickException(
            visible(f"The system refused: {error.strerror or error}{place}. --debug shows at what.")
        )
    return click.ClickException(
        visible(f"This is a bug in classifier-pwa: {type(error).__name__}: {error}.")
        + " Please report it with what the same command prints with --debug."
    )
