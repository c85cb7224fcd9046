"""What index.html has the browser request before the app's modules run, all side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.site.app_files import PAGE_ENTRY, module_graph
from builder.site.files import AddressedFolder
from builder.site.runtime import Runtime

_BUILDS = {"relaxed-simd": "wasm-relaxed", "simd": "wasm-simd", "plain": "wasm"}
"""The runtime's groups by the builds of WebAssembly that app/classifier/builds.js tells apart."""


@dataclass(frozen=True)
class Preloads:
    """Paths relative to the site's root."""

    modules: tuple[str, ...]
    """The page's own modules."""
    files: tuple[str, ...]
    """The model's files, which the page relays to the worker.

    The worker's modules are not among them: browsers preload for the document alone, and a second
    visit would take each from the service worker twice.
    """
    binaries: Mapping[str, str]
    """The WebAssembly by build, of which a script picks the one that the browser runs."""
    runtime_modules: tuple[str, ...]
    """What the worker imports to run it."""


def preloads(
    app: Mapping[str, bytes], folders: Mapping[str, AddressedFolder], runtime: Runtime
) -> Preloads:
    """Return what a first visit needs. `app` has the contents of the app's folder by path.

    Raises TemplateError as `module_graph` does.
    """
    return Preloads(
        modules=tuple(folders["app"].path + path for path in module_graph(app, PAGE_ENTRY)),
        files=tuple(file.path for file in folders["model"].files),
        binaries={
            build: folders["runtime"].path + name
            for build, group in _BUILDS.items()
            for name in runtime.groups.get(group, ())
            if name.endswith(".wasm")
        },
        runtime_modules=tuple(
            folders["runtime"].path + name
            for group in ("core", _BUILDS["plain"])
            for name in runtime.groups.get(group, ())
            if name.endswith(".js")
        ),
    )
