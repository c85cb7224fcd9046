"""The app's scripts, each bundled into one file with all that it imports by the package's build."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import TemplateError
from builder.hashing import sha256_hex
from builder.resources import assets
from builder.site.backends import runtime_error
from builder.site.render import Templates

START = "app/page/startup/inline.js"
"""Stands in the page itself."""
EARLY = "app/start.js"
"""Starts the worker before the modules are there."""
WORKER = "sw/main.js"
"""The service worker; sw.js.jinja starts it."""
WITHDRAWN_PAGE = "withdrawn/page.js"
WITHDRAWN_WORKER = "withdrawn/sw.js"
WATCHED_WORKER = "withdrawn/watched-sw.js"
"""Stands in for the service worker of a site that `build --watch` serves."""


@dataclass(frozen=True)
class Script:
    """One script."""

    text: str
    """Its code."""
    sources: Mapping[str, str]
    """SHA-256 of each module that went in, by path in the folder of templates."""


Scripts = Mapping[str, Script]
"""By the path of the module that a script is made from."""


def read_scripts(folder: Path | None = None) -> Scripts:
    """Return all scripts. Raises BuilderError if the runtime is missing or incomplete."""
    folder = folder or assets() / "runtime"
    try:
        return scripts_of(folder, json.loads((folder / "runtime.json").read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise runtime_error(folder, error) from error


def scripts_of(folder: Path, described: Mapping[str, Any]) -> Scripts:
    """Return the scripts that the runtime's description lists."""
    return {
        name: Script((folder / "scripts" / name).read_text("utf-8"), sources)
        for name, sources in described["scripts"].items()
    }


def script_text(name: str, scripts: Scripts, templates: Templates) -> str:
    """Return a script's code.

    Raises TemplateError where the templates have another module than went into it: only the
    package's build can bundle it anew.
    """
    script = scripts[name]
    for path, sha256 in script.sources.items():
        if sha256_hex(templates.read(path)) != sha256:
            raise TemplateError(
                f"{templates.path_of(path)} is part of {name}, which is bundled when"
                " classifier-pwa is built, so a folder of templates cannot replace it. Change it in"
                " a checkout of classifier-pwa, and run `make build` there."
            )
    return script.text
