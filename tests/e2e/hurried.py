"""Small sites that wait for moments, and are else as people get them: with the modules merged.

Every file of one says its title, if only in a comment: an update brings another one of each kind.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from builder.config import SiteConfig
from builder.resources import site_templates
from builder.site.assembly import assemble_site
from builder.site.class_names import Translations
from builder.site.render import Templates
from builder.site.runtime import read_runtimes
from tests.e2e.bundling import bundled

WAITS = {
    "app/shared/timeouts.js": {
        "STALL_MS": 1500,
        "BACKOFF_MS": 20,
        "RETRY_AFTER_MS": 500,
        "EXTRAS_MS": 400,
        "PAGE_MS": 800,
        "ALIVE_MS": 500,
    },
    "app/shared/page-timeouts.js": {
        "START_MS": 2500,
        "QUIET_MS": 700,
        "REGISTER_MS": 2500,
        "REPLY_MS": 5000,
        "NAMES_MS": 1000,
    },
    "app/page/offline/offline.js": {"AGAIN_MS": 2000},
    "app/page/startup/inline.js": {"TIMEOUT_MS": 1500},
}
"""Milliseconds by template and the name of a constant in it."""

VERSION = "app/page/startup/end.js"
"""The module that tells the page which version it is."""


def hurried_site(
    title: str,
    model: Mapping[str, bytes],
    output: Path,
    translations: Translations,
    theme_color: str,
) -> Path:
    """Write a site around these files of a model into a new folder, and return it.

    Needs Node and the JavaScript tools of the checkout.
    """
    templates = _hurried_templates(title, output.with_name(f"{output.name} templates"))
    work = output.with_name(f"{output.name} merging")
    runtime = bundled(read_runtimes().for_model(model["model.json"]), templates, work)
    merged = {path: _marked(path, file, title) for path, file in runtime.merged.files.items()}
    marked = replace(
        runtime,
        contents={name: _marked(name, file, title) for name, file in runtime.contents.items()},
        merged=replace(runtime.merged, files=merged),
    )
    metadata = {**json.loads(model["metadata.json"]), "title": title}
    site = assemble_site(
        SiteConfig(title=title, output=output, theme_color=theme_color),
        Templates(templates),
        marked,
        {**model, "metadata.json": json.dumps(metadata).encode()},
        translations={
            tag: {name: f"{called} ({title})" for name, called in names.items()}
            for tag, names in translations.items()
        },
    )
    for file in site.files:
        path = output / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return output


def _marked(name: str, content: bytes, title: str) -> bytes:
    """Return a file of code that says the title and does what it did."""
    if name.endswith(".js"):
        return content + f"// {title}\n".encode()
    if name.endswith(".wasm"):
        # A custom section: https://webassembly.github.io/spec/core/binary/modules.html
        return content + bytes([0, len(title) + 1, len(title)]) + title.encode()
    return content


def _hurried_templates(title: str, folder: Path) -> Path:
    """Write the templates that say how long to wait for what, with shorter waits, and the title."""
    changed: dict[str, str] = {}

    def source_of(name: str) -> str:
        return changed.get(name) or (site_templates() / name).read_text(encoding="utf-8")

    for name, waits in WAITS.items():
        for constant, milliseconds in waits.items():
            changed[name], count = re.subn(
                rf"\b{constant} = [\d_]+;", f"{constant} = {milliseconds};", source_of(name)
            )
            assert count == 1, f"{name} has no {constant}"
    changed[VERSION] = source_of(VERSION) + f"globalThis.version = '{title}';\n"
    changed["styles/system.css"] = source_of("styles/system.css") + f"/* {title} */\n"
    # A comment would not be in what is bundled.
    changed["app/start.js"] = source_of("app/start.js") + f"'{title}'.at(0);\n"
    for file in (site_templates() / "messages").glob("*.json"):
        catalogue = json.loads(file.read_bytes())
        catalogue["messages"]["offline"] += f" ({title})"
        changed[f"messages/{file.name}"] = json.dumps(catalogue)
    for name, text in changed.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
