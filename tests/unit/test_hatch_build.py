"""Tests of hatch_build.py, with a small project in place of ours and no npm."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from hatch_build import RuntimeBuildError, RuntimeBuildHook

ROOT = Path(hatch_build.__file__).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with every input of the runtime."""
    for name in hatch_build.INPUT_FILES:
        (tmp_path / name).write_text(f"{name}\n")
    for name in (
        "builder/runtime/bundle.mjs",
        *("site_templates/app/page/app.js", "site_templates/sw/main.js"),
        "site_templates/withdrawn/sw.js",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"{name}\n")
    return tmp_path


@pytest.fixture
def node_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace Node by a recorder that writes a runtime where it was told to."""
    calls: list[str] = []

    def run(command: list[str | Path], _work: Path, _complaint: str) -> None:
        if command[1] == "cc":
            Path(command[-1]).write_bytes(b"kernels")
            return
        if command[2] == "ci":
            calls.append("npm ci")
            return
        calls.append("bundle")
        output = Path(command[3])
        output.mkdir()
        (output / "tf.js").write_text("runtime")
        (output / "runtime.json").write_text('{"version": "4", "groups": {}}')

    monkeypatch.setattr(hatch_build, "run", run)
    return calls


def ensure_runtime(project: Path) -> None:
    hatch_build.ensure_runtime(project, lambda _message: None)


def test_runtime_is_built_with_its_description(project: Path, node_calls: list[str]) -> None:
    ensure_runtime(project)

    runtime = project / "assets" / "runtime"
    assert node_calls == ["npm ci", "bundle"]
    assert (runtime / "tf.js").read_text() == "runtime"
    assert json.loads((runtime / "runtime.json").read_text()) == {
        "version": "4",
        "groups": {},
        "inputs": hatch_build.inputs_digest(project),
    }


def test_same_inputs_are_not_built_again(project: Path, node_calls: list[str]) -> None:
    ensure_runtime(project)
    ensure_runtime(project)

    assert node_calls == ["npm ci", "bundle"]


@pytest.mark.parametrize(
    "name", ["package-lock.json", "builder/runtime/bundle.mjs", "site_templates/app/page/app.js"]
)
def test_changed_input_is_built_anew(project: Path, node_calls: list[str], name: str) -> None:
    ensure_runtime(project)
    (project / "assets" / "runtime" / "chunk-old.js").touch()
    (project / name).write_text("changed")
    ensure_runtime(project)

    assert node_calls == ["npm ci", "bundle"] * 2
    assert not (project / "assets" / "runtime" / "chunk-old.js").exists()


@pytest.mark.usefixtures("node_calls")
def test_runtime_without_description_counts_as_missing(project: Path) -> None:
    ensure_runtime(project)
    (project / "assets" / "runtime" / "runtime.json").write_text("cut off")

    assert hatch_build.built_from(project) is None


def test_failed_build_leaves_the_old_runtime(
    project: Path, node_calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_runtime(project)
    (project / "package.json").write_text("changed")

    def fail(*_arguments: Any) -> None:
        raise RuntimeBuildError("no registry")

    monkeypatch.setattr(hatch_build, "run", fail)
    with pytest.raises(RuntimeBuildError):
        ensure_runtime(project)

    assert (project / "assets" / "runtime" / "tf.js").read_text() == "runtime"
    assert hatch_build.built_from(project) != hatch_build.inputs_digest(project)


@pytest.mark.slow
def test_unreachable_registry_is_told_with_what_npm_said(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Run the real npm on a package that a registry on a closed port cannot serve."""
    work = tmp_path_factory.mktemp("work")
    package = {"name": "x", "version": "1.0.0", "dependencies": {"left-pad": "1.3.0"}}
    entry = {"version": "1.3.0", "integrity": f"sha512-{'A' * 86}=="}
    lock = {"lockfileVersion": 3, "packages": {"": package, "node_modules/left-pad": entry}}
    (work / "package.json").write_text(json.dumps(package))
    (work / "package-lock.json").write_text(json.dumps(lock))
    (work / ".npmrc").write_text("registry=http://127.0.0.1:9/\nfetch-retries=0\n")

    with pytest.raises(RuntimeBuildError, match=r"needs an npm registry(.|\n)*127\.0\.0\.1:9"):
        hatch_build.install_packages(*hatch_build.node_programs(), work)


def test_kernels_have_the_same_bytes_wherever_they_are_compiled(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = []
    for name in ("here", "somewhere-else"):
        work = tmp_path_factory.mktemp(name)
        shutil.copytree(ROOT / "builder/runtime/kernels", work / "builder/runtime/kernels")
        hatch_build.compile_kernels(work, work)
        made.append({file: (work / file).read_bytes() for file in hatch_build.KERNELS})

    assert made[0] == made[1]
    runtime = ROOT / "assets/runtime"
    assert made[0] == {file: (runtime / file).read_bytes() for file in hatch_build.KERNELS}


def test_kernel_that_does_not_compile_is_told_with_its_place(tmp_path: Path) -> None:
    kernels = tmp_path / "builder/runtime/kernels"
    kernels.mkdir(parents=True)
    (kernels / "wrong.c").write_text("int run(void) { return nothing; }\n")

    with pytest.raises(RuntimeBuildError, match=r"kernels failed(.|\n)*wrong\.c:1"):
        hatch_build.compile_kernels(tmp_path, tmp_path)


@pytest.mark.usefixtures("node_calls")
@pytest.mark.parametrize(
    ("version", "packed"),
    [("standard", ["builder/_data/assets", "builder/_data/site_templates"]), ("editable", [])],
)
def test_data_travels_in_wheels_and_stays_put_in_editable_installs(
    project: Path, version: str, packed: list[str]
) -> None:
    build_data: dict[str, Any] = {"force_include": {}}
    hook = RuntimeBuildHook(str(project), {}, None, None, "", "wheel")

    hook.initialize(version, build_data)

    assert sorted(build_data["force_include"].values()) == packed


def test_failure_ends_the_build_with_its_message(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeBuildError("no registry")

    monkeypatch.setattr(hatch_build, "run", fail)
    hook = RuntimeBuildHook(str(project), {}, None, None, "", "wheel")

    with pytest.raises(SystemExit):
        hook.initialize("standard", {"force_include": {}})
    captured = capsys.readouterr()
    assert "no registry" in captured.out + captured.err
