"""The web app manifest as data (https://www.w3.org/TR/appmanifest/); a template prints it."""

from typing import Any

from builder.site.colors import LIGHT_BACKGROUND
from builder.site.context import AppContext, Icons


def web_app_manifest(context: AppContext, icons: Icons) -> dict[str, Any]:
    """Return the manifest that makes the app installable.

    All URLs are relative to the manifest, which lies at the site's root: the app installs from any
    folder of any host. There is no `id`: it would be resolved against the origin alone, and two
    apps on one origin would be taken for one. Without it the start URL, path and all, is the
    identity.
    """
    return {
        "name": context.title,
        "short_name": context.short_name,
        "description": context.description,
        "lang": context.lang,
        "dir": "ltr",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "theme_color": context.theme_color,
        "background_color": LIGHT_BACKGROUND,
        "categories": ["photo", "utilities"],
        "icons": [
            _icon(icons.svg, "any", "any"),
            _icon(icons.png_192, "192x192", "any"),
            _icon(icons.png_512, "512x512", "any"),
            _icon(icons.maskable_512, "512x512", "maskable"),
        ],
    }


def _icon(path: str, sizes: str, purpose: str) -> dict[str, str]:
    media = "image/svg+xml" if path.endswith(".svg") else "image/png"
    return {"src": path, "sizes": sizes, "type": media, "purpose": purpose}
