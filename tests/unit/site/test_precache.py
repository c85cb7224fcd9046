"""The precache manifest: what the service worker keeps."""

from builder.site.files import SiteFile
from builder.site.precache import precache_manifest

CORE = [SiteFile("index.html", b"<p>"), SiteFile("app/0/page/app.js", b"1")]
RUNTIME = [
    SiteFile("runtime/0/chunk-A.js", b"chunk"),
    SiteFile("runtime/0/simd.wasm", b"simd"),
    SiteFile("runtime/0/unused.js", b"unused"),
]
GROUPS = {"core": ("tf.js",), "wasm": ("chunk-A.js",), "wasm-simd": ("chunk-A.js", "simd.wasm")}


def test_a_site_without_threads_isolates_no_page() -> None:
    assert set(precache_manifest(CORE, RUNTIME, GROUPS)["isolation"]) == {
        "Cross-Origin-Embedder-Policy",
        "Cross-Origin-Opener-Policy",
    }
    without = precache_manifest(CORE, RUNTIME, GROUPS, threads=False)
    assert without["isolation"] == {}


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
