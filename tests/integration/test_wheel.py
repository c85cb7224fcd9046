"""The package as people get it: source archive, wheel, an empty environment, a built site."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import hatch_build
from builder import resources
from tests.archives import unpack
from tests.conftest import ROOT
from tests.integration.empty_environment import create_environment
from tests.models import CLASSES, save_lively_mobilenet

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links packages, and looks for bin/")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an unpacked source archive."""
    folder = tmp_path_factory.mktemp("sdist")
    archive = _build(ROOT, "sdist", folder)
    with tarfile.open(archive) as opened:
        unpack(opened, folder)
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """Return a wheel built from the source archive and the runtime of the checkout.

    The runtime's digest in it spares the build npm, and only if all the inputs are the same.
    """
    shutil.copytree(ROOT / hatch_build.RUNTIME, source / hatch_build.RUNTIME)
    return _build(source, "wheel", source / "wheels")


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with the wheel and what it declares to need."""
    return create_environment(tmp_path_factory.mktemp("environment"), wheel)


def _build(project: Path, target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder]
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    (built,) = folder.glob("classifier_pwa-*.*")
    return built


def _run(programs: Path, folder: Path, *command: str) -> str:
    """Run a program of the environment in an empty folder of a bare machine; return its output."""
    result = subprocess.run(
        [programs / command[0], *command[1:]],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/nowhere", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_source_archive_has_every_input_of_the_runtime(source: Path) -> None:
    assert hatch_build.inputs_digest(source) == hatch_build.inputs_digest(ROOT)


def test_wheel_holds_the_data_and_not_the_sources_of_the_runtime(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {f"builder/_data/site_templates/{n}" for n in _files(resources.site_templates())}
    assets = {f"builder/_data/assets/{n}" for n in _files(resources.assets())}

    data = {name for name in names if name.startswith("builder/_data/")}
    assert data == templates | assets | {"builder/_data/LICENSE"}
    assert {name for name in names if name.startswith("builder/runtime/")} == set()
    assert "builder/watch/reload.js" in names


def test_wheel_is_the_same_to_the_byte_wherever_it_is_built(wheel: Path, tmp_path: Path) -> None:
    """Another folder, and files of another time; SOURCE_DATE_EPOCH is the only clock."""
    again = _build(ROOT, "wheel", tmp_path)

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_installed_command_builds_a_site_from_another_folder(
    programs: Path, tmp_path: Path
) -> None:
    model, labels = save_lively_mobilenet(tmp_path)
    command = ["classifier-pwa", "build", "--model", str(model), "--labels", str(labels)]

    _run(programs, tmp_path, *command, "--output", "site")

    report = json.loads((tmp_path / "site" / "site.json").read_text("utf-8"))
    assert set(report["files"]) == _files(tmp_path / "site") - {"site.json"}
    (metadata,) = (tmp_path / "site" / "model").glob("*/metadata.json")
    assert json.loads(metadata.read_text("utf-8"))["labels"] == list(CLASSES)


def test_environment_runs_the_wheel_and_not_the_checkout(programs: Path, tmp_path: Path) -> None:
    """Without this, the test above could pass on the checkout's files."""
    output = _run(programs, tmp_path, "python", "-c", "import builder; print(builder.__file__)")

    assert Path(output.strip()).is_relative_to(programs.parent)
