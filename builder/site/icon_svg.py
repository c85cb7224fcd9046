"""The icon as SVG, for browser tabs and for any size."""

from builder.site.icon_shapes import (
    CENTER,
    FRAME,
    FRAME_GAP,
    FRAME_RADIUS,
    FRAME_STROKE,
    IRIS_RADIUS,
    SEAM,
    TILE_RADIUS,
    opening,
    palette,
    seams,
)

_SIDE = 512


def icon_svg(theme_color: str) -> bytes:
    """Return the icon with rounded corners."""
    top, bottom, mark = palette(theme_color)
    blades = "".join(f"M{_at(*start)}L{_at(*end)}" for start, end in seams())
    hexagon = "M" + "L".join(_at(*point) for point in opening()) + "Z"
    side, center, iris = _SIDE, _length(CENTER), _length(IRIS_RADIUS)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">
<defs>
<linearGradient id="ground" x2="0" y2="1">
<stop stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>
</linearGradient>
<mask id="blades">
<circle cx="{center}" cy="{center}" r="{iris}" fill="#fff"/>
<path d="{hexagon}"/>
<path d="{blades}" stroke="#000" stroke-width="{_length(SEAM)}" stroke-linecap="round"/>
</mask>
</defs>
<rect width="{side}" height="{side}" rx="{_length(TILE_RADIUS)}" fill="url(#ground)"/>
<circle cx="{center}" cy="{center}" r="{iris}" fill="{mark}" mask="url(#blades)"/>
<path d="{_corners()}" fill="none" stroke="{mark}" stroke-width="{_length(FRAME_STROKE)}" \
stroke-linecap="round"/>
</svg>
""".encode()


def _corners() -> str:
    """Return the path of the viewfinder's four corners."""
    radius = _length(FRAME_RADIUS)
    straight = FRAME - FRAME_RADIUS
    path = ""
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        sweep = 1 if x * y > 0 else 0
        path += f"M{_at(CENTER + x * FRAME, CENTER + y * FRAME_GAP)}"
        path += f"L{_at(CENTER + x * FRAME, CENTER + y * straight)}"
        path += f"A{radius} {radius} 0 0 {sweep} "
        path += f"{_at(CENTER + x * straight, CENTER + y * FRAME)}"
        path += f"L{_at(CENTER + x * FRAME_GAP, CENTER + y * FRAME)}"
    return path


def _at(x: float, y: float) -> str:
    return f"{_length(x)} {_length(y)}"


def _length(fraction: float) -> str:
    return f"{fraction * _SIDE:.2f}".rstrip("0").rstrip(".")
