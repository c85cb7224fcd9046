"""Fixtures of a small site and a preview of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from tests.unit.sites import prepare_trees


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    """Return a folder with a small site, beside a secret."""
    site = tmp_path / "dist"
    (site / "app" / "0").mkdir(parents=True)
    (site / "index.html").write_bytes(b"<p>home</p>")
    (site / "404.html").write_bytes(b"<p>lost</p>")
    (site / "_headers").write_bytes(b"/*\n  X-Frame: no\n/app/*\n  Cache-Control: immutable\n")
    (site / "app" / "0" / "runtime.wasm").write_bytes(bytes(range(256)))
    (site / "app" / "0" / "app.js").write_bytes(b"export {};\n")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    (site / "above").symlink_to(tmp_path)
    return site


@pytest.fixture
def small_server(small_site: Path) -> Iterator[PreviewServer]:
    """Return a server of the small site."""
    with preview_server(small_site) as server:
        yield server


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site around a stand-in model; tests must not change it."""
    output = tmp_path_factory.mktemp("whole") / "dist"
    config = SiteConfig(title="Trees", base_url="https://example.org/trees/", output=output)
    build_site(config, prepare=prepare_trees)
    return output
