"""All files of a site from a configuration, templates, runtime and model; nothing is written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from builder import __version__
from builder.config import SiteConfig
from builder.site.app_files import app_contents
from builder.site.boot import BOOT, boot_file
from builder.site.catalogues import Catalogue, read_catalogues
from builder.site.class_names import Translations
from builder.site.colors import make_theme
from builder.site.context import AppContext, PageContext, WorkerContext
from builder.site.description import REPORT, build_report, report_file, site_description
from builder.site.files import AddressedFolder, SiteFile, addressed_folder
from builder.site.headers import headers_file
from builder.site.icons import make_icons
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.merged import with_merged_modules
from builder.site.page_context import Browsers, page_context
from builder.site.precache import precache_manifest
from builder.site.preloads import preloads
from builder.site.render import Templates
from builder.site.runtime import Runtime
from builder.site.screenshots import FOLDER, manifest_screenshots, read_screenshots
from builder.site.transfer import precompressed, transfer_costs

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
    config: SiteConfig,
    templates: Templates,
    runtime: Runtime,
    model_files: Mapping[str, bytes],
    *,
    translations: Translations | None = None,
    browsers: Browsers | None = None,
) -> Site:
    """Return all files of the site. `model_files` has model.json, shards and metadata.json.

    `translations` has the class names in other languages than the model's own. `browsers` has the
    figures of each backend where the site was compared with Keras in a browser.
    Raises TemplateError if a template does not render.
    """
    metadata = json.loads(model_files["metadata.json"])
    catalogues = read_catalogues(templates, config.lang)
    base = app_context(config, catalogues)
    app = app_contents(templates, base) | make_icons(config.theme_color)
    app |= {
        f"messages/{tag}.json": canonical_json(catalogue.content).encode()
        for tag, catalogue in catalogues.items()
    }
    translations = translations or {}
    app |= {
        f"classes/{tag}.json": canonical_json(names).encode() for tag, names in translations.items()
    }
    app |= {f"libraries/{name}": content for name, content in runtime.libraries.items()}
    app = with_merged_modules(app, runtime.merged) | read_screenshots(config.screenshots)
    folders = {
        "app": addressed_folder("app", app),
        "runtime": addressed_folder("runtime", runtime.contents),
        "model": addressed_folder("model", model_files),
    }
    description = site_description(config, base, metadata, folders, tuple(translations))
    context = page_context(
        config,
        base,
        metadata,
        folders,
        browsers=browsers or {},
        early=preloads(app, folders, runtime),
        screenshots=manifest_screenshots(folders["app"].path, app),
        description=description,
        messages=catalogues[base.lang].content,
    )
    pages = {name: _render_page(templates, name, context) for name in _PAGES}
    unkept = folders["app"].path + FOLDER
    kept = [file for file in folders["app"].files if not file.path.startswith(unkept)]
    kept += folders["model"].files
    boot = boot_file(templates, base, catalogues)
    kept += [boot, *(pages[name] for name in _CACHED_PAGES)]
    worker = _worker(templates, base, kept, folders, runtime, threads=config.threads)
    stable = [*pages.values(), boot, worker, SiteFile(".nojekyll", b"")]
    stable.append(SiteFile("_headers", headers_file([*_PAGES, BOOT, _WORKER, REPORT])))
    files = [*(file for folder in folders.values() for file in folder.files), *stable]
    if config.precompress:
        files += precompressed(files)
    files.sort(key=lambda file: file.path)
    lasting = [folders["runtime"], folders["model"]]
    costs = transfer_costs([*kept, worker], folders["runtime"], runtime.groups, lasting)
    report = build_report(description, metadata, files, runtime.version, costs)
    if browsers:
        report["browsers"] = browsers
    return Site((*files, report_file(report)), report)


def rehearse_site(config: SiteConfig, templates: Templates, runtime: Runtime) -> None:
    """Render everything around a stand-in for the model, to find a template's fault early.

    Raises TemplateError as `assemble_site` does.
    """
    stand_in = {
        "name": "",
        "labels": [""],
        "preprocessing": {"grayscale": config.grayscale},
        "source": {"substitution": None},
        "parity": {"top1Agreement": 1.0},
    }
    # Compressing takes seconds and finds no fault; the classes are known only with the model.
    quick = replace(config, precompress=False, allow=(), deny=())
    assemble_site(quick, templates, runtime, {"metadata.json": json.dumps(stand_in).encode()})


def app_context(config: SiteConfig, catalogues: Mapping[str, Catalogue]) -> AppContext:
    """Return what templates under app/ may use; the pages speak the first catalogue's language."""
    catalogue = next(iter(catalogues.values()))
    title = config.title or catalogue.text("app-title")
    return AppContext(
        title=title,
        short_name=config.short_name or title,
        description=config.description or catalogue.text("app-description"),
        lang=catalogue.tag,
        direction=catalogue.direction,
        text=catalogue.text,
        languages={tag: each.language for tag, each in catalogues.items()},
        own_title=config.title is not None,
        own_description=config.description is not None,
        theme_color=config.theme_color,
        theme=make_theme(config.theme_color),
        version=__version__,
    )


def _render_page(templates: Templates, name: str, context: PageContext) -> SiteFile:
    return SiteFile(name, templates.render(f"{name}.jinja", context))


def _worker(
    templates: Templates,
    base: AppContext,
    kept: Sequence[SiteFile],
    folders: Mapping[str, AddressedFolder],
    runtime: Runtime,
    *,
    threads: bool,
) -> SiteFile:
    """Return the service worker, which keeps `kept` on every device and the runtime by group."""
    manifest = precache_manifest(kept, folders["runtime"].files, runtime.groups, threads=threads)
    context = WorkerContext(**vars(base), precache_manifest_json=str(embeddable_json(manifest)))
    return SiteFile(_WORKER, templates.render(f"{_WORKER}.jinja", context))
