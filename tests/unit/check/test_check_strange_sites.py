"""A site that others have changed, added to, or made up: it is judged, and fails nothing."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click import unstyle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.check.check_site import check_site
from builder.cli.check import finding_text
from builder.hashing import folder_hash
from builder.hosting.hosts import HOSTS
from builder.site.description import describe_files
from builder.site.files import SiteFile
from builder.site.headers import CSP
from builder.site.report import report_file
from tests.unit.check.test_check import png
from tests.unit.sites import report

PAGE = f"""<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="{CSP}">
<link rel="apple-touch-icon" href="icon.png"><meta property="og:url" content="https://x.example/">
<link rel="manifest" href="manifest.webmanifest"></head><body><a href="./">home</a></body></html>"""
MANIFEST = {
    "name": "Trees",
    "display": "standalone",
    "start_url": "./",
    "icons": [{"src": "icon.png", "sizes": "192x192", "type": "image/png", "purpose": "any"}],
    "shortcuts": [{"url": "./?x", "icons": []}],
    "share_target": {"action": "share", "method": "POST", "params": {"files": []}},
}


def small_site(folder: Path) -> Path:
    """Write a site of a few small files into a new folder."""
    module = b"import './b.js';\nnew URL('../x.css', import.meta.url);\n"
    names = {
        name: f"{name}/{folder_hash({'a.js': module})}/" for name in ("app", "model", "runtime")
    }
    files = [SiteFile(f"{path}a.js", module) for path in names.values()]
    files += [
        SiteFile("index.html", PAGE.encode()),
        SiteFile("icon.png", png(192, 192)),
        SiteFile("page.css", b"@import 'a.css'; b { background: url(icon.png) }"),
        SiteFile("manifest.webmanifest", json.dumps(MANIFEST).encode()),
        SiteFile("_headers", b"/*\n  Content-Security-Policy: default-src 'none'\n"),
    ]
    entries = [
        {
            "url": file.path,
            "size": file.size,
            "sha256": file.sha256,
            "type": "text/html",
            "groups": ["core"],
        }
        for file in files
    ]
    worker = f"const manifest = {json.dumps({'entries': entries})};\n"
    files.append(SiteFile("sw.js", worker.encode()))
    for file in (*files, report_file(report(files=describe_files(files), **names))):
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_bytes(file.content)
    return folder


STRANGE: list[Any] = [
    *(
        None,
        True,
        -1,
        1e999,
        "",
        "x",
        "../../etc/passwd",
        "http://[",
        "/",
        "\ud800",
        [],
        {},
        [None],
    ),
    *({"": None}, [[]], "a" * 300, "data:x", "\x1b[2J", 10**400),
]


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value in a JSON document."""
    yield at
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in inner:
        yield from leaves(part, (*at, key))


def replaced(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[at[0]] = replaced(copy[at[0]], at[1:], new)
    return copy


def judged(folder: Path) -> bool:
    """Check a site; return whether there is something to put right."""
    result = check_site(folder, HOSTS.values())
    json.dumps(result.as_json())
    for finding in result.findings:
        assert "\x1b" not in unstyle(finding_text(finding)).encode().decode()
    return result.broken


@pytest.mark.slow
@pytest.mark.parametrize("name", ["site.json", "manifest.webmanifest", "sw.js"])
def test_any_value_in_any_place_is_judged(tmp_path: Path, name: str) -> None:
    whole = small_site(tmp_path / "whole")
    text = (whole / name).read_text(encoding="utf-8")
    start, end = ("const manifest = ", ";\n") if name == "sw.js" else ("", "")
    document = json.loads(text.removeprefix(start).removesuffix(end))
    for at in leaves(document):
        for value in STRANGE if len(at) < 2 else STRANGE[::4]:
            changed = json.dumps(replaced(document, at, value))
            (whole / name).write_text(f"{start}{changed}{end}", encoding="utf-8")
            judged(whole)


@pytest.mark.slow
@given(
    st.sampled_from(
        [
            "site.json",
            "sw.js",
            "manifest.webmanifest",
            "index.html",
            "page.css",
            "icon.png",
            "_headers",
        ]
    ),
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), min_size=1
    ),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_in_any_file_are_judged(
    tmp_path: Path, name: str, splices: list[tuple[int, int, bytes]]
) -> None:
    folder = tmp_path / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    path = small_site(folder) / name
    content = path.read_bytes()
    for start, length, piece in splices:
        content = content[:start] + piece + content[start + length :]
    path.write_bytes(content)
    judged(folder)


def test_a_page_of_somebody_elses_is_not_judged(site: Path) -> None:
    (site / "google0123456789abcdef.html").write_text("google-site-verification: google0123")
    (site / "BingSiteAuth.xml").write_text("<users/>")
    (site / "mine").mkdir()
    (site / "mine" / "page.html").write_text("<script>alert(1)</script><img src='//x.example/y'>")
    (site / "mine" / "style.css").write_text("@import 'https://x.example/y.css'")
    (site / "mine" / "module.js").write_text("import 'react'")
    findings = check_site(site).findings
    assert {finding.rule for finding in findings} == {"files"}
    assert not any(finding.breaks for finding in findings)
    assert all(finding.problem == "is not from the build." for finding in findings)


def test_pipes_and_links_are_found_and_not_read(site: Path, tmp_path: Path) -> None:
    for name in ("pipe", "_headers"):
        (site / name).unlink(missing_ok=True)
        os.mkfifo(site / name)
    os.mkfifo(tmp_path / "outside")
    (site / "link").symlink_to(tmp_path / "outside")
    told = {(finding.file, finding.problem) for finding in check_site(site).findings}
    assert ("pipe", "is a pipe, a device or a socket.") in told
    assert ("_headers", "is a pipe, a device or a socket.") in told
    assert any(file == "link" and "symbolic link" in problem for file, problem in told)


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        (b"{", "is not JSON"),
        (b'{"generator": "classifier-pwa"}', "has no object in files"),
        (
            b'{"generator": "classifier-pwa", "files": {"/etc/passwd": {}}}',
            "leads out of the folder",
        ),
    ],
)
def test_what_is_wrong_with_site_json_is_told(site: Path, report: bytes, problem: str) -> None:
    (site / "site.json").write_bytes(report)
    (finding,) = (f for f in check_site(site).findings if f.file == "site.json")
    assert problem in finding.problem
    assert finding.breaks
