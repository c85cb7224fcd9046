"""What the pages are told, from the configuration, the model and where everything lies."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from builder.config import SiteConfig
from builder.site.context import AppContext, PageContext
from builder.site.files import AddressedFolder
from builder.site.headers import CSP
from builder.site.icons import icon_paths
from builder.site.json_text import canonical_json, embeddable_json
from builder.site.manifest import web_app_manifest
from builder.site.preloads import Preloads

Browsers = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By browser and backend: how the site compares with Keras there, `top1Agreement` among others."""


def page_context(
    config: SiteConfig,
    base: AppContext,
    metadata: Mapping[str, Any],
    folders: Mapping[str, AddressedFolder],
    *,
    browsers: Browsers,
    early: Preloads,
    screenshots: Sequence[Mapping[str, Any]],
    description: Mapping[str, Any],
    messages: Mapping[str, Any],
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
        early_files=early.files,
        binaries=early.binaries,
        runtime_modules=early.runtime_modules,
        icons=icons,
        manifest_json=canonical_json(manifest, indent=2),
        base_url=config.base_url,
        base_path=urlsplit(config.base_url).path if config.base_url else None,
        csp=CSP,
        site_json=embeddable_json(description),
        messages_json=embeddable_json(messages),
        model_name=metadata["name"],
        classes_count=len(metadata["labels"]),
        keras_agreement=_percent(metadata["parity"]["top1Agreement"]),
        backend_agreement=tuple(
            (backend, _percent(figures["top1Agreement"]))
            for backends in browsers.values()
            for backend, figures in backends.items()
        ),
        grayscale=metadata["preprocessing"]["grayscale"],
        substitution=metadata["source"]["substitution"],
    )


def _percent(part: float) -> str:
    return f"{100 * part:.3g}%"
