"""A release is one tag: its workflow is valid, and refuses archives that are not that release."""

import io
import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts.check_release import faults as release_faults
from tests.conftest import ROOT
from tests.workflows import faults, parsed

WORKFLOW = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
JOBS = parsed(WORKFLOW)["jobs"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = "# Changelog\n\n## [1.2.0]\n\n## [1.1.0] - 2020-01-01\n"
METADATA = "Metadata-Version: 2.4\nName: x\nVersion: 1.2.0\nLicense-Expression: Apache-2.0\n"


def write_archives(folder: Path, metadata: str = METADATA, *, without: str = "") -> None:
    files = {
        "x-1.2.0.dist-info/METADATA": metadata,
        "x-1.2.0.dist-info/licenses/LICENSE": "",
        "builder/_data/LICENSE": "",
        "builder/_data/assets/runtime/LICENSES.txt": "",
    }
    with zipfile.ZipFile(folder / "x-1.2.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            if not (without and name.endswith(without)):
                wheel.writestr(name, text)
    with tarfile.open(folder / "x-1.2.0.tar.gz", "w:gz") as source:
        name = "x-1.2.0/README.md" if without == "LICENSE" else "x-1.2.0/LICENSE"
        source.addfile(tarfile.TarInfo(name), io.BytesIO())


def test_the_workflow_is_valid() -> None:
    assert faults(WORKFLOW, "workflow") == []


def test_the_wheel_is_tried_on_each_python_that_it_claims() -> None:
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert JOBS["test"]["strategy"]["matrix"]["python"] == claimed


def test_only_what_was_tried_is_published_and_by_whom_pypi_trusts() -> None:
    assert set(JOBS["publish"]["needs"]) == {"build", "test"}
    assert JOBS["publish"]["permissions"] == {"id-token": "write"}
    assert "password" not in WORKFLOW
    assert [job for job in JOBS if "id-token" in str(JOBS[job].get("permissions"))] == ["publish"]


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)[0] == PROJECT["version"]


def test_what_belongs_together_is_a_release(tmp_path: Path) -> None:
    write_archives(tmp_path)
    assert found(tmp_path) == ""


def found(folder: Path, tag: str = "v1.2.0", changelog: str = CHANGELOG) -> str:
    return "\n".join(release_faults(tag, folder, changelog))


def test_another_version_is_refused(tmp_path: Path) -> None:
    write_archives(tmp_path)
    assert "The tag is v1.3.0, and the wheel is of 1.2.0" in found(tmp_path, "v1.3.0")
    assert "CHANGELOG.md begins with ['1.1.0']" in found(tmp_path, changelog="## [1.1.0]\n")


@pytest.mark.parametrize(
    ("metadata", "without", "words"),
    [
        (METADATA.replace("Apache-2.0", "MIT"), "", "licence is MIT"),
        (METADATA, "LICENSES.txt", "The wheel lacks builder/_data"),
        (METADATA, "LICENSE", "x-1.2.0.tar.gz lacks LICENSE"),
    ],
)
def test_what_lacks_its_licence_is_refused(
    tmp_path: Path, metadata: str, without: str, words: str
) -> None:
    write_archives(tmp_path, metadata, without=without)
    assert words in found(tmp_path)


def test_a_folder_without_archives_is_refused(tmp_path: Path) -> None:
    assert "0 wheels and 0 source archives" in found(tmp_path)
