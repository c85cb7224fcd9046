"""The verb `check`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.options import debug_option, json_option, print_json
from builder.errors import visible
from builder.hosting.hosts import HOSTS

if TYPE_CHECKING:
    from builder.check.check_site import Check
    from builder.check.finding import Finding


@click.command(short_help="Check that a built site is complete and deployable.")
@click.argument("dist", type=click.Path(path_type=Path), default=Path("dist"))
@click.option(
    "--host",
    "names",
    type=click.Choice(tuple(HOSTS)),
    multiple=True,
    help="Only this host's limits count; may be given more than once.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="The version that this one replaces: shows what the update costs.",
)
@json_option
@debug_option
@click.pass_context
def check(
    ctx: click.Context, dist: Path, names: tuple[str, ...], previous: Path | None, as_json: bool
) -> None:
    """Check every file of a built site, as it is in the folder or came back from a host.

    Compares the files with site.json and with the service worker's manifest; follows links, imports
    and the web app manifest; measures the icons; reads the Content-Security-Policy; knows hosts'
    limits. Exits with 1 if something would not work.

    \b
    Examples:
      classifier-pwa check
      classifier-pwa check dist --host github-pages
      classifier-pwa check new --previous old
    """
    from builder.check.check_site import check_site

    result = check_site(dist, [HOSTS[name] for name in names or HOSTS], previous)
    if as_json:
        print_json(result.as_json())
    else:
        click.echo("\n".join([*map(finding_text, result.findings), summary(result)]))
    if result.broken:
        ctx.exit(1)


def finding_text(finding: "Finding") -> str:
    """Return a finding as people read it."""
    level, color = ("Error", "red") if finding.breaks else ("Note", "yellow")
    return (
        f"{click.style(level + ':', fg=color)} {visible(finding.file)} {visible(finding.problem)}"
        f" {finding.remedy} [{finding.rule}]"
    )


def summary(result: "Check") -> str:
    """Return the figures and the verdict."""
    lines = [("Site", f"{result.files} files, {result.bytes / 1e6:.1f} MB")]
    if result.transfers is not None:
        lines.append(("First visit", _transfer(result.transfers["firstVisit"])))
        if "update" in result.transfers:
            lines.append(("Update", _transfer(result.transfers["update"])))
        else:
            lines.append(("App update", f"{_transfer(result.transfers['appUpdate'])} at most"))
    errors = sum(finding.breaks for finding in result.findings)
    notes = len(result.findings) - errors
    verdict = f"{errors} to put right" if errors else "nothing would break"
    lines.append(("Result", f"{verdict}, {notes} to know" if notes else verdict))
    return "\n".join(f"{name + ':':<12} {value}" for name, value in lines)


def _transfer(transfer: dict[str, int]) -> str:
    return (
        f"{transfer['files']} files, {transfer['bytes'] / 1e6:.2f} MB"
        f" ({transfer['brotli'] / 1e6:.2f} MB over the wire)"
    )
