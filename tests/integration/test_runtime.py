"""The TensorFlow.js runtime as the build hook makes it, with the real npm and esbuild."""

import json
import re
import shutil
from pathlib import Path

import hatch_build
from builder.resources import assets
from tests.conftest import ROOT

RUNTIME = assets() / "runtime"
DESCRIPTION = json.loads((RUNTIME / "runtime.json").read_text("utf-8"))
GROUPS: dict[str, list[str]] = DESCRIPTION["groups"]


def test_same_inputs_make_the_same_bytes(tmp_path: Path) -> None:
    for path in hatch_build.input_paths(ROOT):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)

    hatch_build.ensure_runtime(tmp_path, lambda _message: None)

    built = {path.name: path.read_bytes() for path in (tmp_path / hatch_build.RUNTIME).iterdir()}
    assert built == {path.name: path.read_bytes() for path in RUNTIME.iterdir()}


def test_groups_name_every_file() -> None:
    named = {name for group in GROUPS.values() for name in group}

    assert set(GROUPS) == {"core", "wasm-simd", "wasm", "webgl", "webgpu", "cpu"}
    assert named == {path.name for path in RUNTIME.iterdir()} - {"runtime.json"}


def test_each_group_has_with_the_core_all_that_its_modules_import() -> None:
    for group in GROUPS.values():
        present = {*GROUPS["core"], *group}
        for name in present:
            if name.endswith(".js"):
                imported = re.findall(r'(?:from|import)"\./([^"]+)"', (RUNTIME / name).read_text())
                assert set(imported) <= present


def test_licences_name_every_package_that_is_bundled() -> None:
    text = (RUNTIME / "LICENSES.txt").read_text("utf-8")
    packages = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    del packages["esbuild"]  # bundles, and is not bundled

    for name, version in packages.items():
        assert f"{name} {version} (Apache-2.0)" in text
    assert re.search(r"^seedrandom \S+ \(MIT\)\n=+\n\nCopyright 2019 David Bau", text, re.M)
    assert text.count("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION") >= 1
