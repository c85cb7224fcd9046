"""Starts the real nginx and Caddy on loopback, with the configurations of docs/hosting.md."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from tests.conftest import ROOT
from tests.system.packages import find_program

START_TIMEOUT = 60.0

NGINX_STOCK = """
server {
    listen 443 ssl;
    server_name photos.example.org;
    root /srv/photos/dist;
    index index.html;
    include mime.types;
    default_type application/octet-stream;
    gzip on;
}
"""
"""What Debian's package serves with its default site, by /etc/nginx/nginx.conf."""


def documented(language: str) -> str:
    """Return the configuration that docs/hosting.md shows for a server."""
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return block


@contextmanager
def nginx(dist: Path, folder: Path, server: str | None = None) -> Iterator[str]:
    """Serve `dist` with nginx, by the documented configuration unless another is given."""
    port = _free_port()
    config = _replaced(
        server or documented("nginx"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("/srv/photos/dist", str(dist)),
        ("include mime.types;", "include /etc/nginx/mime.types;"),
    )
    # Run by root, nginx would read the files as www-data, which may not enter the test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"    {name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}\npid {folder}/nginx.pid;\ndaemon off;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{temporary}{config}}}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with _running(command, folder, port):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def caddy(dist: Path, folder: Path) -> Iterator[str]:
    """Serve `dist` with Caddy by the documented configuration."""
    port = _free_port()
    config = _replaced(
        documented("caddy"),
        ("photos.example.org", f"http://127.0.0.1:{port}"),
        ("/srv/photos/dist", str(dist)),
    )
    text = f"{{\n\tadmin off\n\tauto_https off\n}}\n{config}"
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, folder, port):
        yield f"http://127.0.0.1:{port}/"


def nginx_image(dist: Path, folder: Path) -> AbstractContextManager[str]:
    """Serve `dist` as the image of examples/nginx/ does."""
    text = (ROOT / "examples" / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    changes = (("listen 8080;", "listen 443 ssl;"), ("/usr/share/nginx/html", "/srv/photos/dist"))
    return nginx(dist, folder, _replaced(text, *changes))


REAL_SERVERS = {"nginx": nginx, "nginx-image": nginx_image, "caddy": caddy}
"""What serves a folder, by the name of its program, and perhaps how after a dash."""


def _replaced(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, f"the configuration has no {old!r}"
        text = text.replace(old, new)
    return text


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    program = find_program(command[0])
    assert program is not None
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([program, *command[1:]], stdout=log, stderr=log, env=environment)
    try:
        _wait_for(process, port, folder / "server.log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_TIMEOUT)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r} does not start:\n{log.read_text(errors='replace')}")
