"""Requests that no browser sends by itself: each is answered or refused, and none shows a fault."""

import os
import re
import socket
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.hosting.guard import is_meant
from builder.hosting.server import PreviewServer
from tests.unit.hosting.test_server import ask


def raw(url: str, request: bytes) -> bytes:
    """Send bytes, and return all that comes back until the server hangs up."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(request)
        with suppress(ConnectionError):
            connection.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(ConnectionError):
            while piece := connection.recv(65536):
                received += piece
    return received


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/" + "a" * 5000, 414),
        ("/" + "%61" * 1700, 414),
        ("/app/" * 1000, 414),
        ("/?" + "a" * 20_000, 414),
        ("/" + "a" * 4000, 404),
        ("/" + "a" * 300, 404),
        ("/" + "a/" * 1000, 404),
        ("/?" + "a" * 5000, 200),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_path_that_is_too_long(small_server: PreviewServer, path: str, status: int) -> None:
    assert ask(small_server.url, path).status == status


@pytest.mark.parametrize("name", ["pipe", "404.html", "_headers", "app/0/socket"])
def test_what_is_no_file_is_404(small_server: PreviewServer, small_site: Path, name: str) -> None:
    special = small_site / name
    special.unlink(missing_ok=True)
    if name.endswith("socket"):
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(special))
    else:
        os.mkfifo(special)
    assert ask(small_server.url, f"/{name}").status == 404
    assert ask(small_server.url, "/gone").status == 404
    assert ask(small_server.url, "/").status == 200
    (small_site / "device").symlink_to("/dev/zero")
    assert ask(small_server.url, "/device").status == 404


def test_a_file_that_cannot_be_read_is_404(
    small_server: PreviewServer, small_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name in ("app.js", "_headers"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert ask(small_server.url, "/app/0/app.js")[::2] == (404, b"<p>lost</p>")
    (small_site / "loop").symlink_to("loop")
    assert ask(small_server.url, "/loop").status == 404


@pytest.mark.parametrize("year", [-30_000, 1900, 1969, 33_000])
def test_a_file_of_any_age_is_served(
    small_server: PreviewServer, small_site: Path, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    """Most file systems hold such times; some are cut off."""
    real, changed = Path.stat, int((year - 1970) * 365.2425 * 86_400) * 10**9

    def stat(path: Path, **options: Any) -> Any:
        found = real(path, **options)
        if path.name != "app.js":
            return found
        return SimpleNamespace(st_mode=found.st_mode, st_mtime_ns=changed)

    monkeypatch.setattr(Path, "stat", stat)
    answer = ask(small_server.url, "/app/0/app.js")
    assert answer.status == 200
    assert answer.headers["last-modified"].endswith(" GMT")


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"),
        *("192.0.2.1", "[2001:db8::1]:80", "", "localhost@evil.example", "localhost, evil.example"),
        *("127.0.0.1:x", "[::1", "LOCALHOST/", "1.localhost.:", "local host"),
    ],
)
def test_a_request_for_another_host_is_refused(small_server: PreviewServer, host: str) -> None:
    answer = ask(small_server.url, "/", Host=host)
    assert answer.status == (200 if host == "1.localhost.:" else 403)
    assert b"home" not in answer.body or answer.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:1",
        "localhost.",
        "a.localhost",
        "127.0.0.1",
        "127.1.2.3:80",
        "[::1]:9",
    ],
)
def test_a_request_for_loopback_is_answered(small_server: PreviewServer, host: str) -> None:
    assert ask(small_server.url, "/", Host=host).body == b"<p>home</p>"


def test_on_the_network_own_names_and_addresses_are_answered_too() -> None:
    for host in ("192.0.2.1:8000", "[2001:db8::1]", "Mine.local", "127.0.0.1", "localhost:1"):
        assert is_meant(host, "0.0.0.0", ["mine.local"])
    for host in ("evil.example", "mine.local.evil.example", "mine"):
        assert not is_meant(host, "0.0.0.0", ["mine.local"])


def test_a_request_without_a_host(small_server: PreviewServer) -> None:
    assert raw(small_server.url, b"GET / HTTP/1.0\r\n\r\n").endswith(b"<p>home</p>")
    assert b" 400 " in raw(small_server.url, b"GET / HTTP/1.1\r\n\r\n").splitlines()[0]


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(b"Range", b"If-Range", b"If-None-Match", b"If-Modified-Since", b"Host"),
                *(b"Accept-Encoding", b"Content-Length", b"Transfer-Encoding", b"Expect", b"X"),
            ]
        ),
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [
                    *(b"bytes=0-99999999999999999999", b"bytes=-0", b"bytes=a-b", b"bytes=1-0,2-1"),
                    *(b"gzip;q=x, *;q=0", b"Mon, 99 Foo 0000 99:99:99 GMT", b'W/"', b"chunked"),
                    *(b"-1", b"100-continue", b"[::1]:99999", b"localhost"),
                ]
            ),
        ),
    ),
    max_size=4,
)
TARGETS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            *(b"/", b"/%ff%fe", b"/app/0/app.js", b"/%00", b"//", b"///etc/passwd", b"/app//0"),
            *(
                b"*",
                b"http://[/",
                b"http://[::1",
                b"http://evil.example/",
                b"/%",
                b"/%zz",
                b"/\\..",
            ),
            *(b"/app%0d%0aX:%20y", b"/con", b"/nul.txt", b"/a:b", b"/\xc3\xa9", b"/.", b"/./.."),
            *(b"http://x:y/", b"/\\.."),
        ]
    ),
)


LINES = st.tuples(
    st.sampled_from([b"GET ", b"HEAD ", b"POST ", b"OPTIONS ", b"CONNECT ", b"\xff ", b" ", b""]),
    TARGETS,
    st.sampled_from([b" HTTP/1.1", b" HTTP/1.0", b" HTTP/9", b""]),
).map(b"".join)


@pytest.mark.slow
@given(LINES, HEADERS, st.sampled_from([b"\r\n", b"\n"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_ends_in_a_traceback(
    small_server: PreviewServer,
    capfd: pytest.CaptureFixture[str],
    line: bytes,
    headers: list[tuple[bytes, bytes]],
    end: bytes,
) -> None:
    lines = [line, *(b": ".join(header) for header in headers)]
    received = raw(small_server.url, end.join([*lines, b"", b""]))
    assert not re.match(rb"HTTP/1\.[01] 500", received), "a request never ends in our own fault"
    assert b"secret" not in received
    assert capfd.readouterr() == ("", "")
