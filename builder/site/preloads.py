"""What index.html has the browser request before the app's modules run, all side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.site.app_files import PAGE_ENTRY, SCREENS_ENTRY
from builder.site.backends import common_groups
from builder.site.files import AddressedFolder
from builder.site.licences import is_licences
from builder.site.merged import AppModules
from builder.site.runtime import Runtime


@dataclass(frozen=True)
class Preloads:
    """Paths relative to the site's root."""

    modules: tuple[str, ...]
    """The page's own modules."""
    screens: tuple[str, ...]
    """What it imports when a further screen is first opened, without what it already has."""
    files: tuple[str, ...]
    """The model's files, which the page relays to the worker.

    The worker's modules are not among them: browsers preload for the document alone, and a second
    visit would take each from the service worker twice.
    """
    binaries: Mapping[str, str]
    """The WebAssembly of the first backend by build, of which a script picks the one that the
    browser runs."""
    runtime_modules: tuple[str, ...]
    """What the worker imports to run it."""


def preloads(app: AppModules, folders: Mapping[str, AddressedFolder], runtime: Runtime) -> Preloads:
    """Return what a first visit needs."""
    first = runtime.backends[0]
    modules = [
        name
        for group in common_groups([first])
        for name in runtime.groups[group]
        if name.endswith(".js")
    ]
    page = app.graph(PAGE_ENTRY)
    screens = [path for path in app.graph(SCREENS_ENTRY) if path not in page]
    return Preloads(
        modules=tuple(folders["app"].path + path for path in page),
        screens=tuple(folders["app"].path + path for path in screens),
        files=tuple(file.path for file in folders["model"].files if not is_licences(file.path)),
        binaries={
            build.name: folders["runtime"].path + build.single.binary for build in first.builds
        },
        runtime_modules=tuple(folders["runtime"].path + name for name in modules),
    )
