"""The verb `init`."""

import shlex
import sys
from pathlib import Path

import click

from builder.cli.options import debug_option, tell
from builder.project.answers import HOSTS

_THEN = {
    "github-pages": "choose GitHub Actions as the source in the repository's settings, under Pages",
    "netlify": "give the repository the secrets NETLIFY_AUTH_TOKEN and NETLIFY_SITE_ID",
    "cloudflare-pages": "give the repository the secrets CLOUDFLARE_API_TOKEN and"
    " CLOUDFLARE_ACCOUNT_ID, and the variable CLOUDFLARE_PROJECT",
}


@click.command(short_help="Write a config file and a deploy workflow.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--model", help="Name or path of the model, as build takes it.  [default: auto]")
@click.option(
    "--class-names",
    metavar="NAMES",
    help="Class names in the order of the model's outputs, separated by commas. Without them: those"
    " that come with the model.",
)
@click.option(
    "--host",
    type=click.Choice(HOSTS),
    help="Where a push to GitHub deploys the site to.  [default: github-pages]",
)
@click.option("--title", help="Name of the app.")
@click.option("--ask/--no-ask", default=None, help="Ask for what the options leave open.")
@debug_option
def init(
    folder: Path,
    *,
    model: str | None,
    class_names: str | None,
    host: str | None,
    title: str | None,
    ask: bool | None,
) -> None:
    """Write classifier-pwa.toml, a file of class names, and the workflow that deploys the site.

    Asks for the model, its class names and the host where no option gives them; --no-ask, or input
    that is no terminal, takes the defaults. Nothing that exists is overwritten.

    \b
    Examples:
      classifier-pwa init
      classifier-pwa init trees --model trees/trees.keras --class-names "ash, oak" --host netlify
    """
    from builder.project.answers import checked_answers
    from builder.project.write import write_project

    asks = sys.stdin.isatty() if ask is None else ask
    if model is None:
        model = _asked(asks, "Model: a name, or the path of a file", "auto")
    if class_names is None:
        question = "Its class names in order, with commas (none: those that come with it)"
        class_names = _asked(asks, question, "", show_default=False)
    if host is None:
        host = _asked(asks, "Host", HOSTS[0], type=click.Choice(HOSTS))
    answers = checked_answers(folder, model, class_names, host, title)
    for path in write_project(folder, answers):
        tell(f"Wrote {path}")
    tell(_next_steps(folder, host))


def _asked(
    asks: bool,
    question: str,
    default: str,
    *,
    show_default: bool = True,
    type: click.Choice[str] | None = None,  # noqa: A002 (click's own name)
) -> str:
    """Return the answer to a question, or the default where no question is to be asked."""
    if not asks:
        return default
    answer: str = click.prompt(
        question, default=default, show_default=show_default, type=type, err=True
    )
    return answer


def _next_steps(folder: Path, host: str) -> str:
    place = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    steps = [f"Next: {place}classifier-pwa build --watch"]
    if host in _THEN:
        steps.append(f"To deploy: {_THEN[host]}, then push to main.")
    return "\n".join(steps)
