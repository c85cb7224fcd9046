"""Which file a host answers with, for each host and each kind of address."""

from typing import Literal

import pytest

from builder.hosting.addresses import Found, Missing, Moved, answer
from builder.hosting.hosts import CLOUDFLARE_PAGES, GITHUB_PAGES, NETLIFY, NGINX, PLAIN, S3, Host

FILES = {
    "index.html",
    "404.html",
    "offline.html",
    "_headers",
    "sw.js",
    "docs/index.html",
    "app/a.js",
}
FOLDERS = {"", "docs", "app"}
PRETTY = (NETLIFY, CLOUDFLARE_PAGES)
ALL = (PLAIN, GITHUB_PAGES, NETLIFY, CLOUDFLARE_PAGES, S3, NGINX)


def kind(path: str) -> Literal["file", "folder"] | None:
    return "file" if path in FILES else "folder" if path in FOLDERS else None


@pytest.mark.parametrize("host", ALL, ids=lambda host: host.name)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", Found("index.html")),
        ("sw.js", Found("sw.js")),
        ("app/a.js", Found("app/a.js")),
        ("docs/", Found("docs/index.html")),
        ("docs", Moved("docs/")),
        ("gone", Missing()),
        ("gone/", Missing()),
        ("sw.js/", Missing()),
    ],
)
def test_all_hosts_agree(host: Host, path: str, expected: Found | Moved | Missing) -> None:
    assert answer(path, host, kind) == expected


@pytest.mark.parametrize("host", ALL, ids=lambda host: host.name)
def test_pages_without_their_suffix(host: Host) -> None:
    guessed = host in {GITHUB_PAGES, *PRETTY}
    assert answer("offline", host, kind) == (Found("offline.html") if guessed else Missing())
    redirected = host in PRETTY
    page = Moved("offline") if redirected else Found("offline.html")
    assert answer("offline.html", host, kind) == page
    assert answer("index.html", host, kind) == (Moved("") if redirected else Found("index.html"))
    folder = Moved("docs/") if redirected else Found("docs/index.html")
    assert answer("docs/index.html", host, kind) == folder
    slash = Moved("offline") if guessed else Missing()
    assert answer("offline/", host, kind) == slash


@pytest.mark.parametrize("host", ALL, ids=lambda host: host.name)
def test_headers_can_be_fetched_where_they_are_only_a_file(host: Host) -> None:
    read = host in {PLAIN, *PRETTY}
    assert answer("_headers", host, kind) == (Missing() if read else Found("_headers"))


def test_a_folder_without_index() -> None:
    assert answer("app/", NGINX, kind) == Missing(403)
    assert answer("app/", S3, kind) == Missing(404)
