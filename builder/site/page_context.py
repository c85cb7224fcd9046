"""What the pages' templates get, from the configuration, the model and where everything lies."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from builder.config import SiteConfig
from builder.model.metadata_json import Metadata
from builder.site.backends import Backend
from builder.site.catalogues import Catalogue
from builder.site.context import AppContext, PageContext, Spoken
from builder.site.files import AddressedFolder
from builder.site.headers import page_policy
from builder.site.icons import icon_paths
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.licences import is_licences
from builder.site.manifest import web_app_manifest
from builder.site.preloads import Preloads
from builder.site.report import Browsers, SiteDescription
from builder.site.startup import Start
from builder.typed_json import to_json


def page_context(
    config: SiteConfig,
    base: AppContext,
    metadata: Metadata,
    folders: Mapping[str, AddressedFolder],
    *,
    backends: Sequence[Backend],
    browsers: Browsers,
    early: Preloads,
    start: Start,
    screenshots: Sequence[Mapping[str, Any]],
    description: SiteDescription,
    catalogues: Mapping[str, Catalogue],
) -> PageContext:
    """Return what the pages may use. `folders` has "app", "runtime" and "model"."""
    icons = icon_paths(folders["app"].path)
    manifest = web_app_manifest(base, icons, screenshots)
    return PageContext(
        **vars(base),
        app=folders["app"].path,
        runtime=folders["runtime"].path,
        model=folders["model"].path,
        app_modules=early.modules,
        screen_modules=early.screens,
        early_files=early.files,
        binaries=early.binaries,
        runtime_modules=early.runtime_modules,
        icons=icons,
        manifest_json=canonical_json(manifest, indent=2),
        base_url=config.base_url,
        base_path=base_path(config),
        csp=page_policy(start.inline),
        start_script=start.script,
        import_map=start.import_map,
        integrity=start.integrity,
        spoken=tuple(Spoken(tag, each.direction, each.text) for tag, each in catalogues.items()),
        site_json=embeddable_json(to_json(description)),
        messages_json=embeddable_json(catalogues[base.lang].content),
        model_name=metadata.name,
        licence=metadata.source.licence,
        licences=next((f.path for f in folders["model"].files if is_licences(f.path)), None),
        origin=_safe(metadata.source.origin),
        accuracy_source=_safe(metadata.source.accuracy.get("source")),
        classes_count=len(metadata.labels),
        keras_agreement=_percent(metadata.parity.top1_agreement),
        backend_agreement=tuple(
            (backend, _percent(compared[backend.name].top1_agreement))
            for compared in browsers.values()
            for backend in backends
            if backend.name in compared
        ),
        grayscale=metadata.preprocessing.grayscale,
        scaling=metadata.preprocessing.scaling,
        scaling_origin=metadata.preprocessing.scaling_origin,
        substitution=metadata.source.substitution,
    )


def base_path(config: SiteConfig) -> str | None:
    """Return the path of the configured address, "/" or "/app/"; None where none is."""
    return urlsplit(config.base_url).path if config.base_url else None


def _safe(address: object) -> str | None:
    """Return an address that a page may link to: no script, nothing without encryption."""
    return address if isinstance(address, str) and address.startswith("https://") else None


def _percent(part: float) -> str:
    return f"{100 * part:.3g}%"
