"""A static host on loopback that fails as real ones do, on order: to test what survives it.

A fault changes one answer. `FaultyHost.fault("*.bin", drop(1000), status(500))` makes the next two
requests for a shard fail in these ways; `always` goes on until `heal`. Everything is counted.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

from werkzeug.wrappers import Request, Response

from builder.hosting.server import LOOPBACK, PreviewServer
from builder.hosting.static_app import StaticApp

STALL_SECONDS = 20.0
"""How long a stalled answer stays open at most; browsers that wait for less end it earlier."""

Fault = Callable[[Response], Response]
"""Turns a right answer into a wrong one."""

_HANG_UP = "X-Test-Hang-Up"
_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}

PORTAL = b"<!doctype html><title>Sign in to this network</title><p>Room number and name, please."


@dataclass(frozen=True)
class Served:
    """One answer, as far as it got."""

    path: str
    query: str
    status: int
    range: str | None
    """The request's Range header."""


def drop(at: int) -> Fault:
    """Cut the connection after so many bytes of the body; below zero before the answer begins."""

    def broken(body: bytes) -> Iterator[bytes]:
        yield body[:at]
        raise ConnectionAbortedError

    return lambda answer: _streamed(answer, broken(answer.get_data()) if at >= 0 else None)


def stall(at: int, seconds: float = STALL_SECONDS) -> Fault:
    """Send so many bytes of the body, and then nothing more on an open connection."""

    def silent(body: bytes) -> Iterator[bytes]:
        yield body[:at]
        threading.Event().wait(seconds)
        raise ConnectionAbortedError

    return lambda answer: _streamed(answer, silent(answer.get_data()))


def hold(until: threading.Event) -> Fault:
    """Answer rightly, but only once the event is set."""

    def held(answer: Response) -> Response:
        until.wait()
        return answer

    return held


def trickle(pieces: int, seconds: float) -> Fault:
    """Send the body in so many pieces within so many seconds."""

    def slow(body: bytes) -> Iterator[bytes]:
        size = -(-len(body) // pieces) or 1
        for start in range(0, len(body), size):
            time.sleep(seconds / pieces)
            yield body[start : start + size]

    return lambda answer: _streamed(answer, slow(answer.get_data()))


def creep(bytes_per_second: int) -> Fault:
    """Send the body as a slow line does: a little at a time, all the time."""

    def slow(body: bytes) -> Iterator[bytes]:
        size = bytes_per_second // 10
        for start in range(0, len(body), size):
            piece = body[start : start + size]
            time.sleep(len(piece) / bytes_per_second)
            yield piece

    return lambda answer: _streamed(answer, slow(answer.get_data()))


def corrupt(at: int) -> Fault:
    """Flip one bit of the byte at this index, counted from the end where negative."""

    def flipped(body: bytes) -> bytes:
        changed = bytearray(body)
        changed[at] ^= 1
        return bytes(changed)

    return lambda answer: _with_body(answer, flipped(answer.get_data()))


def shorten(to: int) -> Fault:
    """Answer with the start of the file as if that were all: an upload that is half done."""
    return lambda answer: _with_body(answer, answer.get_data()[:to])


def lengthen(by: int) -> Fault:
    """Answer with the file and something after it."""
    return lambda answer: _with_body(answer, answer.get_data() + b"\n" * by)


def status(code: int, body: bytes | None = None) -> Fault:
    """Answer with this status, and with the right bytes where no others are given."""

    def changed(answer: Response) -> Response:
        answer = _with_body(answer, answer.get_data() if body is None else body)
        answer.status_code = code
        return answer

    return changed


def html() -> Fault:
    """Answer with a web page and status 200: a captive portal, or a single-page fallback."""

    def changed(answer: Response) -> Response:
        answer = _with_body(answer, PORTAL)
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer

    return changed


def redirect(to: str, code: int = 302) -> Fault:
    """Answer with a redirect to this address."""

    def changed(answer: Response) -> Response:
        answer = status(code, b"")(answer)
        answer.headers["Location"] = to
        return answer

    return changed


def header(name: str, value: str | None, validators: bool = False) -> Fault:
    """Answer with this header changed, or without it.

    With `validators`, a 304 later on has the browser keep this header.
    """

    def changed(answer: Response) -> Response:
        for dropped in (name,) if validators else (name, "ETag", "Last-Modified"):
            answer.headers.pop(dropped, None)
        if value is not None:
            answer.headers[name] = value
        return answer

    return changed


def instead(content: bytes) -> Fault:
    """Answer with other bytes: a host's own cache that still has another version's copy."""
    return lambda answer: _with_body(answer, content)


def both(*faults: Fault) -> Fault:
    """Apply several faults to one answer."""

    def changed(answer: Response) -> Response:
        for fault in faults:
            answer = fault(answer)
        return answer

    return changed


class FaultyHost:
    """A WSGI application: `StaticApp` with faults. Its folder may be exchanged, as by an upload."""

    prefix = "/"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[tuple[str, str, int]] = []
        """As PreviewServer wants it."""
        self.served: list[Served] = []
        self._queued: list[tuple[str, Fault]] = []
        self._standing: list[tuple[str, Fault]] = []
        self._lock = threading.Lock()

    def fault(self, pattern: str, *faults: Fault) -> None:
        """Make the next requests for matching paths fail, one fault each."""
        self._queued += [(pattern, fault) for fault in faults]

    def always(self, pattern: str, fault: Fault) -> None:
        """Make all requests for matching paths fail until `heal`."""
        self._standing.append((pattern, fault))

    def heal(self) -> None:
        """Take all faults back."""
        self._queued.clear()
        self._standing.clear()

    def answers(self, pattern: str) -> list[Served]:
        """List the answers for matching paths, as far as they got."""
        return [served for served in self.served if fnmatchcase(served.path, pattern)]

    def count(self, pattern: str) -> int:
        """Count the answers for matching paths."""
        return len(self.answers(pattern))

    def since(self, start: int) -> list[str]:
        """List the paths of the answers after the first `start`."""
        return [served.path for served in self.served[start:]]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        request = Request(environ)
        wanted = request.headers.get("Range")
        fault = self._take(request.path, request.query_string.decode())
        if fault:
            environ = {k: v for k, v in environ.items() if k not in _CONDITIONS}
        answer = Response.from_app(StaticApp(self.folder), environ, buffered=True)
        if fault:
            answer = fault(answer)
        query = request.query_string.decode()
        self.served.append(Served(request.path, query, answer.status_code, wanted))
        if answer.headers.pop(_HANG_UP, None):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        return answer(environ, start_response)

    def _take(self, path: str, query: str) -> Fault | None:
        address = f"{path}?{query}" if query else path
        with self._lock:
            for index, (pattern, fault) in enumerate(self._queued):
                if fnmatchcase(address, pattern):
                    del self._queued[index]
                    return fault
        return next(
            (fault for pattern, fault in self._standing if fnmatchcase(address, pattern)), None
        )


@contextmanager
def faulty_server(folder: Path) -> Iterator[tuple[FaultyHost, PreviewServer]]:
    """Serve a folder on loopback, with faults on order."""
    host = FaultyHost(folder)
    server = PreviewServer(cast(StaticApp, host), LOOPBACK, 0)
    server.start()
    try:
        yield host, server
    finally:
        server.stop()


def _with_body(answer: Response, body: bytes) -> Response:
    answer.set_data(body)
    # Other bytes have no right to the file's validators: the browser would be told to keep them.
    for name in ("ETag", "Last-Modified"):
        answer.headers.pop(name, None)
    return answer


def _streamed(answer: Response, body: Iterator[bytes] | None) -> Response:
    """Send these pieces under the headers of the whole."""
    if body is None:
        answer.headers[_HANG_UP] = "1"
        return answer
    length = answer.headers.get("Content-Length", str(len(answer.get_data())))
    answer.response = body
    answer.headers["Content-Length"] = length
    return answer
