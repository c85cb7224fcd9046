"""The rendered service worker: one classic script that parses, and in which every name is known."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.resources import site_templates
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.render import Templates, WorkerContext
from builder.site.withdrawal import assemble_withdrawal

ROOT = Path(__file__).resolve().parents[3]
ESLINT = ROOT / "node_modules" / "eslint" / "bin" / "eslint.js"
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
    program = shutil.which("node")
    if program is None:
        pytest.skip("needs node on the PATH")
    return program


def test_it_inlines_every_module(script: str) -> None:
    for module in (site_templates() / "sw").glob("*.js"):
        exports = re.findall(r"^export (.*)$", module.read_text(encoding="utf-8"), re.MULTILINE)
        assert exports, module
        for declaration in exports:
            assert f"\n{declaration}\n" in script
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


def test_it_is_a_script_that_parses(script: str, node: str, tmp_path: Path) -> None:
    path = tmp_path / "sw.cjs"
    path.write_text(script, encoding="utf-8")
    checked = subprocess.run([node, "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


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


def test_it_uses_no_unknown_name_and_has_none_to_spare(script: str, node: str) -> None:
    if not ESLINT.is_file():
        pytest.skip("needs the packages of package.json: npm ci")
    # The modules' own variables may be called as the parts that the script makes.
    command = [node, ESLINT, "--stdin", "--stdin-filename", "site_templates/sw.js"]
    checked = subprocess.run(
        [*command, "--rule", "no-shadow: off"],
        cwd=ROOT,
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_listeners_are_of_one_line(script: str) -> None:
    listeners = re.findall(r"^self\.addEventListener\('(\w+)', .*\);$", script, re.MULTILINE)
    assert listeners == ["install", "activate", "fetch", "fetch", "message"]
    assert script.count("self.addEventListener(") == len(listeners)
