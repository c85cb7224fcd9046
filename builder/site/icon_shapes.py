"""The mark on the app's icons as geometry: a shutter's iris between viewfinder corners.

All lengths are fractions of the icon's side; the mark's center is the icon's. The SVG and the PNGs
are drawn from the same numbers.
"""

import math

from builder.site.colors import INK, contrast, mix

Point = tuple[float, float]

CENTER = 0.5
TILE_RADIUS = 0.225
"""Corner radius of the icon's background."""
IRIS_RADIUS = 0.228
OPENING_RADIUS = 0.098
"""Distance of the corners of the iris's hexagonal opening from the center."""
SEAM = 0.02
"""Width of the seams between the six blades."""
FRAME = 0.32
"""Half the side of the viewfinder's square, to the middle of its stroke."""
FRAME_RADIUS = 0.095
FRAME_GAP = 0.18
"""Half the length of the gap in each side of the viewfinder."""
FRAME_STROKE = 0.046

_TILT = math.radians(12)


def palette(theme_color: str) -> tuple[str, str, str]:
    """Return the background's top and bottom color and the mark's, from one #rrggbb color."""
    mark = "#ffffff" if contrast(theme_color, "#ffffff") >= 3 else INK
    return mix(theme_color, "#ffffff", 0.14), mix(theme_color, "#000000", 0.16), mark


def seams() -> list[tuple[Point, Point]]:
    """Return the blades' edges: each runs along a side of the opening and onwards to the rim.

    A side of the hexagon leaves its corner at 120 degrees to the radius, so the edge meets the rim
    at the distance t from that corner with t² + t·r + r² = R² (law of cosines; r is the opening's
    radius, R the iris's).
    """
    reach = math.sqrt(IRIS_RADIUS**2 - 0.75 * OPENING_RADIUS**2) - OPENING_RADIUS / 2
    edges = []
    for index, (x, y) in enumerate(opening()):
        onwards = math.radians(60 * index + 60) + _TILT
        rim = x + reach * math.cos(onwards), y + reach * math.sin(onwards)
        edges.append((opening()[index - 1], rim))
    return edges


def opening() -> list[Point]:
    """Return the corners of the iris's opening."""
    angles = [math.radians(60 * index) + _TILT for index in range(6)]
    return [
        (CENTER + OPENING_RADIUS * math.cos(angle), CENTER + OPENING_RADIUS * math.sin(angle))
        for angle in angles
    ]
