"""All files of a site from a configuration, templates, runtime and model; nothing is written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from builder import __version__
from builder.config import SiteConfig
from builder.site.app_files import PAGE_ENTRY, app_contents, module_graph
from builder.site.colors import make_theme
from builder.site.context import AppContext, PageContext, WorkerContext
from builder.site.description import REPORT, build_report, site_description
from builder.site.files import AddressedFolder, SiteFile, addressed_folder
from builder.site.headers import CSP, headers_file
from builder.site.icons import icon_paths, make_icons
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.manifest import web_app_manifest
from builder.site.precache import precache_manifest
from builder.site.render import Templates
from builder.site.runtime import Runtime

LANGUAGE = "en"
"""Language of the interface's texts."""

_CACHED_PAGES = ("index.html", "manifest.webmanifest", "offline.html")
_PAGES = ("404.html", *_CACHED_PAGES)
_WORKER = "sw.js"


@dataclass(frozen=True)
class Site:
    """A whole site, not written yet."""

    files: tuple[SiteFile, ...]
    """Every file."""
    report: dict[str, Any]
    """The content of site.json."""


def assemble_site(
    config: SiteConfig, templates: Templates, runtime: Runtime, model_files: Mapping[str, bytes]
) -> Site:
    """Return all files of the site. `model_files` has model.json, shards and metadata.json.

    Raises TemplateError if a template does not render.
    """
    metadata = json.loads(model_files["metadata.json"])
    base = app_context(config)
    app = app_contents(templates, base) | make_icons(config.theme_color)
    folders = {
        "app": addressed_folder("app", app),
        "runtime": addressed_folder("runtime", runtime.contents),
        "model": addressed_folder("model", model_files),
    }
    page_context = _page_context(config, base, metadata, folders, app)
    pages = {name: _render_page(templates, name, page_context) for name in _PAGES}
    kept = [*folders["app"].files, *folders["model"].files]
    kept += [pages[name] for name in _CACHED_PAGES]
    worker = _worker(templates, base, kept, folders, runtime)
    stable = [*pages.values(), worker, SiteFile(".nojekyll", b"")]
    stable.append(SiteFile("_headers", headers_file([*_PAGES, _WORKER, REPORT])))
    files = sorted(
        [*(file for folder in folders.values() for file in folder.files), *stable],
        key=lambda file: file.path,
    )
    description = site_description(config, metadata, folders)
    report = build_report(description, metadata, files, runtime.version)
    return Site(
        (*files, SiteFile(REPORT, f"{canonical_json(report, indent=2)}\n".encode())), report
    )


def rehearse_site(config: SiteConfig, templates: Templates, runtime: Runtime) -> None:
    """Render everything around a stand-in for the model, to find a template's fault early.

    Raises TemplateError as `assemble_site` does.
    """
    stand_in = {
        "name": "",
        "labels": [""],
        "preprocessing": {"grayscale": config.grayscale},
        "source": {"substitution": None},
    }
    assemble_site(config, templates, runtime, {"metadata.json": json.dumps(stand_in).encode()})


def app_context(config: SiteConfig) -> AppContext:
    """Return what templates under app/ may use."""
    return AppContext(
        title=config.title,
        short_name=config.shown_short_name,
        description=config.description,
        lang=LANGUAGE,
        theme_color=config.theme_color,
        theme=make_theme(config.theme_color),
        version=__version__,
    )


def _page_context(
    config: SiteConfig,
    base: AppContext,
    metadata: Mapping[str, Any],
    folders: Mapping[str, AddressedFolder],
    app: Mapping[str, bytes],
) -> PageContext:
    icons = icon_paths(folders["app"].path)
    manifest = web_app_manifest(base, icons)
    return PageContext(
        **vars(base),
        app=folders["app"].path,
        runtime=folders["runtime"].path,
        model=folders["model"].path,
        app_modules=tuple(folders["app"].path + path for path in module_graph(app, PAGE_ENTRY)),
        icons=icons,
        manifest_json=canonical_json(manifest, indent=2),
        base_url=config.base_url,
        base_path=urlsplit(config.base_url).path if config.base_url else None,
        csp=CSP,
        site_json=embeddable_json(site_description(config, metadata, folders)),
        model_name=metadata["name"],
        classes_count=len(metadata["labels"]),
        grayscale=metadata["preprocessing"]["grayscale"],
        substitution=metadata["source"]["substitution"],
    )


def _render_page(templates: Templates, name: str, context: PageContext) -> SiteFile:
    return SiteFile(name, templates.render(f"{name}.jinja", context))


def _worker(
    templates: Templates,
    base: AppContext,
    kept: Sequence[SiteFile],
    folders: Mapping[str, AddressedFolder],
    runtime: Runtime,
) -> SiteFile:
    """Return the service worker, which keeps `kept` on every device and the runtime by group."""
    manifest = precache_manifest(kept, folders["runtime"].files, runtime.groups)
    context = WorkerContext(**vars(base), precache_manifest_json=str(embeddable_json(manifest)))
    return SiteFile(_WORKER, templates.render(f"{_WORKER}.jinja", context))
