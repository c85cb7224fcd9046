"""The precache manifest, and the runtime's groups that go into it."""

import json
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.site.files import SiteFile
from builder.site.precache import precache_manifest
from builder.site.runtime import read_runtime

CORE = [SiteFile("index.html", b"<p>"), SiteFile("app/0/page/app.js", b"1")]
RUNTIME = [
    SiteFile("runtime/0/chunk-A.js", b"chunk"),
    SiteFile("runtime/0/simd.wasm", b"simd"),
    SiteFile("runtime/0/unused.js", b"unused"),
]
GROUPS = {"core": ("tf.js",), "wasm": ("chunk-A.js",), "wasm-simd": ("chunk-A.js", "simd.wasm")}


def test_entries_have_url_hash_size_type_and_groups() -> None:
    entries = {e["url"]: e for e in precache_manifest(CORE, RUNTIME, GROUPS)["entries"]}
    assert set(entries) == {
        "./",
        "app/0/page/app.js",
        "runtime/0/chunk-A.js",
        "runtime/0/simd.wasm",
    }
    assert entries["./"] == {
        "url": "./",
        "sha256": CORE[0].sha256,
        "size": 3,
        "type": "text/html; charset=utf-8",
        "groups": ["core"],
    }
    assert entries["runtime/0/chunk-A.js"]["groups"] == ["wasm", "wasm-simd"]
    assert entries["runtime/0/simd.wasm"]["type"] == "application/wasm"


def test_the_version_changes_with_any_byte_and_not_with_the_order() -> None:
    version = precache_manifest(CORE, RUNTIME, GROUPS)["version"]
    assert precache_manifest(reversed(CORE), reversed(RUNTIME), GROUPS)["version"] == version
    changed = [CORE[0], SiteFile(CORE[1].path, b"2")]
    assert precache_manifest(changed, RUNTIME, GROUPS)["version"] != version
    assert len(version) == 16


def test_the_runtime_is_read_by_its_description(tmp_path: Path) -> None:
    groups = {"core": ["tf.js"], "cpu": ["chunk.js", "tf.js"]}
    (tmp_path / "runtime.json").write_text(json.dumps({"version": "4.22.0", "groups": groups}))
    (tmp_path / "tf.js").write_bytes(b"tf")
    (tmp_path / "chunk.js").write_bytes(b"chunk")
    (tmp_path / "stray.js").write_bytes(b"stray")
    runtime = read_runtime(tmp_path)
    assert runtime.contents == {"chunk.js": b"chunk", "tf.js": b"tf"}
    assert runtime.groups["cpu"] == ("chunk.js", "tf.js")
    assert runtime.version == "4.22.0"


@pytest.mark.parametrize(
    "description",
    [None, "{", "[]", "{}", '{"version": "1", "groups": {"core": ["gone.js"]}}', '{"groups": {}}'],
)
def test_a_missing_or_broken_runtime_says_how_to_get_one(
    tmp_path: Path, description: str | None
) -> None:
    if description is not None:
        (tmp_path / "runtime.json").write_text(description)
    with pytest.raises(BuilderError, match="Install the package anew"):
        read_runtime(tmp_path)
