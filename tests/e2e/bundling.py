"""What the package's build makes of a folder of templates: for sites that wait for moments."""

import json
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

from builder.resources import site_templates
from builder.site.merged import MergedModules
from builder.site.runtime import Runtime
from builder.site.scripts import Script
from tests.conftest import ROOT

_INPUTS = ("app", "sw", "withdrawn")


def bundled(runtime: Runtime, overrides: Path, work: Path) -> Runtime:
    """Return the runtime with the app's modules merged, and its scripts bundled, from templates.

    `overrides` has the templates that differ from the package's own; `work` is a new folder. Needs
    Node and the JavaScript tools of the checkout.
    """
    shutil.copytree(ROOT / "builder" / "runtime", work / "builder" / "runtime")
    for name in _INPUTS:
        shutil.copytree(site_templates() / name, work / "site_templates" / name)
        if (overrides / name).is_dir():
            shutil.copytree(overrides / name, work / "site_templates" / name, dirs_exist_ok=True)
    for name in ("LICENSE", "package.json"):
        shutil.copyfile(ROOT / name, work / name)
    (work / "node_modules").symlink_to(ROOT / "node_modules")
    done = subprocess.run(
        [_node(), ROOT / "tests" / "js" / "merge_app.mjs", work],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    made = json.loads(done.stdout)
    own = {f"libraries/{name}" for name in runtime.libraries}
    merged = MergedModules(
        sources={
            path: runtime.merged.sources[path] if path in own else digest
            for path, digest in made["sources"].items()
        },
        files={file["path"]: file["text"].encode() for file in made["files"]},
        source_imports={path: tuple(to) for path, to in made["imports"]["single"].items()},
        file_imports={path: tuple(to) for path, to in made["imports"]["merged"].items()},
    )
    scripts = {each["name"]: Script(each["text"], each["sources"]) for each in made["scripts"]}
    return replace(runtime, merged=merged, scripts=scripts)


@cache
def _node() -> str:
    node = shutil.which("node")
    assert node, "needs Node, which comes with make"
    return node
