"""What lies under app/, runtime/ and model/: contents by path, relative to the folder."""

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

from builder.errors import TemplateError
from builder.site.context import AppContext
from builder.site.render import Templates, is_rendered, rendered_name

PAGE_ENTRY = "page/app.js"
"""The module that index.html starts."""

_APP = "app/"
_STATIC_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["'](\.[^"']*)["']""", re.MULTILINE
)


def app_contents(templates: Templates, context: AppContext) -> dict[str, bytes]:
    """Return the files of `site_templates/app/`, those that end in .jinja rendered."""
    return {
        rendered_name(name).removeprefix(_APP): (
            templates.render(name, context) if is_rendered(name) else templates.read(name)
        )
        for name in templates.names
        if name.startswith(_APP)
    }


def module_graph(contents: Mapping[str, bytes], entry: str) -> tuple[str, ...]:
    """Return the modules that `entry` loads through static imports, itself first, then sorted.

    The page preloads them all at once, where the browser would find them one import at a time.
    Raises TemplateError for an import that leads nowhere, and for a module that is not UTF-8.
    """
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imports(module, contents)
    return (entry, *sorted(found - {entry}))


def _imports(module: str, contents: Mapping[str, bytes]) -> list[str]:
    try:
        source = contents[module].decode()
    except UnicodeDecodeError as error:
        raise TemplateError(f"app/{module} is not UTF-8 text.") from error
    paths = []
    for specifier in _STATIC_IMPORT.findall(source):
        path = normpath(join(dirname(module), specifier))
        if path not in contents:
            raise TemplateError(
                f"app/{module} imports {specifier!r}, which is not a file of the app."
            )
        paths.append(path)
    return paths
