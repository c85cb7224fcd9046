"""What lies under app/, runtime/ and model/: contents by path, relative to the folder."""

from collections.abc import Callable

from builder.site.context import AppContext
from builder.site.merged import AppModules
from builder.site.render import Templates, is_rendered, rendered_name

PAGE_ENTRY = "page/app.js"
"""The module that index.html starts."""
SCREENS_ENTRY = "page/screens/lazy.js"
"""The module that the page imports when a further screen is first opened."""
WORKER_ENTRY = "classifier/worker.js"
"""The module that the classifier's worker starts with."""
START_FILE = "start.js"
"""The script that starts the worker before the modules are there."""

_ENTRIES = (PAGE_ENTRY, WORKER_ENTRY, "classifier/engine.js")
"""What a photo needs; the last where there is no worker."""
_WITHOUT = ("messages/", "classes/", "icons/", "libraries/")

_APP = "app/"


def app_contents(templates: Templates, context: AppContext) -> dict[str, bytes]:
    """Return the files of `site_templates/app/`, those that end in .jinja rendered."""
    return {
        rendered_name(name).removeprefix(_APP): (
            templates.render(name, context) if is_rendered(name) else templates.read(name)
        )
        for name in templates.names
        if name.startswith(_APP)
    }


def is_needed_offline(app: AppModules) -> Callable[[str], bool]:
    """Return a function that says whether the app works offline without a file of its folder.

    It works without texts and names in other languages than the page's own, without pictures, and
    without modules and libraries that are loaded when a further screen is first entered. Of modules
    that are not merged all are needed: one of the user's own may import any.
    """
    entries = [entry for entry in _ENTRIES if entry in app.contents]
    needed = {module for entry in entries for module in app.graph(entry)} | {START_FILE}

    def judge(path: str) -> bool:
        if path.endswith(".js"):
            return path in needed or not app.merged
        return not path.startswith(_WITHOUT)

    return judge
