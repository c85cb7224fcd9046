"""Earlier versions' folders stay beside the new ones, as many as asked for, and only whole ones."""

import json
from pathlib import Path

import pytest

from builder.build import build_site
from builder.check.check_site import check_site
from builder.config import SiteConfig
from builder.model.conversion import ShowLine
from builder.model.pipeline import PreparedModel
from builder.site.report import SiteReport
from tests.unit.sites import prepare_trees

pytestmark = pytest.mark.slow


def prepare_other_trees(config: SiteConfig, progress: ShowLine, warn: ShowLine) -> PreparedModel:
    files = prepare_trees(config, progress, warn).files
    return PreparedModel({**files, "group1-shard1of1.bin": bytes(2000)})


def build(output: Path, color: str, keep: int = 1) -> SiteReport:
    """Build a version that differs in its app folder only."""
    config = SiteConfig(theme_color=color, output=output, keep_previous=keep)
    report = build_site(config, prepare=prepare_trees).report
    assert isinstance(report, SiteReport)
    return report


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def app_folders(output: Path) -> set[str]:
    return {f"app/{folder.name}/" for folder in (output / "app").iterdir()}


def test_the_previous_version_stays_and_the_one_before_it_goes(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    first, second, third = (build(output, color).app for color in ("#112233", "#445566", "#778899"))
    assert app_folders(output) == {second, third}
    report = json.loads((output / "site.json").read_bytes())
    (kept,) = report["previous"]
    assert kept["app"] == second
    assert all(path.startswith(second) for path in kept["files"])
    assert not any(path.startswith(second) for path in report["files"])
    assert first not in app_folders(output)


def test_what_both_versions_have_is_not_there_twice(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build(output, "#112233")
    build(output, "#445566")
    assert len(list((output / "model").iterdir())) == 1
    assert len(list((output / "runtime").iterdir())) == 1


@pytest.mark.parametrize(("keep", "folders"), [(0, 1), (1, 2), (2, 3), (9, 3)])
def test_as_many_versions_stay_as_asked_for(tmp_path: Path, keep: int, folders: int) -> None:
    for color in ("#112233", "#445566", "#778899"):
        build(tmp_path / "dist", color, keep)
    assert len(app_folders(tmp_path / "dist")) == folders


def test_the_same_version_built_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build(output, "#112233")
    build(output, "#445566")
    once = content(output)
    build(output, "#445566")
    assert content(output) == once


def test_going_back_to_the_version_before_keeps_the_one_that_is_left(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    first, second = (build(output, color).app for color in ("#112233", "#445566"))
    build(output, "#112233")
    assert json.loads((output / "site.json").read_bytes())["previous"][0]["app"] == second
    assert app_folders(output) == {first, second}


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_version_that_is_not_whole_is_left_out_and_told(tmp_path: Path, harm: str) -> None:
    output = tmp_path / "dist"
    first = build(output, "#112233").app
    victim = next((output / first).rglob("*.css"))
    victim.unlink() if harm == "missing" else victim.write_text("altered")
    config = SiteConfig(theme_color="#445566", output=output)
    result = build_site(config, prepare=prepare_trees)
    assert victim.name in "".join(result.warnings)
    assert first not in app_folders(output)


def test_a_version_keeps_the_model_that_it_shares_with_one_that_is_left_out(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    first = build(output, "#112233", 2)
    second = build(output, "#445566", 2)
    next((output / second.app).rglob("*.css")).write_text("altered")
    config = SiteConfig(theme_color="#778899", output=output, keep_previous=2)
    third = build_site(config, prepare=prepare_other_trees).report
    assert third.model != first.model
    assert app_folders(output) == {first.app, third.app}
    (kept,) = third.previous
    assert {path.split("/")[0] for path in kept.files} == {"app", "model"}
    for path in kept.files:
        assert (output / path).is_file()


def test_kept_folders_are_no_strangers_and_no_findings(tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build(output, "#112233")
    build(output, "#445566")
    assert [finding for finding in check_site(output).findings if "app/" in finding.file] == []
