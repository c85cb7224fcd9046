"""`build --watch` with a real browser: what is changed is seen, and Ctrl-C ends it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from builder.hosting.server import preview_server
from tests.e2e.test_offline import own_caches, visit

WAIT_SECONDS = 120


COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from builder.cli.main import main
main()
"""
"""The command as from a terminal: what runs in the background may be told to ignore Ctrl-C."""


@dataclass(frozen=True)
class Watcher:
    """A running `build --watch`."""

    process: subprocess.Popen[str]
    folder: Path
    url: str

    def configure(self, title: str) -> None:
        """Write another title into the config file."""
        config = self.folder / "classifier-pwa.toml"
        first, rest = config.read_text().split("\n", 1)
        assert first.startswith("title")
        config.write_text(f'title = "{title}"\n{rest}')


@pytest.fixture
def port(trees_site: Path, page: Page) -> int:
    """Return the port of an earlier preview, whose service worker the browser has kept."""
    with preview_server(trees_site) as server:
        visit(page, server.url)
        assert own_caches(page)
        return server.port


@pytest.fixture
def watcher(trees_model: tuple[Path, Path], port: int, tmp_path: Path) -> Iterator[Watcher]:
    """Watch a project that is built around the conversion of `trees_site`."""
    model, labels = trees_model
    (tmp_path / "looks").mkdir()
    (tmp_path / "classifier-pwa.toml").write_text(
        f'title = "Oaks"\nmodel = "{model}"\nlabels = "{labels}"\nquantize = "mixed"\n'
        'min-agreement = 0\nmax-divergence = 100\ntemplates = "looks"\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "build", "--watch", "--port", str(port), "--quiet"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        url = next((line.strip() for line in process.stdout if line.startswith("http")), None)
        assert url, process.communicate()[1]
        yield Watcher(process, tmp_path, url)
    finally:
        process.kill()
        process.communicate()


def test_a_change_is_seen_where_the_page_is_open_and_ctrl_c_ends_it(
    page: Page, watcher: Watcher
) -> None:
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
    heading = page.get_by_role("heading", level=1)

    # The earlier preview's service worker still has "Trees", and must not keep this from view.
    page.goto(watcher.url)
    expect(heading).to_have_text("Oaks")
    page.wait_for_selector("html[data-state=ready]")
    assert own_caches(page) == []

    watcher.configure("Elms")
    expect(heading).to_have_text("Elms")
    expect(page).to_have_title("Elms")

    # One that fails changes nothing; the next one shows again.
    watcher.configure("")
    assert watcher.process.stderr
    failure = next(line for line in watcher.process.stderr if line.startswith("Error: "))
    assert 'title must be a line of text of at most 80 characters, not ""' in failure
    expect(heading).to_have_text("Elms")
    watcher.configure("Firs")
    expect(heading).to_have_text("Firs")

    assert refused == []
    written = [path for path in (watcher.folder / "dist").rglob("*") if path.is_file()]
    assert written
    assert not any(b"__watch__" in path.read_bytes() for path in written)

    watcher.process.send_signal(signal.SIGINT)
    _, told = watcher.process.communicate(timeout=WAIT_SECONDS)
    assert watcher.process.returncode == 0
    assert told.endswith("\nStopped.\n")
    assert urlsplit(watcher.url).hostname == "127.0.0.1"
