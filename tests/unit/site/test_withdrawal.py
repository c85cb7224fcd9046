"""The site of a withdrawn app: built without a model, found whole, and replaced like any other."""

import json
from pathlib import Path

import pytest

from builder.build import build_site
from builder.check.check_site import check_site
from builder.check.references import read_page
from builder.config import SiteConfig
from builder.hosting.hosts import CLOUDFLARE_PAGES
from builder.hosting.server import preview_server
from builder.model.pipeline import PreparedModel
from tests.unit.hosting.test_server import ask
from tests.unit.sites import prepare_trees


def never(*_arguments: object) -> PreparedModel:
    raise AssertionError("a withdrawn app needs no model")


def test_it_is_whole_by_the_check_and_needs_no_model(tmp_path: Path) -> None:
    config = SiteConfig(title="A & B", output=tmp_path / "dist", kill_switch=True)
    build_site(config, prepare=never)
    assert check_site(config.output).findings == ()
    assert "A &amp; B has been withdrawn" in (config.output / "index.html").read_text("utf-8")
    (config.output / "sw.js").write_text("", "utf-8")
    assert check_site(config.output).broken


@pytest.mark.parametrize(
    ("base_url", "base"), [(None, None), ("https://example.org/app/", "/app/")]
)
def test_any_other_address_says_that_the_app_is_gone(
    tmp_path: Path, base_url: str | None, base: str | None
) -> None:
    config = SiteConfig(title="A & B", base_url=base_url, output=tmp_path / "d", kill_switch=True)
    build_site(config, prepare=never)
    page = read_page((config.output / "404.html").read_text("utf-8"))
    assert "A &amp; B has been withdrawn" in (config.output / "404.html").read_text("utf-8")
    assert page.base == base
    # At an unknown depth, no address would lead to the script that clears up.
    assert [one.address for one in page.references] == (["withdrawn/page.js"] if base else [])
    with preview_server(config.output, emulated=CLOUDFLARE_PAGES) as server:
        lost = ask(server.url, "/app/0123456789abcdef/app.js")
    assert lost.status == 404, "and not index.html with 200, which would be kept as a module"
    assert lost.headers["cache-control"] == "public, max-age=0, must-revalidate"


@pytest.mark.slow
def test_it_replaces_the_app_and_the_app_replaces_it(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build_site(SiteConfig(output=output), prepare=prepare_trees)
    build_site(SiteConfig(output=output, kill_switch=True), prepare=never)
    assert not (output / "app").exists()
    build_site(SiteConfig(output=output), prepare=prepare_trees)
    assert not (output / "withdrawn").exists()
    report = json.loads((output / "site.json").read_bytes())
    assert "previous" not in report
    assert "withdrawn" not in report
