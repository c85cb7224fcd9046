"""Every way of breaking a site is found, in the right file, with what to do."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from builder.build import build_site
from builder.check.built_site import BuiltSite
from builder.check.check_site import check_site
from builder.check.file_rules import check_files
from builder.check.finding import Finding
from builder.check.host_rules import check_hosts
from builder.check.integrity_rules import check_integrity
from builder.check.link_rules import check_links
from builder.check.manifest_rules import check_manifest
from builder.check.policy_rules import check_policy
from builder.check.precache_rules import check_precache
from builder.cli.main import main
from builder.config import SiteConfig
from builder.errors import OutputError
from builder.hosting.hosts import CLOUDFLARE_PAGES, GITHUB_PAGES, HOSTS, NGINX
from tests.unit.sites import prepare_trees

Edit = Callable[[str, str, str], None]

RULES = {
    "files": check_files,
    "integrity": check_integrity,
    "hosts": lambda site: check_hosts(site, HOSTS.values()),
    "links": check_links,
    "manifest": check_manifest,
    "policy": check_policy,
    "precache": check_precache,
}


def found(site: Path, rule: str) -> list[Finding]:
    """Return what one rule finds."""
    findings = list(RULES[rule](BuiltSite(site)))
    assert {finding.rule for finding in findings} <= {rule}
    return findings


def one(site: Path, pattern: str) -> Path:
    (path,) = site.glob(pattern)
    return path


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_built_site_has_no_fault(whole_site: Path) -> None:
    result = check_site(whole_site)
    assert result.findings == ()
    assert not result.broken
    assert result.files == len([path for path in whole_site.rglob("*") if path.is_file()])


@pytest.mark.parametrize(
    "pattern",
    [
        "index.html",
        "404.html",
        "sw.js",
        "offline.html",
        "manifest.webmanifest",
        "app/*/page/app.js",
        "app/*/page.css",
        "runtime/*/tf.js",
        "model/*/*.bin",
    ],
)
def test_a_lost_and_an_altered_file_are_found(site: Path, pattern: str) -> None:
    path = one(site, pattern)
    name = path.relative_to(site).as_posix()
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert any(
        finding.file == name and "SHA-256" in finding.problem for finding in found(site, "files")
    )
    path.write_bytes(content[:-1])
    assert any(
        finding.file == name and "bytes" in finding.problem for finding in found(site, "files")
    )
    if name == "index.html":
        return
    path.unlink()
    assert any(
        finding.file == name and finding.breaks and "missing" in finding.problem
        for finding in found(site, "files")
    )


@pytest.mark.parametrize("content", [None, b"{", b"[]", b'{"generator": "hugo"}'])
def test_without_a_report_nothing_can_be_compared(site: Path, content: bytes | None) -> None:
    (site / "site.json").unlink()
    if content is not None:
        (site / "site.json").write_bytes(content)
    (finding,) = found(site, "files")
    assert (finding.file, finding.breaks) == ("site.json", True)


@pytest.mark.parametrize("name", ["_headers", ".nojekyll"])
def test_files_for_hosts_are_missed_but_break_nothing(site: Path, name: str) -> None:
    (site / name).unlink()
    (finding,) = found(site, "files")
    assert (finding.file, finding.breaks) == (name, False)


def test_leftovers_are_told_and_what_hosts_want_is_not(site: Path) -> None:
    old = site / "app" / "0123456789abcdef"
    old.mkdir()
    (old / "app.js").write_bytes(bytes(2_000_000))
    (site / "notes.txt").write_text("mine")
    (site / "CNAME").write_text("trees.example.org")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").write_text("Contact: mailto:x@example.org")
    told = {finding.file: finding for finding in found(site, "files")}
    assert set(told) == {"app/0123456789abcdef/", "notes.txt"}
    assert "another version, 2.0 MB" in told["app/0123456789abcdef/"].problem
    assert not check_site(site).broken


def test_a_folder_that_is_not_its_content_is_found(site: Path) -> None:
    folder = one(site, "model/*")
    folder.rename(folder.with_name("0" * 16))
    for path in (site / "site.json", site / "sw.js", site / "index.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(folder.name, "0" * 16), encoding="utf-8")
    assert any(
        finding.file == f"model/{'0' * 16}/" and "not named after" in finding.problem
        for finding in found(site, "files")
    )


def test_a_link_is_no_file(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (site / "notes.txt").symlink_to(tmp_path / "secret.txt")
    assert any("symbolic link" in finding.problem for finding in found(site, "files"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("const manifest = {", "const manifest = load({", "no precache manifest"),
        ('"url":"offline.html"', '"url":"offine.html"', "missing"),
        ('"url":"./"', '"url":"404.html"', "not in the precache manifest"),
        ('"type":"application/wasm"', '"type":"text/plain"', "answered as text/plain"),
        ('"size":', '"size":9', "bytes, sw.js wants"),
        ('"sha256":"', '"sha256":"0', "by its SHA-256"),
    ],
)
def test_a_precache_manifest_that_cannot_work(
    site: Path, edit: Edit, old: str, new: str, problem: str
) -> None:
    edit("sw.js", old, new)
    findings = found(site, "precache")
    assert any(problem in finding.problem for finding in findings)
    assert all(finding.breaks for finding in findings)


@pytest.mark.parametrize(
    ("pattern", "change", "problem"),
    [
        ("index.html", ('href="manifest', 'href="gone/manifest'), "not a file of the site"),
        ("index.html", ('href="manifest', 'href="/manifest'), "absolute address"),
        ("index.html", ("</body>", '<img src="//cdn.example/x.png"></body>'), "another host"),
        ("index.html", ("</body>", '<img srcset="a.png 1x"></body>'), "a.png"),
        ("index.html", ("</body>", '<img src="../up.png"></body>'), "outside the site"),
        ("404.html", ('class="pill" href="./', 'class="pill" href="./gone'), "gone"),
        ("app/*/page.css", ("}", "} a { background: url('no.png') }"), "no.png"),
        ("app/*/page.css", ("}", '} @import "https://x.example/y.css";'), "x.example"),
        ("app/*/page/app.js", ("import {", "import './gone.js';\nimport {"), "gone.js"),
        ("app/*/page/app.js", ("import {", "import 'lodash';\nimport {"), "no browser can find"),
        ("app/*/page/app.js", ("import {", "import('./engine.js');\nimport {"), "engine.js"),
        (
            "app/*/page/app.js",
            ("new URL(", "new URL('./wrker.js', import.meta.url) && new URL("),
            "wrker.js",
        ),
        ("app/*/icons/icon.svg", ("</svg>", '<use href="https://x.example"/></svg>'), "x.example"),
    ],
)
def test_an_address_that_leads_nowhere_or_away(
    site: Path, edit: Edit, pattern: str, change: tuple[str, str], problem: str
) -> None:
    edit(pattern, *change)
    name = one(site, pattern).relative_to(site).as_posix()
    assert any(
        finding.file == name and problem in finding.problem and finding.breaks
        for finding in found(site, "links")
    )


def test_links_for_people_may_lead_anywhere(site: Path, edit: Edit) -> None:
    edit("index.html", "</body>", '<a href="https://example.org/">x</a></body>')
    assert found(site, "links") == []


def test_a_preview_from_localhost_is_told(site: Path, edit: Edit) -> None:
    edit("index.html", 'content="https://example.org', 'content="http://localhost')
    assert {finding.breaks for finding in found(site, "links")} == {False}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "", "short_name": ""}, "neither name"),
        ({"display": "browser"}, "display 'browser'"),
        ({"prefer_related_applications": True}, "related applications"),
        ({"start_url": "https://other.example/"}, "outside of its scope"),
        ({"start_url": "/"}, "absolute address"),
        ({"icons": []}, "no PNG icon of 192x192"),
        ({"icons": [{"src": "gone.png", "sizes": "192x192", "type": "image/png"}]}, "gone.png"),
        ({"shortcuts": [{"name": "x", "url": "gone.html?a=1"}]}, "gone.html"),
        ({"share_target": {"action": "/share", "params": {}}}, "shares to '/share'"),
        ({"share_target": {"action": "../share", "params": {}}}, "shares to '../share'"),
        ({"share_target": {"action": "share", "params": {"files": []}}}, "by that method"),
        ({"file_handlers": [{"action": "gone.html"}]}, "gone.html"),
    ],
)
def test_a_manifest_that_no_browser_installs(
    site: Path, change: dict[str, object], problem: str
) -> None:
    path = site / "manifest.webmanifest"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}))
    assert any(problem in finding.problem for finding in found(site, "manifest"))


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_manifest_that_is_none(site: Path, content: str) -> None:
    (site / "manifest.webmanifest").write_text(content)
    assert [finding.file for finding in found(site, "manifest")] == ["manifest.webmanifest"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("icon-192.png", png(191, 192), "is 191x192"),
        ("icon-512.png", b"no image", "cannot be decoded"),
        ("apple-touch-icon.png", png(180, 180, "RGBA"), "iOS wants"),
        ("apple-touch-icon.png", b"no image", "cannot be decoded"),
    ],
)
def test_icons_are_measured(site: Path, name: str, content: bytes, problem: str) -> None:
    one(site, f"app/*/icons/{name}").write_bytes(content)
    assert any(
        finding.file.endswith(name) and problem in finding.problem
        for finding in found(site, "manifest")
    )


@pytest.mark.parametrize(
    ("pattern", "change", "problem"),
    [
        ("index.html", ("Content-Security-Policy", "X-Policy"), "has no Content-Security-Policy"),
        ("offline.html", ("default-src", "script-src 'unsafe-eval'; default-src"), "strings run"),
        ("index.html", ("style-src", "style-src 'unsafe-inline'"), "injected"),
        ("index.html", ("img-src", "img-src https:"), "another origin: https:"),
        ("404.html", ("default-src &#39;none&#39;", "default-src *"), "without default-src"),
        ("index.html", ("<body", "<script>go()</script><body"), "an inline script"),
        ("index.html", ("<body", '<body onload="go()"'), "onload"),
        ("index.html", ("<main", '<main style="color: red"'), "a style attribute"),
        ("index.html", ("<head>", '<head><script src="sw.js"></script>'), "before its policy"),
        ("_headers", ("connect-src", "connect-src *"), "another origin: *"),
    ],
)
def test_a_policy_that_is_weak_or_breaks_the_page(
    site: Path, edit: Edit, pattern: str, change: tuple[str, str], problem: str
) -> None:
    edit(pattern, *change)
    assert any(
        finding.file == pattern and problem in finding.problem and finding.breaks
        for finding in found(site, "policy")
    )


@pytest.mark.parametrize("pattern", ["app/*/page.css", "app/*/page/app.js", "runtime/*/tf.js"])
def test_a_file_that_browsers_would_refuse(site: Path, edit: Edit, pattern: str) -> None:
    assert found(site, "integrity") == []
    edit(pattern, "e", "E")
    names = {finding.file for finding in found(site, "integrity") if finding.breaks}
    assert names == {one(site, pattern).relative_to(site).as_posix()}


def test_an_import_map_that_cannot_be_read(site: Path, edit: Edit) -> None:
    edit("index.html", '{"integrity":', '{"integrity"')
    assert "not JSON" in found(site, "integrity")[0].problem


def test_limits_count_for_the_hosts_that_are_meant(site: Path) -> None:
    with one(site, "model/*/*.bin").open("r+b") as file:
        file.truncate(26 * 1024 * 1024)
    (finding,) = (f for f in found(site, "hosts") if f.breaks)
    assert "26.0 MiB; Cloudflare Pages takes files of up to 25 MiB" in finding.problem
    assert "--host" in finding.remedy
    for host, findings in ((GITHUB_PAGES, 0), (NGINX, 0), (CLOUDFLARE_PAGES, 1)):
        result = check_site(site, [host])
        assert len([f for f in result.findings if f.rule == "hosts"]) == findings


def test_what_a_host_makes_of_names_and_headers(site: Path) -> None:
    (site / "Sw.js").write_text("")
    with (site / "_headers").open("a") as file:
        file.write("/sw.*\n  Cache-Control: max-age=600\n")
    problems = " ".join(finding.problem for finding in found(site, "hosts"))
    assert "nothing but case" in problems
    assert "sets Cache-Control for /sw.js and for /sw.*" in problems


def test_transfers_are_told_and_an_update_is_only_what_changed(
    site: Path, whole_site: Path
) -> None:
    before = check_site(whole_site).transfers
    assert before == json.loads((whole_site / "site.json").read_bytes())["transfer"]
    same = check_site(site, previous=whole_site).transfers
    assert same is not None
    assert same["update"]["files"] == 0
    worker = (site / "sw.js").read_text(encoding="utf-8")
    entries = json.loads(worker.split("const manifest = ")[1].split(";\n")[0])["entries"]
    changed = next(entry for entry in entries if entry["url"].endswith("page/app.js"))
    (site / "sw.js").write_text(worker.replace(changed["sha256"], "0" * 64), encoding="utf-8")
    update = check_site(site, previous=whole_site).transfers
    assert update is not None
    assert update["update"]["files"] == 2
    assert update["update"]["bytes"] == changed["size"] + (site / "sw.js").stat().st_size


@pytest.mark.slow
def test_compressed_copies_belong_to_their_files(site: Path) -> None:
    config = SiteConfig(output=site, keep_previous=0, precompress=True)
    build_site(config, prepare=prepare_trees)
    assert list(site.rglob("*.js.br"))
    assert check_site(site).findings == ()


def test_folders_of_the_previous_version_are_no_leftovers(
    site: Path, tmp_path: Path, whole_site: Path
) -> None:
    config = SiteConfig(theme_color="#5b21b6", output=site, keep_previous=1)
    build_site(config, prepare=prepare_trees)
    assert len(list((site / "app").iterdir())) == 2
    assert check_site(site).findings == ()
    old = next(path for path in (whole_site / "app").iterdir())
    next((site / "app" / old.name).rglob("app.js")).write_text("")
    assert any(finding.file.startswith(f"app/{old.name}") for finding in found(site, "files"))


def test_what_is_no_site_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no folder"):
        check_site(tmp_path / "gone")
    with pytest.raises(OutputError, match="no index"):
        check_site(tmp_path)


def test_the_verb_prints_and_exits_by_the_result(site: Path) -> None:
    whole = CliRunner().invoke(main, ["check", str(site)])
    assert whole.exit_code == 0
    assert "nothing would break" in whole.stdout
    assert "First visit:" in whole.stdout
    shutil.rmtree(site / "model")
    broken = CliRunner().invoke(main, ["check", str(site)])
    assert broken.exit_code == 1
    assert "Error: model/" in broken.stdout
    as_json = CliRunner().invoke(main, ["check", str(site), "--json"])
    assert as_json.exit_code == 1
    result = json.loads(as_json.stdout)
    assert result["ok"] is False
    assert {"level", "rule", "file", "problem", "remedy"} == set(result["findings"][0])


def test_the_verb_imports_no_tensorflow() -> None:
    code = (
        "import sys; import builder.check.check_site\n"
        "sys.exit(', '.join({'tensorflow', 'keras', 'numpy'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
