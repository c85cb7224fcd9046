"""The preview as each host: headers, compression, the page for what is not there, limits."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.errors import OutputError
from builder.hosting.hosts import CLOUDFLARE_PAGES, GITHUB_PAGES, HOSTS, NETLIFY, NGINX, S3, Host
from builder.hosting.server import PreviewServer, preview_server
from builder.site.files import SiteFile
from builder.site.headers import CSP_HEADER, headers_file
from tests.unit.hosting.test_server import ask

BIG = b"text " * 1000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with a small site as `build` lays it out."""
    (tmp_path / "app" / "0").mkdir(parents=True)
    (tmp_path / "index.html").write_bytes(b"<p>home</p>")
    (tmp_path / "404.html").write_bytes(b"<p>lost</p>")
    (tmp_path / "offline.html").write_bytes(b"<p>offline</p>")
    (tmp_path / "sw.js").write_bytes(BIG)
    shard = SiteFile("app/0/shard.bin", bytes(5000))
    (tmp_path / "_headers").write_bytes(headers_file(["index.html", "sw.js"], [shard]))
    (tmp_path / "manifest.webmanifest").write_bytes(b"{}")
    (tmp_path / shard.path).write_bytes(shard.content)
    return tmp_path


@pytest.fixture(params=HOSTS.values(), ids=lambda host: host.name)
def host(request: pytest.FixtureRequest) -> Host:
    """Return each host in turn."""
    return request.param


@pytest.fixture
def server(site: Path, host: Host) -> Iterator[PreviewServer]:
    with preview_server(site, emulated=host) as server:
        yield server


def test_caching_is_the_hosts_or_that_of_headers(server: PreviewServer, host: Host) -> None:
    worker = ask(server.url, "/sw.js").headers
    shard = ask(server.url, "/app/0/shard.bin").headers
    expected = {
        "github-pages": ("max-age=600", "max-age=600"),
        "s3": ("no-cache", "no-cache"),
        "nginx": ("no-cache", "no-cache"),
    }.get(host.name, ("no-cache", "public, max-age=31536000, immutable"))
    if host in {S3, NGINX}:
        assert "max-age" not in worker.get("cache-control", "")
        assert "max-age" not in shard.get("cache-control", "")
        assert "content-security-policy" not in worker
        return
    assert (worker["cache-control"], shard["cache-control"]) == expected
    assert ("content-security-policy" in worker) is (host is not GITHUB_PAGES)
    if host is not GITHUB_PAGES:
        assert worker["content-security-policy"] == CSP_HEADER, "one value, even where two join"


def test_no_host_has_it_kept_for_long_that_something_is_missing(
    server: PreviewServer, site: Path
) -> None:
    for rules in (None, "/app/*\n  Cache-Control: public, max-age=31536000, immutable\n"):
        if rules:
            (site / "_headers").write_text(rules)
        for path in ("/app/0/gone.bin", "/app/1/shard.bin", "/app/0/"):
            answer = ask(server.url, path)
            assert answer.status in (403, 404)
            caching = answer.headers.get("cache-control", "no-cache")
            assert caching in {
                *("no-cache", "max-age=600"),
                *("public,max-age=0,must-revalidate", "public, max-age=0, must-revalidate"),
            }
            assert "last-modified" not in answer.headers, "browsers guess a life from it"
    (site / "404.html").unlink()
    answer = ask(server.url, "/app/0/gone.bin")
    assert "31536000" not in answer.headers.get("cache-control", "")


def test_unchanged_files_are_not_sent_again(server: PreviewServer) -> None:
    for path in ("/", "/sw.js"):
        for encoding in ("identity", "gzip"):
            first = ask(server.url, path, **{"Accept-Encoding": encoding})
            headers = {"If-None-Match": first.headers["etag"], "Accept-Encoding": encoding}
            again = ask(server.url, path, **headers)
            assert (first.status, again.status, again.body) == (200, 304, b"")


def test_an_upload_of_the_same_bytes(server: PreviewServer, host: Host, site: Path) -> None:
    before = ask(server.url, "/").headers["etag"]
    content = (site / "index.html").read_bytes()
    (site / "index.html").unlink()
    (site / "index.html").write_bytes(content)
    assert (ask(server.url, "/").headers["etag"] == before) is (host.etag == "content")


def test_text_is_compressed_where_the_host_does_it(server: PreviewServer, host: Host) -> None:
    answer = ask(server.url, "/sw.js", **{"Accept-Encoding": "gzip"})
    if host in {S3, NGINX}:
        assert "content-encoding" not in answer.headers
        assert answer.body == BIG
    else:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(answer.body) == BIG
        assert answer.headers["content-length"] == str(len(answer.body))
    assert ask(server.url, "/sw.js").body == BIG, "not for browsers that cannot read it"
    shard = ask(server.url, "/app/0/shard.bin", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in shard.headers


def test_ranges_are_of_the_file_itself(server: PreviewServer) -> None:
    part = ask(server.url, "/sw.js", Range="bytes=0-3", **{"Accept-Encoding": "gzip"})
    assert (part.status, part.body) == (206, b"text")
    assert part.headers["content-range"] == f"bytes 0-3/{len(BIG)}"


def test_redirects_keep_the_query(server: PreviewServer, host: Host) -> None:
    answer = ask(server.url, "/index.html?source=app")
    if host in {NETLIFY, CLOUDFLARE_PAGES}:
        assert answer.status == (308 if host is CLOUDFLARE_PAGES else 301)
        assert answer.headers["location"].endswith("/?source=app")
    else:
        assert answer.body == b"<p>home</p>"


def test_what_is_not_there(server: PreviewServer, host: Host, site: Path) -> None:
    lost = ask(server.url, "/gone.js")
    assert (lost.status, lost.body == b"<p>lost</p>") == (404, host is not NGINX)
    (site / "404.html").unlink()
    lost = ask(server.url, "/gone.js")
    fallback = (200, b"<p>home</p>") if host is CLOUDFLARE_PAGES else (404, b"Not Found\n")
    assert (lost.status, lost.body) == fallback


@pytest.mark.parametrize(("size", "refused"), [(25, False), (26, True)])
def test_a_host_refuses_what_is_too_large(site: Path, size: int, refused: bool) -> None:
    with (site / "app" / "0" / "shard.bin").open("r+b") as file:
        file.truncate(size * 1024 * 1024)
    with preview_server(site, emulated=GITHUB_PAGES):
        pass
    if refused:
        with (
            pytest.raises(OutputError, match=r"Cloudflare Pages would refuse .*shard\.bin has 26"),
            preview_server(site, emulated=CLOUDFLARE_PAGES),
        ):
            pass
    else:
        with preview_server(site, emulated=CLOUDFLARE_PAGES):
            pass
