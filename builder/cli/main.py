"""The command line: `classifier-pwa VERB`. Each verb lives in its own module and is imported only
when it is called, so that `--help` does not wait for what the others need.
"""

import importlib
import sys
import traceback
from typing import Any

import click

from builder import __version__
from builder.cli.options import as_click_exception, is_debugging

VERBS = ("init", "build", "serve", "check", "train", "evaluate", "bench")
"""The verbs in the order in which people need them: each is the command of `builder.cli.<verb>`."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as in shells: 128 + SIGINT."""


class VerbGroup(click.Group):
    """Finds verbs in their modules, and says what went wrong in a sentence or two."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the verbs in their own order, not the alphabet's."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return a verb's command, importing its module."""
        if name not in VERBS:
            return None
        command = getattr(importlib.import_module(f"builder.cli.{name}"), name)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; turn Ctrl-C, a full disk and our own bugs into a message and a status."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.UsageError, BrokenPipeError):
            raise  # whoever reads our output may stop reading: click ends quietly
        except KeyboardInterrupt:
            click.echo("\nInterrupted. What was there before is unchanged.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.Abort):
            _show_traceback(ctx)
            raise
        except Exception as error:
            _show_traceback(ctx)
            raise as_click_exception(error) from error


def _show_traceback(ctx: click.Context) -> None:
    if is_debugging(ctx):
        traceback.print_exc(file=sys.stderr)


@click.group(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="classifier-pwa")
def main() -> None:
    """Turn a Keras image classifier into a web app that works offline."""
