"""The generated icons: sizes, transparency, the safe zone, and the same bytes each time."""

import io
import math
from xml.etree import ElementTree

import pytest
from PIL import Image

from builder.site.colors import contrast
from builder.site.icon_shapes import palette
from builder.site.icons import icon_paths, make_icons

THEME = "#0f766e"
PATHS = icon_paths("")


def icon(path: str) -> Image.Image:
    return Image.open(io.BytesIO(make_icons(THEME)[path]))


@pytest.mark.parametrize(
    ("path", "side", "mode"),
    [
        (PATHS.png_32, 32, "RGBA"),
        (PATHS.apple_touch, 180, "RGB"),
        (PATHS.png_192, 192, "RGBA"),
        (PATHS.png_512, 512, "RGBA"),
        (PATHS.maskable_512, 512, "RGB"),
    ],
)
def test_sizes_and_transparency(path: str, side: int, mode: str) -> None:
    image = icon(path)
    assert image.size == (side, side)
    assert image.mode == mode
    if mode == "RGBA":
        assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert image.getpixel((side // 2, 1))[3] == 255  # type: ignore[index]


def test_the_maskable_icon_keeps_its_mark_in_the_safe_zone() -> None:
    image = icon(PATHS.maskable_512).convert("L")
    ground = {y: image.getpixel((0, y)) for y in range(512)}
    marked = [
        math.hypot(x - 255.5, y - 255.5)
        for y in range(512)
        for x in range(512)
        if abs(image.getpixel((x, y)) - ground[y]) > 8  # type: ignore[operator]
    ]
    assert marked, "there is a mark"
    assert max(marked) <= 0.4 * 512


def test_the_svg_is_well_formed_and_has_the_themes_colors() -> None:
    svg = make_icons(THEME)[PATHS.svg].decode()
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 512 512"
    assert all(color in svg for color in palette(THEME))


@pytest.mark.parametrize("color", ["#ffffff", "#ffcc00", "#777777", "#000000", "#0f766e"])
def test_the_mark_stands_out(color: str) -> None:
    top, bottom, mark = palette(color)
    assert min(contrast(mark, top), contrast(mark, bottom)) >= 2.4


def test_the_same_color_gives_the_same_bytes() -> None:
    assert make_icons.__wrapped__(THEME) == make_icons(THEME)
    assert make_icons("#5b21b6")[PATHS.png_512] != make_icons(THEME)[PATHS.png_512]
