"""The icon as pixels: its shapes drawn large with Pillow, scaled down, then colored."""

from PIL import Image, ImageChops, ImageDraw

from builder.site.colors import parse_color
from builder.site.icon_shapes import (
    CENTER,
    FRAME,
    FRAME_GAP,
    FRAME_RADIUS,
    FRAME_STROKE,
    IRIS_RADIUS,
    SEAM,
    TILE_RADIUS,
    Point,
    opening,
    palette,
    seams,
)

CANVAS = 2048
"""Side in pixels that shapes are drawn at: four times the largest icon."""


def draw_icon(
    theme_color: str, side: int, scale: float = 1.0, *, frame: bool = True, rounded: bool = False
) -> Image.Image:
    """Return the icon of side by side pixels, its mark scaled around the center.

    RGB, or RGBA with transparent corners where it is rounded.
    """
    top, bottom, mark = (_plain(color, side) for color in palette(theme_color))
    shade = Image.linear_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
    shape = _iris(scale)
    if frame:
        shape = ImageChops.lighter(shape, _viewfinder(scale))
    ground = Image.composite(bottom, top, shade)
    icon = Image.composite(mark, ground, _scaled(shape, side))
    if rounded:
        icon.putalpha(_scaled(_tile(), side))
    return icon


def _scaled(mask: Image.Image, side: int) -> Image.Image:
    # Whole pixels are averaged first: as smooth, and several times faster than one long filter.
    return mask.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _tile() -> Image.Image:
    mask, draw = _blank()
    draw.rounded_rectangle((0, 0, CANVAS - 1, CANVAS - 1), TILE_RADIUS * CANVAS, fill=255)
    return mask


def _iris(scale: float) -> Image.Image:
    mask, draw = _blank()
    _disk(draw, (CENTER, CENTER), IRIS_RADIUS, scale, fill=255)
    draw.polygon([_pixel(point, scale) for point in opening()], fill=0)
    for start, end in seams():
        width = round(SEAM * scale * CANVAS)
        draw.line([_pixel(start, scale), _pixel(end, scale)], fill=0, width=width)
        _disk(draw, start, SEAM / 2, scale, fill=0)
        _disk(draw, end, SEAM / 2, scale, fill=0)
    return mask


def _viewfinder(scale: float) -> Image.Image:
    mask, draw = _blank()
    outer = FRAME + FRAME_STROKE / 2
    box = (*_pixel((CENTER - outer,) * 2, scale), *_pixel((CENTER + outer,) * 2, scale))
    radius = (FRAME_RADIUS + FRAME_STROKE / 2) * scale * CANVAS
    draw.rounded_rectangle(box, radius, outline=255, width=round(FRAME_STROKE * scale * CANVAS))
    low, high = (_pixel((CENTER + side * FRAME_GAP,) * 2, scale)[0] for side in (-1, 1))
    draw.rectangle((low, 0, high, CANVAS), fill=0)
    draw.rectangle((0, low, CANVAS, high), fill=0)
    for side in (CENTER - FRAME, CENTER + FRAME):
        for end in (CENTER - FRAME_GAP, CENTER + FRAME_GAP):
            _disk(draw, (side, end), FRAME_STROKE / 2, scale, fill=255)
            _disk(draw, (end, side), FRAME_STROKE / 2, scale, fill=255)
    return mask


def _disk(draw: ImageDraw.ImageDraw, center: Point, radius: float, scale: float, fill: int) -> None:
    x, y = _pixel(center, scale)
    reach = radius * scale * CANVAS
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)


def _pixel(point: Point, scale: float) -> Point:
    x, y = point
    return (CENTER + (x - CENTER) * scale) * CANVAS, (CENTER + (y - CENTER) * scale) * CANVAS


def _plain(color: str, side: int) -> Image.Image:
    return Image.new("RGB", (side, side), parse_color(color))


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (CANVAS, CANVAS), 0)
    return mask, ImageDraw.Draw(mask)
