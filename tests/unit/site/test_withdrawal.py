"""The site of a withdrawn app: built without a model, found whole, and replaced like any other."""

import json
from pathlib import Path

from builder.build import build_site
from builder.check.run import check_site
from builder.config import SiteConfig
from builder.model.pipeline import PreparedModel
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
