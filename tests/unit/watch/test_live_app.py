"""What a watched site's pages are answered with, and that the site's folder has none of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from builder.hosting.static_app import StaticApp
from builder.watch.builds import Builds
from builder.watch.live_app import LiveApp, worker

PAGE = b"<html><head><title>Trees</title></head><body></body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with a small site."""
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "404.html").write_bytes(b"<p>lost</p>")
    (tmp_path / "sw.js").write_bytes(b"the site's own")
    (tmp_path / "app.js").write_bytes(b"export {};\n")
    (tmp_path / "_headers").write_bytes(b"/*\n  Content-Security-Policy: default-src 'none'\n")
    return tmp_path


@pytest.fixture
def builds() -> Builds:
    """Return builds of which the first has been made."""
    builds = Builds()
    builds.announce({"files": {}})
    return builds


def test_pages_get_a_script_of_their_own_origin_that_knows_their_build(
    site: Path, builds: Builds
) -> None:
    client = Client(LiveApp(site, builds))
    answer = client.get("/")
    script = f'<script src="/__watch__/reload.js?build={builds.name}"></script>'.encode()
    assert answer.data == PAGE.replace(b"</head>", script + b"</head>")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    lost = client.get("/gone/deep")
    assert (lost.status_code, lost.data) == (404, b"<p>lost</p>" + script)
    source = client.get(f"/__watch__/reload.js?build={builds.name}")
    assert source.mimetype == "text/javascript"
    assert b"EventSource" in source.data


def test_a_page_that_the_browser_had_from_a_plain_preview_is_sent_again(
    site: Path, builds: Builds
) -> None:
    plain, live = Client(StaticApp(site)), Client(LiveApp(site, builds))
    etag = plain.get("/").headers["ETag"]
    assert plain.get("/", headers={"If-None-Match": etag}).status_code == 304
    again = live.get("/", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert b"reload.js" in again.data
    assert "ETag" not in again.headers
    assert again.headers["Cache-Control"] == "no-store"


def test_all_but_pages_and_the_service_worker_is_as_in_the_folder(
    site: Path, builds: Builds
) -> None:
    client = Client(LiveApp(site, builds))
    before = {path.name: path.read_bytes() for path in site.iterdir()}
    assert client.get("/app.js").data == b"export {};\n"
    assert client.get("/sw.js").data.decode() == worker()
    assert client.get("/sw.js").headers["Cache-Control"] == "no-store"
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before


def test_pages_hear_of_each_build_and_of_none_twice(builds: Builds) -> None:
    events = builds.events(repeat=60)
    first = next(events)
    assert first == f"data: {builds.name}\n\n".encode()
    builds.announce({"files": {"index.html": 1}})
    second = next(events)
    assert second == f"data: {builds.name}\n\n".encode()
    assert second != first


def test_a_build_of_the_same_bytes_has_the_same_name(builds: Builds) -> None:
    name = builds.name
    builds.announce({"files": {}})
    assert builds.name == name


def test_it_is_repeated_so_that_a_page_which_has_gone_is_noticed(builds: Builds) -> None:
    events: Iterator[bytes] = builds.events(repeat=0.01)
    assert next(events) == next(events)
