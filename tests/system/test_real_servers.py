"""nginx and Caddy as docs/hosting.md configures them; the emulated nginx beside the real one."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.hosts import NGINX
from builder.hosting.server import preview_server
from builder.site.headers import SECURITY_HEADERS
from builder.site.media_types import media_type
from tests.system.packages import find_program
from tests.system.real_servers import NGINX_STOCK, REAL_SERVERS, nginx
from tests.unit.hosting.test_server import Answer, ask
from tests.unit.sites import prepare_trees


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site around a stand-in model."""
    output = tmp_path_factory.mktemp("served") / "dist"
    build_site(SiteConfig(title="Trees", output=output), prepare=prepare_trees)
    return output


@pytest.fixture(scope="module", params=REAL_SERVERS)
def url(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of the site on each server that this machine has."""
    program = request.param.split("-")[0]
    if find_program(program) is None:
        pytest.skip(f"{program} is not installed")
    with REAL_SERVERS[request.param](site, tmp_path_factory.mktemp(request.param)) as address:
        yield address


def essence(content_type: str) -> str:
    """Return a media type without parameters, the two names of JavaScript taken for one."""
    plain = content_type.partition(";")[0]
    return "text/javascript" if plain == "application/javascript" else plain


def test_every_file_comes_as_it_is_with_its_type(url: str, site: Path) -> None:
    types = {}
    for path in site.rglob("*"):
        if path.is_file() and not path.name.startswith((".", "_")):
            name = path.relative_to(site).as_posix()
            answer = ask(url, f"/{name}")
            assert (answer.status, answer.body) == (200, path.read_bytes()), name
            if path.suffix != ".bin":  # bytes by whatever name
                types[name] = essence(answer.headers["content-type"])
    assert types == {name: essence(media_type(name)) for name in types}


def test_caching_by_name(url: str, site: Path) -> None:
    for name in ("", "sw.js", "manifest.webmanifest", "site.json"):
        assert ask(url, f"/{name}").headers["cache-control"] == "no-cache", name
    for folder in ("app", "model", "runtime"):
        path = next(path for path in (site / folder).rglob("*") if path.is_file())
        answer = ask(url, f"/{path.relative_to(site).as_posix()}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_security_headers_are_those_of_the_build(url: str) -> None:
    of_pages = SECURITY_HEADERS | {"Content-Security-Policy": "frame-ancestors 'none'"}
    for name, expected in {"": of_pages, "sw.js": SECURITY_HEADERS}.items():
        headers = ask(url, f"/{name}").headers
        for header, value in expected.items():
            assert headers[header.lower()] == value


def test_what_is_not_there_is_404(url: str, site: Path) -> None:
    for path in ("/gone", "/app/gone.js", "/model/0000000000000000/model.json"):
        answer = ask(url, path)
        assert (answer.status, answer.body) == (404, (site / "404.html").read_bytes())
        assert answer.headers["cache-control"] == "no-cache", "not for a year, as the files there"


def test_unchanged_files_are_not_sent_again(url: str) -> None:
    first = ask(url, "/sw.js")
    again = ask(url, "/sw.js", **{"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_text_and_webassembly_are_compressed(url: str, site: Path) -> None:
    (wasm,) = site.glob("runtime/*/tfjs-backend-wasm.wasm")
    for path in ("sw.js", wasm.relative_to(site).as_posix()):
        answer = ask(url, f"/{path}", **{"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip", path
        assert len(answer.body) < (site / path).stat().st_size


TOLD = ("content-type", "cache-control", "content-encoding", "accept-ranges", "content-range")


def comparable(answer: Answer) -> dict[str, object]:
    """Return what a browser goes by, addresses without the port."""
    told = {name: answer.headers.get(name) for name in TOLD if answer.status in {200, 206}}
    if answer.status == 206:
        told.pop("accept-ranges")  # who sends a range has shown it
    etag = answer.headers.get("etag", "")
    location = urlsplit(answer.headers.get("location", "")).path
    body = answer.body if answer.status in {200, 206} and "gzip" not in told.values() else None
    return {
        "status": answer.status,
        "weak": etag.startswith("W/"),
        "to": location,
        "body": body,
        **told,
    }


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/", {"Accept-Encoding": "gzip"}),
        ("/index.html", {}),
        ("/sw.js", {"Accept-Encoding": "gzip"}),
        ("/sw.js", {"Range": "bytes=5-9"}),
        ("/sw.js", {"Range": "bytes=99999999-"}),
        ("/manifest.webmanifest", {}),
        ("/_headers", {}),
        ("/app", {}),
        ("/app/", {}),
        ("/offline", {}),
        ("/gone", {}),
        ("/RUNTIME/tfjs-backend-wasm.wasm", {}),
        ("/MODEL/model.json", {}),
        ("/APP/icons/icon.svg", {}),
        ("/APP/page.css", {}),
    ],
    ids=str,
)
def test_the_emulated_nginx_answers_as_the_real_one(
    site: Path, stock_nginx: str, path: str, headers: dict[str, str]
) -> None:
    for name in ("runtime", "model", "app"):
        (folder,) = (site / name).iterdir()
        path = path.replace(name.upper(), f"{name}/{folder.name}")
    with preview_server(site, emulated=NGINX) as server:
        emulated = comparable(ask(server.url, path, **headers))
    assert emulated == comparable(ask(stock_nginx, path, **headers))


@pytest.fixture(scope="module")
def stock_nginx(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the site on an nginx as it comes."""
    if find_program("nginx") is None:
        pytest.skip("nginx is not installed")
    with nginx(site, tmp_path_factory.mktemp("stock"), NGINX_STOCK) as address:
        yield address
