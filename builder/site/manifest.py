"""The web app manifest as data (https://www.w3.org/TR/appmanifest/); a template prints it."""

from collections.abc import Mapping, Sequence
from typing import Any

from builder.site.colors import LIGHT_BACKGROUND
from builder.site.context import AppContext, Icons

_OPENED = {
    "image/avif": [".avif"],
    "image/bmp": [".bmp"],
    "image/gif": [".gif"],
    "image/jpeg": [".jpg", ".jpeg"],
    "image/png": [".png"],
    "image/webp": [".webp"],
}
"""Files that the system offers to open with the app: of the kinds that every browser decodes."""


def web_app_manifest(
    context: AppContext, icons: Icons, screenshots: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the manifest that makes the app installable.

    All URLs are relative to the manifest, which lies at the site's root: the app installs from any
    folder of any host. There is no `id`: it would be resolved against the origin alone, and two
    apps on one origin would be taken for one. Without it the start URL, path and all, is the
    identity.
    """
    shown = {"screenshots": list(screenshots)} if screenshots else {}
    return {
        "name": context.title,
        "short_name": context.short_name,
        "description": context.description,
        "lang": context.lang,
        "dir": context.direction,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "display_override": ["window-controls-overlay", "standalone"],
        "theme_color": context.theme_color,
        "background_color": LIGHT_BACKGROUND,
        "categories": ["photo", "utilities"],
        "icons": [
            _icon(icons.svg, "any", "any"),
            _icon(icons.png_192, "192x192", "any"),
            _icon(icons.png_512, "512x512", "any"),
            _icon(icons.maskable_512, "512x512", "maskable"),
        ],
        **shown,
        "shortcuts": [
            {"name": context.text(screen), "url": f"./#{address}"}
            for screen, address in (("many-photos", "many"), ("history", "history"))
        ],
        "share_target": {
            "action": "share-target",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "photos", "accept": ["image/*"]}]},
        },
        "file_handlers": [{"action": "./", "accept": _OPENED}],
        # Not "focus-existing": it drops what another app shares
        # (https://github.com/WICG/web-app-launch/issues/62).
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
    }


def _icon(path: str, sizes: str, purpose: str) -> dict[str, str]:
    media = "image/svg+xml" if path.endswith(".svg") else "image/png"
    return {"src": path, "sizes": sizes, "type": media, "purpose": purpose}
