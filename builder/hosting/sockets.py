"""Werkzeug's threaded server, as the preview needs it: quiet, and quick to stop."""

import socket
import ssl
import sys
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import click
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from builder.errors import BuilderError, visible
from builder.hosting.guard import WSGIApp


def listen(host: str, port: int, app: WSGIApp, tls: ssl.SSLContext | None) -> "Server":
    """Return a server of an application. Raises BuilderError if the port is not available."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Bound here, because Werkzeug would end the process where the port is taken.
        with socket.create_server((host, port), family=family) as bound:
            return Server(host, port, app, bound.fileno(), tls)
    except (OSError, OverflowError) as error:
        raise BuilderError(
            f"Cannot serve on {host}, port {port}: {error}."
            " Choose another --port; 0 takes a free one."
        ) from error


class Server(ThreadedWSGIServer):
    """Werkzeug's threaded server, which also remembers its open connections."""

    daemon_threads = True

    def __init__(
        self, host: str, port: int, app: WSGIApp, bound: int, tls: ssl.SSLContext | None
    ) -> None:
        """Serve on the socket with the descriptor `bound`."""
        self._connections: set[socket.socket] = set()
        super().__init__(host, port, app, _Handler, fd=bound)
        self.ssl_context = tls

    def get_request(self) -> Any:
        """Accept a connection, and remember it."""
        connection, address = super().get_request()
        if self.ssl_context is not None:
            # Werkzeug would shake hands here, and one silent phone would keep all others waiting.
            connection = self.ssl_context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        self._connections.add(connection)
        return connection, address

    def log(self, type: str, message: str, *_args: Any) -> None:  # noqa: A002
        """Report an answer that failed, by the last line of Werkzeug's message."""
        if type == "error":
            self._tell(message.strip().rpartition("\n")[2])

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Report what fails outside of an answer, unless a browser refuses or hangs up."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self._tell(f"{type(error).__name__}: {error}")

    def shutdown_request(self, request: Any) -> None:
        """End a connection, and forget it."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        """End all connections that are open."""
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _tell(what: str) -> None:
        click.echo(f"A request failed by a bug in the preview: {visible(what)}", err=True)


class _Handler(WSGIRequestHandler):
    """Logs nothing to stderr, and refuses malformed requests."""

    def parse_request(self) -> bool:
        """Read the request's head; return whether there is something to answer."""
        if not super().parse_request():
            return False
        try:
            urlsplit(self.path)
        except ValueError:  # "http://[": Werkzeug would fail on it later
            self.send_error(400)
            return False
        return True

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Say nothing: the app keeps the log."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""
