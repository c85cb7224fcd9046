"""The host that a site is measured on: loopback, with a real host's compression."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from builder.hosting.server import LOOPBACK, PreviewServer, require_site
from builder.hosting.static_app import StaticApp
from builder.site.media_types import media_type

# What hosts compress by themselves; they send octet streams uncompressed.
_COMPRESSED = ("text/", "application/json", "application/wasm", "application/manifest+json")
_ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


class BenchApp(StaticApp):
    """A static host that compresses with Brotli and counts the bytes that it sends."""

    def __init__(self, folder: Path, *, isolated: bool = False) -> None:
        """Serve `folder`; `isolated` makes its pages cross-origin isolated, as threads need."""
        super().__init__(folder)
        self._isolated = isolated
        self.sent = 0
        """Bytes of all bodies so far, as they went over the wire."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        response = Response.from_app(super().__call__, environ)
        accepts = Request(environ).accept_encodings["br"] > 0
        plain = response.status_code == 200 and "Content-Encoding" not in response.headers
        if plain and accepts and _is_compressed(response.content_type):
            response.set_data(compressed(response.get_data()))
            response.headers["Content-Encoding"] = "br"
        if self._isolated:
            response.headers.update(_ISOLATION)
        self.sent += response.calculate_content_length() or 0
        return response(environ, start_response)


def _is_compressed(kind: str | None) -> bool:
    return (kind or "").startswith(_COMPRESSED)


@cache
def compressed(content: bytes) -> bytes:
    """Return a file's content compressed as hosts store it."""
    import brotli

    return bytes(brotli.compress(content, quality=11 if len(content) < 2**20 else 9))


@contextmanager
def bench_server(
    folder: Path, *, isolated: bool = False
) -> Iterator[tuple[PreviewServer, BenchApp]]:
    """Serve a site's folder on loopback while the context lasts.

    Raises OutputError if the folder is not a built site.
    """
    app = BenchApp(require_site(folder), isolated=isolated)
    for path in folder.rglob("*"):
        # Before the measurement: a real host has compressed its files already.
        if path.is_file() and _is_compressed(media_type(path.name)):
            compressed(path.read_bytes())
    server = PreviewServer(app, LOOPBACK, 0)
    server.start()
    try:
        yield server, app
    finally:
        server.stop()
