"""What only some verbs use: where it is missing, they say what to run, before anything else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

import builder.extras
from builder.cli.main import main
from builder.extras import EXTRAS
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("package", "command"),
    [
        ("cryptography", ["serve", "--https"]),
        ("matplotlib", ["evaluate", "demo", "photos", "--report", "report"]),
        ("matplotlib", ["train", "photos"]),
        ("playwright", ["bench"]),
        ("playwright", ["build", "--model", "demo", "--verify", "browser"]),
        ("playwright", ["evaluate", "dist", "photos"]),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    package: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()

    def find_spec(name: str) -> Any:
        return None if name == package else name

    monkeypatch.setattr(builder.extras, "find_spec", find_spec)
    result = CliRunner().invoke(main, command)

    assert result.exit_code == 1
    assert f"needs the package {package}, which is not installed. Run: pip install" in result.stderr
    assert f"'classifier-pwa[{EXTRAS[package]}]'" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_the_extras_bring_these_packages_and_a_plain_installation_does_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {Requirement(line).name for line in project["dependencies"]}
    extras = project["optional-dependencies"]

    assert needed.isdisjoint(EXTRAS)
    for package, extra in EXTRAS.items():
        assert [Requirement(line).name for line in extras[extra]] == [package]
        (everything,) = map(Requirement, extras["all"])
        assert extra in everything.extras
