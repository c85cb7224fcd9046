"""The verb `serve`."""

from pathlib import Path

import click

from builder.cli_options import debug_option, warn


@click.command(short_help="Preview a built site on this machine.")
@click.argument("dist", type=click.Path(path_type=Path), default=Path("dist"))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address of this machine to serve on."
)
@debug_option
def serve(dist: Path, port: int, host: str) -> None:
    """Preview a built site as a static host would serve it, until Ctrl-C.

    \b
    Examples:
      classifier-pwa serve
      classifier-pwa serve public --port 0
    """
    from builder.serve import is_loopback, preview_server

    if not is_loopback(host):
        warn(
            f"Browsers give the camera and offline use only to https:// and to localhost: on other"
            f" machines, the page served on {host} will have neither."
        )
    with preview_server(dist, port, host) as server:
        click.echo(server.url)
        click.echo("Serving until Ctrl-C …", err=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)
