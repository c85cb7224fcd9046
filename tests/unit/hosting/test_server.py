"""The preview server: what a static host does, over real sockets."""

import http.client
import socket
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from builder.errors import BuilderError, OutputError
from builder.hosting.network import is_loopback
from builder.hosting.server import PreviewServer, preview_server


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(url: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send a path as it is: `urllib` would tidy up what the tests want to get through."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        lower = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, lower, response.read())
    finally:
        connection.close()


def is_answered(connection: http.client.HTTPConnection) -> bool:
    """Return whether a request over an open connection gets an answer."""
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    return True


def test_files_come_byte_for_byte_with_their_media_type(small_server: PreviewServer) -> None:
    answer = ask(small_server.url, "/app/0/runtime.wasm")
    assert answer.status == 200
    assert answer.body == bytes(range(256))
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.headers["content-length"] == "256"
    script = ask(small_server.url, "/app/0/app.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_folder_answers_with_its_index(small_server: PreviewServer) -> None:
    answer = ask(small_server.url, "/")
    assert (answer.status, answer.body) == (200, b"<p>home</p>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/gone",
        "/app/",
        "/_headers",
        "/link.txt",
        "/above/secret.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/app/../../secret.txt",
        "//etc/passwd",
        "/%00",
    ],
)
def test_everything_else_is_404(small_server: PreviewServer, path: str) -> None:
    answer = ask(small_server.url, path)
    assert (answer.status, answer.body) == (404, b"<p>lost</p>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_folder_without_a_slash_is_redirected(small_server: PreviewServer) -> None:
    answer = ask(small_server.url, "/app")
    assert answer.status == 301
    assert answer.headers["location"].endswith("/app/")


def test_a_site_without_a_404_page(small_server: PreviewServer, small_site: Path) -> None:
    (small_site / "404.html").unlink()
    assert ask(small_server.url, "/gone").status == 404


def test_only_reading_is_allowed(small_server: PreviewServer) -> None:
    assert ask(small_server.url, "/", method="POST").status == 405
    head = ask(small_server.url, "/app/0/runtime.wasm", method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "256")


def test_ranges(small_server: PreviewServer) -> None:
    part = ask(small_server.url, "/app/0/runtime.wasm", Range="bytes=10-19")
    assert (part.status, part.body) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/256"
    beyond = ask(small_server.url, "/app/0/runtime.wasm", Range="bytes=900-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */256")


def test_an_unchanged_file_is_not_sent_again(small_server: PreviewServer, small_site: Path) -> None:
    tag = ask(small_server.url, "/").headers["etag"]
    again = ask(small_server.url, "/", **{"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    (small_site / "index.html").write_bytes(b"<p>changed</p>")
    assert ask(small_server.url, "/", **{"If-None-Match": tag}).body == b"<p>changed</p>"


def test_the_headers_of_the_host_are_applied(small_server: PreviewServer) -> None:
    assert ask(small_server.url, "/").headers["x-frame"] == "no"
    assert "immutable" not in ask(small_server.url, "/").headers["cache-control"]
    assert ask(small_server.url, "/app/0/app.js").headers["cache-control"] == "immutable"


def test_a_site_below_a_folder(small_site: Path) -> None:
    with preview_server(small_site, prefix="/some/folder/") as server:
        assert server.url.endswith("/some/folder/")
        assert ask(server.url, "/some/folder/").body == b"<p>home</p>"
        assert ask(server.url, "/some/folder").status == 301
        assert ask(server.url, "/some/folder/app/0/app.js").headers["cache-control"] == "immutable"
        for path in ("/", "/app/0/app.js", "/some/other", "/some/folder/../../secret.txt"):
            assert ask(server.url, path).status == 404


def test_an_address_can_be_asked_for_as_it_is_written(small_site: Path) -> None:
    with preview_server(small_site, prefix="/user/app & co/") as server:
        assert server.url.endswith("/user/app%20%26%20co/")
        assert ask(server.url, urlsplit(server.url).path).body == b"<p>home</p>"
        assert server.requests == [("GET", "/user/app & co/", 200)]


def test_answers_are_logged(small_server: PreviewServer) -> None:
    ask(small_server.url, "/")
    ask(small_server.url, "/gone?x=1", method="HEAD")
    assert small_server.requests == [("GET", "/", 200), ("HEAD", "/gone", 404)]


def test_a_stopped_server_answers_nobody_and_starts_again_on_its_port(
    small_server: PreviewServer,
) -> None:
    url = small_server.url
    # Browsers open connections before they need them.
    waiting = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    waiting.connect()
    assert ask(url, "/").status == 200, "the server has accepted both connections"
    small_server.stop()
    assert not is_answered(waiting)
    waiting.close()
    with pytest.raises(OSError, match="refused"):
        ask(url, "/")
    small_server.start()
    assert small_server.url == url
    assert ask(url, "/").status == 200


def test_a_taken_port_is_told(small_site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(BuilderError, match=f"port {port}: .*in use.*Choose another --port"),
            preview_server(small_site, port),
        ):
            pass
    assert capfd.readouterr() == ("", "")


def test_an_address_that_is_not_this_machines_is_told(small_site: Path) -> None:
    with (
        pytest.raises(BuilderError, match=r"Cannot serve on 203\.0\.113\.1"),
        preview_server(small_site, host="203.0.113.1"),
    ):
        pass


def test_what_is_no_site_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"There is no folder .*gone"),
        preview_server(tmp_path / "gone"),
    ):
        pass
    with pytest.raises(OutputError, match="has no index"), preview_server(tmp_path):
        pass


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)],
)
def test_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
