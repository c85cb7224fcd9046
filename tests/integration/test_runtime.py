"""The TensorFlow.js runtime as the build hook makes it, with the real npm and esbuild."""

import json
import re
import shutil
from pathlib import Path

import pytest

import hatch_build
from builder.resources import assets
from tests.conftest import ROOT

RUNTIME = assets() / "runtime"
DESCRIPTION = json.loads((RUNTIME / "runtime.json").read_text("utf-8"))
BUNDLES: dict[str, dict[str, list[str]]] = {name: DESCRIPTION[name] for name in ("lean", "full")}
bundles = pytest.mark.parametrize("bundle", BUNDLES)


def files_under(folder: Path) -> dict[str, bytes]:
    """Return contents by path below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_same_inputs_make_the_same_bytes(tmp_path: Path) -> None:
    for path in hatch_build.input_paths(ROOT):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)

    hatch_build.ensure_runtime(tmp_path, lambda _message: None)

    assert files_under(tmp_path / hatch_build.RUNTIME) == files_under(RUNTIME)


@bundles
def test_groups_name_every_file(bundle: str) -> None:
    named = {name for group in BUNDLES[bundle].values() for name in group}
    own = {path.name for path in (RUNTIME / bundle).iterdir()}
    shared = {path.name for path in RUNTIME.glob("*.*")} - {"runtime.json"}

    assert set(BUNDLES[bundle]) == {
        *("core", "wasm-relaxed-simd", "wasm-simd", "wasm-plain"),
        *("wasm-relaxed-simd-threads", "wasm-simd-threads"),
        *("webgl", "webgpu", "cpu", "engine-relaxed-simd", "engine-simd"),
    }
    assert named == own | shared


def test_the_apps_modules_import_what_sites_have() -> None:
    app = DESCRIPTION["app"]
    assert set(app["imports"]["single"]) == set(app["sources"])
    for modules in app["imports"].values():
        assert {path for imported in modules.values() for path in imported} <= set(modules)


def test_libraries_are_single_modules_with_their_licences() -> None:
    folder = RUNTIME / "libraries"
    assert sorted(DESCRIPTION["libraries"]) == sorted(path.name for path in folder.iterdir())
    for module in folder.glob("*.js"):
        assert not re.search(r'(?:from|import)"', module.read_text("utf-8"))
    licences = (folder / "LICENSES.txt").read_text("utf-8")
    assert "client-zip" in licences
    assert "idb" in licences


@bundles
def test_each_group_has_with_the_core_all_that_its_modules_import(bundle: str) -> None:
    for group in BUNDLES[bundle].values():
        present = {*BUNDLES[bundle]["core"], *group}
        for name in present:
            if name.endswith(".js"):
                text = (RUNTIME / bundle / name).read_text("utf-8")
                imported = re.findall(r'(?:from|import)"\./([^"]+)"', text)
                assert set(imported) <= present


def test_licences_name_every_package_that_is_bundled() -> None:
    text = (RUNTIME / "LICENSES.txt").read_text("utf-8")
    packages = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    for other in ("esbuild", "wabt", "client-zip", "idb"):  # tools, and the libraries' own licences
        del packages[other]

    for name, version in packages.items():
        assert f"{name} {version} (Apache-2.0)" in text
    assert re.search(r"^seedrandom \S+ \(MIT\)\n=+\n\nCopyright 2019 David Bau", text, re.M)
    assert "relaxed-simd.wasm are changed" in text  # which Apache-2.0 wants to be said
    assert text.count("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION") >= 1
