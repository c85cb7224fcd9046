"""Serves a built site as a static host would, on loopback unless asked to do otherwise.

Loopback counts as a secure context: camera and service worker run there as they will over HTTPS.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from builder.errors import OutputError
from builder.hosting.certificate import Certificate, server_context
from builder.hosting.guard import Guard
from builder.hosting.hosts import PLAIN, Host, broken_limits
from builder.hosting.network import names_of, reachable_address
from builder.hosting.sockets import Server, listen
from builder.hosting.static_app import RequestLog, StaticApp

LOOPBACK = "127.0.0.1"


class PreviewServer:
    """A site on the network of this machine, from `start()` to `stop()`; may be started again."""

    def __init__(
        self, app: StaticApp, host: str, port: int, certificate: Certificate | None = None
    ) -> None:
        """Prepare to serve; port 0 takes a free one at the first start."""
        self._app = app
        self._host = host
        self._tls = None if certificate is None else server_context(certificate)
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port
        """The port; after the first start the real one, kept from then on."""

    @property
    def url(self) -> str:
        """The address of the site's root, with a slash at the end."""
        address = reachable_address(self._host)
        host = f"[{address}]" if ":" in address else address
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{host}:{self.port}{quote(self._app.prefix)}"

    @property
    def requests(self) -> RequestLog:
        """Method, path and status of every request that was answered, oldest first."""
        return self._app.requests

    def start(self) -> None:
        """Start to serve in a thread. Raises BuilderError if the port is not available."""
        guard = Guard(self._app, self._host, names_of(self._host))
        self._server = listen(self._host, self.port, guard, self._tls)
        self.port = self._server.port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Serve until `stop` is called or Ctrl-C is pressed."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        """Stop, and cut connections that browsers opened in advance, which would get no answer."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server.cut_connections()
        self._thread.join()
        self._server = self._thread = None


@contextmanager
def preview_server(
    folder: Path,
    port: int = 0,
    host: str = LOOPBACK,
    prefix: str = "/",
    *,
    emulated: Host = PLAIN,
    certificate: Certificate | None = None,
) -> Iterator[PreviewServer]:
    """Serve a site's folder while the context lasts, below the path `prefix` ("/some/folder/").

    `emulated` is the static host to behave like; with a certificate, the site is served over HTTPS.
    Raises OutputError if the folder is not a built site or that host would refuse it, BuilderError
    if the port is not available.
    """
    _require_within_limits(require_site(folder), emulated)
    app = StaticApp(folder, prefix, emulated)
    with running(PreviewServer(app, host, port, certificate)) as server:
        yield server


@contextmanager
def running(server: PreviewServer) -> Iterator[PreviewServer]:
    """Let a server serve while the context lasts. Raises BuilderError if the port is taken."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


def require_site(folder: Path) -> Path:
    """Return the folder if it holds a site; else raise OutputError with what to do."""
    if not folder.is_dir():
        raise OutputError(
            f'There is no folder {folder} to serve. Run "classifier-pwa build" first, or name the'
            " folder that it wrote."
        )
    if not (folder / "index.html").is_file():
        raise OutputError(f"{folder} has no index.html: it is not a built site.")
    return folder


def _require_within_limits(folder: Path, host: Host) -> None:
    files = (path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    for path, problem in broken_limits(host, sizes):
        raise OutputError(f"{host.title} would refuse this site: {path or folder} {problem}")
