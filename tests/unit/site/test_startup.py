"""The script that stands in index.html, and the hashes of what pages load."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from builder.check.policy_rules import parse_policy
from builder.check.references import read_page
from builder.errors import TemplateError
from builder.resources import assets
from builder.site.files import SiteFile
from builder.site.headers import page_policy, security_headers
from builder.site.runtime import read_runtimes
from builder.site.scripts import START
from builder.site.startup import import_map, integrity, integrity_of, start_script
from tests.conftest import ROOT

MOST_BYTES = 1500
"""What the start may take of every page, in bytes."""


@pytest.fixture(scope="module")
def page(whole_site: Path) -> str:
    """Return index.html of a site as the package's build makes it."""
    return (whole_site / "index.html").read_text(encoding="utf-8")


def test_a_hash_is_that_of_subresource_integrity() -> None:
    """As the example of https://www.w3.org/TR/SRI/#integrity-metadata-description, by SHA-256."""
    content = b"alert('Hello, world.');"
    assert integrity(content) == f"sha256-{b64encode(sha256(content).digest()).decode()}"
    assert integrity(content) == "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="


def test_the_import_map_has_modules_and_names_and_nothing_else() -> None:
    files = [
        SiteFile(path, path.encode())
        for path in ("app/1/a.js", "app/1/messages/de.json", "app/1/classes/de.json")
    ]
    others = [SiteFile(path, b"") for path in ("app/1/a.css", "app/1/icon.png", "app/1/x.json")]
    hashes = json.loads(import_map([*files, *others]))["integrity"]
    assert hashes == {f"./{file.path}": integrity(file.content) for file in files}


def test_a_hash_of_what_is_no_file_is_an_error() -> None:
    assert integrity_of([SiteFile("a.js", b"a")])("a.js") == integrity(b"a")
    with pytest.raises(TemplateError, match=r"no file b\.js"):
        integrity_of([])("b.js")


def test_what_would_end_the_element_is_an_error() -> None:
    with pytest.raises(TemplateError, match="would end its script element"):
        start_script("const html = '</script>';")


def test_the_start_stands_in_the_page_and_is_small(page: str) -> None:
    plain, imports = (script for script in read_page(page).scripts)
    assert (plain.kind, imports.kind) == ("", "importmap")
    merged = (assets() / "runtime" / "scripts" / START).read_text(encoding="utf-8").strip()
    assert plain.text == merged
    assert len(plain.text.encode()) <= MOST_BYTES


def test_the_policy_allows_what_stands_in_the_page_and_no_other_script(page: str) -> None:
    found = read_page(page)
    hashes = [f"'{integrity(script.text.encode())}'" for script in found.scripts]
    (policy,) = found.policies
    assert parse_policy(policy)["script-src"] == ["'self'", "'wasm-unsafe-eval'", *hashes]
    assert policy == page_policy(digest.strip("'") for digest in hashes)
    headers = security_headers(digest.strip("'") for digest in hashes)
    assert headers["Content-Security-Policy"] == f"{policy}; frame-ancestors 'none'"


def test_every_module_script_and_style_has_a_hash(page: str, whole_site: Path) -> None:
    (imports,) = (each for each in read_page(page).scripts if each.kind == "importmap")
    hashes = json.loads(imports.text)["integrity"]
    modules = [
        path.relative_to(whole_site).as_posix()
        for folder in ("app", "runtime")
        for path in (whole_site / folder).rglob("*.js")
    ]
    assert modules
    assert {f"./{path}" for path in modules} <= set(hashes)
    for name in ("index.html", "offline.html", "404.html"):
        references = read_page((whole_site / name).read_text(encoding="utf-8")).references
        loaded = [each for each in references if re.search(r"\.(js|css)$", each.address)]
        for each in loaded:
            assert each.integrity == integrity((whole_site / each.address).read_bytes())
        assert loaded or name == "404.html"


def test_the_page_names_all_that_its_start_loads(page: str, whole_site: Path) -> None:
    """The start fetches anew what has a hash in a link."""
    (app,) = (whole_site / "app").iterdir()
    imports = read_runtimes().lean.merged.file_imports
    needed = {"page/app.js", *imports["page/app.js"], "page.css", "start.js"}
    # No part imports others that the page's entry does not.
    assert all(set(imports[path]) <= needed for path in needed if path in imports)
    links = set(re.findall(r'<link [^>]*href="([^"]+)" integrity=', page))
    assert links == {f"app/{app.name}/{path}" for path in needed}


def test_the_deadlines_leave_nobody_in_the_dark_for_half_a_minute() -> None:
    source = (ROOT / "site_templates" / START).read_text(encoding="utf-8")
    (timeout,) = re.findall(r"TIMEOUT_MS = ([\d_]+);", source)
    # A file that does not come is told after one wait, and one that is asked for anew after two.
    assert 2 * int(timeout.replace("_", "")) <= 20_000
