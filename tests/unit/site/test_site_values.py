"""The small values that a site is made of: files, hashes, JSON, colors, headers, manifest."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import SiteConfig
from builder.hashing import folder_hash, sha256_hex
from builder.resources import site_templates
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.colors import contrast, make_theme, mix
from builder.site.files import SiteFile, addressed_folder
from builder.site.headers import CSP, MOST_RULES, headers_file
from builder.site.icons import icon_paths
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.manifest import web_app_manifest
from builder.site.media_types import media_type
from builder.site.render import Templates

COLORS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "C:/x",
        "a b",
        "ä",
        "a\0b",
        "-a",
    ],
)
def test_paths_that_lead_out_of_the_site_or_break_on_hosts_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="cannot be the path of a file"):
        SiteFile(path, b"")


@pytest.mark.parametrize("path", ["index.html", ".nojekyll", "_headers", "model/0a/x-1of2.bin"])
def test_a_site_file_knows_its_size_and_hash(path: str) -> None:
    file = SiteFile(path, b"abc")
    assert file.size == 3
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_folders_hash_is_over_sorted_names_and_hashes() -> None:
    lines = f"a/b\0{sha256_hex(b'1')}\nc\0{sha256_hex(b'2')}\n"
    assert folder_hash({"c": b"2", "a/b": b"1"}) == sha256_hex(lines.encode())[:16]


def test_a_folders_hash_changes_with_names_and_bytes_only() -> None:
    base = folder_hash({"a": b"1", "b": b"2"})
    assert folder_hash({"b": b"2", "a": b"1"}) == base
    assert len({base, folder_hash({"a": b"2", "b": b"1"}), folder_hash({"a": b"1"})}) == 3


def test_an_addressed_folder_lies_under_its_hash() -> None:
    folder = addressed_folder("app", {"b.js": b"2", "a.js": b"1"})
    assert folder.path == f"app/{folder_hash({'a.js': b'1', 'b.js': b'2'})}/"
    assert [file.path for file in folder.files] == [f"{folder.path}a.js", f"{folder.path}b.js"]


@pytest.mark.slow
@given(
    st.dictionaries(
        st.text(),
        st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
    )
)
def test_embedded_json_means_the_same_and_ends_no_element(value: dict[str, object]) -> None:
    embedded = str(embeddable_json(value))
    assert json.loads(embedded) == value
    assert not re.search("[<>&'\u2028\u2029]", embedded)


def test_json_has_no_nan() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"x": float("nan")})


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@given(COLORS)
def test_accents_are_readable_in_both_schemes(color: str) -> None:
    theme = make_theme(color)
    for scheme in (theme.light, theme.dark):
        assert contrast(scheme.accent, scheme.background) >= 4.5
        assert contrast(scheme.accent, scheme.on_accent) >= 4.5


def test_a_readable_theme_color_is_kept() -> None:
    assert make_theme("#0f766e").light.accent == "#0f766e"


def test_the_policy_allows_no_inline_script_and_no_eval() -> None:
    assert "'unsafe-inline'" not in CSP
    assert "'unsafe-eval'" not in CSP
    assert "default-src 'none'" in CSP
    assert "http" not in CSP
    # These policies are all that may turn strings into script addresses.
    assert "require-trusted-types-for 'script'" in CSP
    assert "trusted-types classifier-pwa classifier-pwa-start;" in f"{CSP};"


def header_rules(*addressed: SiteFile) -> list[tuple[str, str]]:
    text = headers_file(["sw.js"], addressed).decode()
    return re.findall(r"^(/\S*)\n((?:  .*\n)+)", text, re.MULTILINE)


def test_no_path_gets_two_rules_for_caching() -> None:
    everywhere, *others = header_rules(SiteFile("app/0/b.js", b"bb"), SiteFile("model/1/a", b""))
    assert everywhere[0] == "/*"
    assert "Cache-Control" not in everywhere[1]
    assert [path for path, _ in others] == ["/app/0/b.js", "/model/1/a", "/", "/sw.js"]
    assert all(headers.count("Cache-Control") == 1 for _, headers in others)
    kept = {path for path, headers in others if "immutable" in headers}
    assert kept == {"/app/0/b.js", "/model/1/a"}, (
        "files, so that nothing is told of what is missing"
    )


def test_the_largest_files_have_rules_where_there_are_many() -> None:
    many = [SiteFile(f"app/0/{size}.js", bytes(size)) for size in range(200)]
    rules = header_rules(*many)
    assert len(rules) == MOST_RULES
    assert {f"/app/0/{size}.js" for size in range(200 - 97, 200)} < {path for path, _ in rules}


def test_the_manifest_makes_the_app_installable_from_any_folder() -> None:
    config = SiteConfig(title="What is it?", short_name="What", theme_color="#5b21b6")
    manifest = web_app_manifest(
        app_context(config, read_catalogues(Templates(), "en")), icon_paths("app/0123/")
    )
    assert manifest["name"] == "What is it?"
    assert manifest["short_name"] == "What"
    assert manifest["start_url"] == manifest["scope"] == "./"
    assert "id" not in manifest
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all(icon["src"].startswith("app/0123/") for icon in manifest["icons"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.wasm", "application/wasm"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("group1-shard1of2.bin", "application/octet-stream"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("LOUD.PNG", "image/png"),
        (".nojekyll", "application/octet-stream"),
    ],
)
def test_media_types(path: str, expected: str) -> None:
    assert media_type(path) == expected


def test_the_system_may_share_photos_with_the_app_and_open_them_with_it() -> None:
    context = app_context(SiteConfig(), read_catalogues(Templates(), "en"))
    manifest = web_app_manifest(context, icon_paths("app/0123/"))
    common = (site_templates() / "app/shared/shared-photos.js").read_text("utf-8")
    share = manifest["share_target"]
    assert f"SHARE_PATH = '{share['action']}'" in common
    assert f"SHARE_FIELD = '{share['params']['files'][0]['name']}'" in common
    assert (share["method"], share["enctype"]) == ("POST", "multipart/form-data")
    [handler] = manifest["file_handlers"]
    assert handler["accept"]["image/jpeg"] == [".jpg", ".jpeg"]
    assert [(shortcut["name"], shortcut["url"]) for shortcut in manifest["shortcuts"]] == [
        ("Many photos", "./#many"),
        ("History", "./#history"),
    ]
    assert "focus-existing" not in manifest["launch_handler"]["client_mode"]
