"""The app's icons, all made from the theme color."""

import io
from functools import cache

from PIL import Image

from builder.site.context import Icons
from builder.site.icon_drawing import draw_icon
from builder.site.icon_svg import icon_svg

_MASKABLE_SCALE = 0.9
"""Keeps the mark in the central circle of radius 0.4 that no mask cuts off
(https://www.w3.org/TR/appmanifest/#icon-masks)."""
_TAB_SCALE = 1.8
"""In a browser tab the iris stands alone, large: the corners would be a blur."""


def icon_paths(app: str) -> Icons:
    """Return the icons' paths below the app's folder ("app/<hash>/", or "")."""
    return Icons(
        svg=f"{app}icons/icon.svg",
        png_32=f"{app}icons/icon-32.png",
        apple_touch=f"{app}icons/apple-touch-icon.png",
        png_192=f"{app}icons/icon-192.png",
        png_512=f"{app}icons/icon-512.png",
        maskable_512=f"{app}icons/maskable-512.png",
    )


@cache
def make_icons(theme_color: str) -> dict[str, bytes]:
    """Return the icons for a #rrggbb color, by path relative to the app's folder."""
    paths = icon_paths("")
    return {
        paths.svg: icon_svg(theme_color),
        paths.png_32: _png(draw_icon(theme_color, 32, _TAB_SCALE, frame=False, rounded=True)),
        paths.apple_touch: _png(draw_icon(theme_color, 180)),
        paths.png_192: _png(draw_icon(theme_color, 192, rounded=True)),
        paths.png_512: _png(draw_icon(theme_color, 512, rounded=True)),
        paths.maskable_512: _png(draw_icon(theme_color, 512, _MASKABLE_SCALE)),
    }


def _png(icon: Image.Image) -> bytes:
    buffer = io.BytesIO()
    icon.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
