"""All files of a site from a configuration, templates, runtime and model; nothing is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builder import __version__
from builder.config import SiteConfig
from builder.model.metadata_json import METADATA, placeholder, read_metadata, write_metadata
from builder.site.app_files import START_FILE, app_contents, is_needed_offline
from builder.site.catalogues import Catalogue, read_catalogues
from builder.site.class_names import Translations
from builder.site.colors import make_theme
from builder.site.context import AppContext, PageContext, WorkerContext
from builder.site.description import build_report, site_description
from builder.site.files import AddressedFolder, SiteFile, addressed_folder
from builder.site.headers import headers_file, security_headers
from builder.site.icons import make_icons
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.licences import is_licences, model_licences
from builder.site.merged import with_merged_modules
from builder.site.page_context import page_context
from builder.site.precache import precache_manifest
from builder.site.preloads import preloads
from builder.site.render import Templates
from builder.site.report import REPORT, Browsers, Report, report_file
from builder.site.runtime import Runtime
from builder.site.screenshots import FOLDER, manifest_screenshots, read_screenshots
from builder.site.scripts import EARLY, START, WORKER, script_text
from builder.site.startup import page_start
from builder.site.transfer import precompressed, transfer_costs

_NEEDED_PAGES = ("index.html", "offline.html")
_MANIFEST = "manifest.webmanifest"
_PAGES = ("404.html", _MANIFEST, *_NEEDED_PAGES)
_WORKER = "sw.js"
_SCRIPTS = (START, EARLY, WORKER)


@dataclass(frozen=True)
class Site:
    """A whole site, not written yet."""

    files: tuple[SiteFile, ...]
    """Every file."""
    report: Report
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
    metadata = read_metadata(model_files[METADATA])
    translations, browsers = translations or {}, browsers or {}
    catalogues = read_catalogues(templates, config.lang)
    base = app_context(config, catalogues)
    app = app_contents(templates, base) | make_icons(config.theme_color)
    app |= {
        f"messages/{tag}.json": canonical_json(catalogue.content).encode()
        for tag, catalogue in catalogues.items()
    }
    app |= {
        f"classes/{tag}.json": canonical_json(names).encode() for tag, names in translations.items()
    }
    app |= {f"libraries/{name}": content for name, content in runtime.libraries.items()}
    scripts = {name: script_text(name, runtime.scripts, templates) for name in _SCRIPTS}
    modules = with_merged_modules(app, runtime.merged)
    app = {
        **modules.contents,
        START_FILE: scripts[EARLY].encode(),
        **read_screenshots(config.screenshots),
    }
    folders = {
        "app": addressed_folder("app", app),
        "runtime": addressed_folder("runtime", runtime.contents),
        "model": addressed_folder("model", {**model_files, **model_licences(metadata)}),
    }
    description = site_description(
        config, base, metadata, folders, modules=modules, class_names=tuple(translations)
    )
    start = page_start(scripts[START], folders)
    security = security_headers(start.inline)
    context = page_context(
        config,
        base,
        metadata,
        folders,
        backends=runtime.backends,
        browsers=browsers,
        early=preloads(modules, folders, runtime),
        start=start,
        screenshots=manifest_screenshots(folders["app"].path, app),
        description=description,
        catalogues=catalogues,
    )
    pages = {name: _render_page(templates, name, context) for name in _PAGES}
    core, extras = _kept(folders["app"], is_needed_offline(modules))
    model = folders["model"].files
    core += [file for file in model if not is_licences(file.path)]
    core += [pages[name] for name in _NEEDED_PAGES]
    extras += [*(file for file in model if is_licences(file.path)), pages[_MANIFEST]]
    manifest = precache_manifest(
        core,
        folders["runtime"].files,
        runtime.groups,
        extras=extras,
        headers=security,
        threads=config.threads,
    )
    worker = _worker(templates, base, scripts[WORKER], manifest)
    stable = [*pages.values(), worker, SiteFile(".nojekyll", b"")]
    addressed = [file for folder in folders.values() for file in folder.files]
    headers = headers_file([*_PAGES, _WORKER, REPORT], addressed, security)
    files = [*addressed, *stable, SiteFile("_headers", headers)]
    if config.precompress:
        files += precompressed(files)
    files.sort(key=lambda file: file.path)
    lasting = [folders["runtime"], folders["model"]]
    kept = [*core, *extras, worker]
    costs = transfer_costs(kept, folders["runtime"], runtime.common_files, lasting)
    report = replace(
        build_report(description, metadata, files, runtime.version, costs), browsers=browsers
    )
    return Site((*files, report_file(report)), report)


def check_templates(config: SiteConfig, templates: Templates, runtime: Runtime) -> None:
    """Render everything around a placeholder for the model, to find faults of templates early.

    Raises TemplateError as `assemble_site` does.
    """
    stand_in = placeholder(config.grayscale)
    # Compressing takes seconds and finds no fault; the classes are known only with the model.
    quick = replace(config, precompress=False, allow=(), deny=())
    assemble_site(quick, templates, runtime, {METADATA: write_metadata(stand_in)})


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
    templates: Templates, base: AppContext, script: str, manifest: Mapping[str, Any]
) -> SiteFile:
    """Return the service worker, which keeps what the precache manifest lists."""
    context = WorkerContext(
        **vars(base),
        service_worker=script,
        precache_manifest_json=str(embeddable_json(manifest)),
    )
    return SiteFile(_WORKER, templates.render(f"{_WORKER}.jinja", context))


def _kept(
    app: AddressedFolder, is_needed: Callable[[str], bool]
) -> tuple[list[SiteFile], list[SiteFile]]:
    """Return what devices keep of the app: what it needs to work offline, and the rest."""
    contents = {file.path.removeprefix(app.path): file for file in app.files}
    # Only a browser that is asked to install the app looks at its screenshots.
    kept = [path for path in contents if not path.startswith(FOLDER)]
    needed = [contents[path] for path in kept if is_needed(path)]
    return needed, [contents[path] for path in kept if not is_needed(path)]
