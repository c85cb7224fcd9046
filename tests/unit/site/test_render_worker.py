"""The rendered service worker: one classic script that parses."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.errors import TemplateError
from builder.resources import site_templates
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.render import Templates, WorkerContext
from builder.site.scripts import WORKER, read_scripts, script_text
from builder.site.withdrawal import assemble_withdrawal
from tests.node import find_node

ENTRY = {
    "url": "./",
    "sha256": "0" * 64,
    "size": 1,
    "type": "text/html; charset=utf-8",
    "groups": ["core"],
}

COUNT_SCRIPTS = """
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const starts = JSON.parse(readFileSync(process.argv[1], 'utf8'));
const parses = (code) => { try { return Boolean(new Script(code)); } catch { return false; } };
console.log(JSON.stringify({ tried: starts.length, scripts: starts.filter(parses).length }));
"""


@pytest.fixture(scope="module")
def script() -> str:
    """Return sw.js with a manifest of one file."""
    manifest = {"version": "0123456789abcdef", "entries": [ENTRY], "headers": {}}
    context = WorkerContext(
        **vars(app_context(SiteConfig(), read_catalogues(Templates(), "en"))),
        service_worker=script_text(WORKER, read_scripts(), Templates()),
        precache_manifest_json=json.dumps(manifest),
    )
    return Templates().render("sw.js.jinja", context).decode()


@pytest.fixture(scope="module")
def withdrawal() -> str:
    """Return sw.js of a withdrawn app."""
    site = assemble_withdrawal(SiteConfig(kill_switch=True), Templates())
    return next(file.content for file in site.files if file.path == "sw.js").decode()


@pytest.fixture(scope="module")
def node() -> str:
    return find_node()


def test_every_module_of_the_service_worker_is_in_it() -> None:
    sources = read_scripts()[WORKER].sources
    own = {path.relative_to(site_templates()) for path in (site_templates() / "sw").glob("*.js")}
    assert {path.as_posix() for path in own} <= set(sources)


def test_it_imports_nothing_any_more(script: str) -> None:
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


def test_one_of_its_modules_cannot_be_replaced_by_templates(tmp_path: Path) -> None:
    own = tmp_path / "sw" / "plan.js"
    own.parent.mkdir()
    own.write_text("export const mine = 1;\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"plan\.js is part of sw/main\.js, .*make build"):
        script_text(WORKER, read_scripts(), Templates(tmp_path))


def test_it_is_a_script_that_parses(script: str, node: str, tmp_path: Path) -> None:
    path = tmp_path / "sw.cjs"
    path.write_text(script, encoding="utf-8")
    checked = subprocess.run([node, "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["script", "withdrawal"])
def test_the_start_of_it_is_no_script(
    name: str, request: pytest.FixtureRequest, node: str, tmp_path: Path
) -> None:
    """A host may hand out half an upload, which must not be installed as the whole."""
    lines = request.getfixturevalue(name).splitlines(keepends=True)
    # From the block's opening on; each cut is tried as a script, none is run.
    starts = ["".join(lines[:count]) for count in range(2, len(lines))]
    (tmp_path / "starts.json").write_text(json.dumps(starts), encoding="utf-8")
    checked = subprocess.run(
        [node, "--eval", COUNT_SCRIPTS, tmp_path / "starts.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(checked.stdout) == {"tried": len(starts), "scripts": 0}
