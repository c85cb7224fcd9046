"""The icon as pixels: drawn large with Pillow, to be scaled down."""

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
"""Side of the drawing in pixels: four times the largest icon."""


def draw_icon(theme_color: str, scale: float = 1.0, *, frame: bool = True) -> Image.Image:
    """Return the icon without transparency, RGB, its mark scaled around the center."""
    top, bottom, mark = palette(theme_color)
    shade = Image.linear_gradient("L").resize((CANVAS, CANVAS), Image.Resampling.BILINEAR)
    ground = Image.composite(_plain(bottom), _plain(top), shade)
    mask = _iris(scale)
    if frame:
        mask = ImageChops.lighter(mask, _viewfinder(scale))
    return Image.composite(_plain(mark), ground, mask)


def round_corners(icon: Image.Image) -> Image.Image:
    """Return the icon with transparent corners, RGBA."""
    mask, draw = _blank()
    draw.rounded_rectangle((0, 0, CANVAS - 1, CANVAS - 1), TILE_RADIUS * CANVAS, fill=255)
    rounded = icon.copy()
    rounded.putalpha(mask)
    return rounded


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


def _plain(color: str) -> Image.Image:
    return Image.new("RGB", (CANVAS, CANVAS), parse_color(color))


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (CANVAS, CANVAS), 0)
    return mask, ImageDraw.Draw(mask)
