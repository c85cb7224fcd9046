"""The GitHub Action: valid, and its steps, one after the other, build and check a site.

What the network is needed for has a stand-in: the environment that pip would fill. Its program
reads the command line as the real one does, and tells what it was asked.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.workflows import faults, parsed

TEXT = (ROOT / "action.yml").read_text(encoding="utf-8")
ACTION = parsed(TEXT)
STEPS = ACTION["runs"]["steps"]

PYTHON = """#!/bin/sh
case "$*" in
  "-m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    cp "$(dirname "$0")/program" "$3/bin/classifier-pwa" ;;
  "-m pip "*) shift 2; echo "$@" "$PIP_CONSTRAINT" >> "{folder}/installed" ;;
esac
"""
PROGRAM = """#!{python}
import json, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from builder.cli.main import main
from builder.config import read_config
verb = main.get_command(None, sys.argv[1])
options = verb.make_context(sys.argv[1], sys.argv[2:]).params
if sys.argv[1] == "build":
    names = {{name: options[name] for name in ("model", "labels", "output")}}
    read = read_config(options["config"], names)
    options = {{name: getattr(read, name) for name in ("model", "labels", "output", "title")}}
told = {{name: value and str(value) for name, value in options.items()}}
with Path({folder!r}, "asked").open("a") as file:
    print(json.dumps([sys.argv[1], told]), file=file)
"""


@dataclass
class Runner:
    """Runs the steps of the action as GitHub does."""

    folder: Path
    inputs: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def temp(self) -> Path:
        return self.folder / "runner temp"

    def resolve(self, text: str) -> str:
        """Return a text with the value of each expression in it; of unknown ones none."""
        values = {"runner.temp": str(self.temp), "github.action_path": str(ROOT)}
        given = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | self.inputs
        values |= {f"inputs.{name}": value for name, value in given.items()}
        for step, outputs in self.outputs.items():
            values |= {f"steps.{step}.outputs.{name}": value for name, value in outputs.items()}
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], text)

    def run(self, step: dict[str, Any]) -> None:
        output = self.folder / "output"
        output.write_text("")
        subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env={
                "PATH": "/usr/bin:/bin",
                "GITHUB_OUTPUT": str(output),
                **{name: self.resolve(value) for name, value in step.get("env", {}).items()},
            },
            check=True,
        )
        lines = output.read_text().splitlines()
        self.outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)

    def lines(self, name: str) -> list[str]:
        return (self.folder / name).read_text().splitlines()


def runner(folder: Path, **inputs: str) -> Runner:
    """Return a runner with Python set up, as the first step leaves it."""
    for name, text in (
        ("python", PYTHON.format(folder=folder)),
        ("program", PROGRAM.format(python=sys.executable, root=str(ROOT), folder=str(folder))),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    made = Runner(folder, inputs, {"python": {"python-path": str(folder / "python")}})
    made.workspace.mkdir()
    made.temp.mkdir()
    return made


def test_the_schema_has_nothing_against_it() -> None:
    assert faults(TEXT, "action") == []
    assert faults(TEXT.replace("using: composite", "using: magic"), "action")


@pytest.mark.parametrize("configured", [False, True])
def test_its_steps_build_and_check_a_site(tmp_path: Path, configured: bool) -> None:
    inputs = {"config": "my app.toml", "model": "mobilenet", "labels": "my labels.txt"}
    github = runner(tmp_path, **(inputs if configured else {}))
    (github.workspace / "my app.toml").write_text('title = "Trees"\nmodel = "demo"\n')
    (github.workspace / "my labels.txt").write_text("ash\noak\n")

    for step in STEPS:
        if "run" in step:
            github.run(step)

    site = str(github.temp / "classifier-pwa" / "site")
    assert github.lines("installed") == [
        f"install --quiet {ROOT}[imagenet] {ROOT / 'constraints.txt'}"
    ]
    (_, built), (_, checked) = map(json.loads, github.lines("asked"))
    assert built == {
        "model": "mobilenet" if configured else "auto",
        "labels": "my labels.txt" if configured else None,
        "title": "Trees" if configured else None,
        "output": site,
    }
    assert checked["dist"] == site
    assert github.resolve(ACTION["outputs"]["folder"]["value"]) == site


def test_a_step_that_fails_ends_it(tmp_path: Path) -> None:
    github = runner(tmp_path, labels="gone.txt")
    install, build, *_ = [step for step in STEPS if "run" in step]
    github.run(install)

    with pytest.raises(subprocess.CalledProcessError):
        github.run(build)


def test_what_is_cached_is_where_the_build_looks() -> None:
    (cache,) = [step for step in STEPS if step.get("uses", "").startswith("actions/cache@")]
    (build,) = [step for step in STEPS if step.get("id") == "build"]

    assert build["env"]["CLASSIFIER_PWA_CACHE"] in cache["with"]["path"].splitlines()
    assert "~/.keras/models" in cache["with"]["path"].splitlines()
