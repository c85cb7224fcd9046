"""The verb `serve`."""

import io
from pathlib import Path

import click

from builder.cli.options import debug_option, warn
from builder.hosting.hosts import HOSTS, PLAIN

_ALL_INTERFACES = "0.0.0.0"


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
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address of this machine to serve on; 0.0.0.0 lets the local network in.",
)
@click.option("--https", is_flag=True, help="Encrypt, with a certificate made on the spot.")
@click.option("--emulate", type=click.Choice(tuple(HOSTS)), help="Answer as this host does.")
@debug_option
def serve(dist: Path, port: int, host: str, https: bool, emulate: str | None) -> None:
    """Preview a built site as a static host would serve it, until Ctrl-C.

    \b
    Examples:
      classifier-pwa serve
      classifier-pwa serve public --port 0 --emulate github-pages
      classifier-pwa serve --https --host 0.0.0.0     # for a phone on the local network
    """
    from builder.hosting.certificate import make_certificate
    from builder.hosting.network import is_loopback, names_of
    from builder.hosting.server import preview_server

    certificate = make_certificate(names_of(host)) if https else None
    emulated = HOSTS[emulate] if emulate else PLAIN
    if not is_loopback(host) and not https:
        warn(
            f"Browsers give the camera and offline use only to https:// and to localhost: on other"
            f" machines, the page served on {host} will have neither. Add --https."
        )
    with preview_server(dist, port, host, emulated=emulated, certificate=certificate) as server:
        click.echo(server.url)
        if not is_loopback(host):
            click.echo(qr_code(server.url), err=True)
        if certificate is not None:
            click.echo(
                f"Certificate, SHA-256 {certificate.fingerprint}.\n"
                "Browsers do not know it: go on after their warning. The camera works then; offline"
                " use\nwants a certificate that the phone trusts, so try that on the real host.",
                err=True,
            )
            if is_loopback(host):
                click.echo(f"For a phone: --host {_ALL_INTERFACES}", err=True)
        click.echo("Serving until Ctrl-C …", err=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)


def qr_code(url: str) -> str:
    """Return a QR code that phones can read off the terminal, of block characters."""
    import segno

    text = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(text, compact=True)
    return text.getvalue()
