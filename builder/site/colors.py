"""Accessible colors made from the one theme color of the configuration.

Contrast is WCAG 2.2's ratio of relative luminances (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

TEXT_CONTRAST = 4.5
"""WCAG's minimum for body text, level AA."""
LIGHT_BACKGROUND = "#f6f6f4"
"""The page in the light scheme; its surfaces are as light or lighter."""
DARK_BACKGROUND = "#121413"
"""The page in the dark scheme."""
_DARK_SURFACE = "#24282a"
"""Lightest surface of the dark scheme that carries text in the accent color."""
INK = "#0b0d0e"
"""Near-black for text on a light accent."""


@dataclass(frozen=True)
class Scheme:
    """The colors of one color scheme, all #rrggbb."""

    background: str
    """Of the page."""
    accent: str
    """For buttons, links and bars: at least 4.5:1 against the scheme's surfaces."""
    on_accent: str
    """For text and icons on top of the accent: at least 4.5:1 against it."""


@dataclass(frozen=True)
class Theme:
    """The colors of both schemes."""

    light: Scheme
    """For `prefers-color-scheme: light`."""
    dark: Scheme
    """For `prefers-color-scheme: dark`."""


def make_theme(theme_color: str) -> Theme:
    """Return the schemes for a #rrggbb color: itself where readable, else darkened or lightened."""
    on_light = readable(theme_color, against=LIGHT_BACKGROUND, towards="#000000")
    on_dark = readable(theme_color, against=_DARK_SURFACE, towards="#ffffff")
    return Theme(_scheme(LIGHT_BACKGROUND, on_light), _scheme(DARK_BACKGROUND, on_dark))


def readable(color: str, against: str, towards: str) -> str:
    """Return `color`, mixed with as little of `towards` as gives text contrast with `against`."""
    for percent in range(101):
        mixed = mix(color, towards, percent / 100)
        if contrast(mixed, against) >= TEXT_CONTRAST:
            return mixed
    raise ValueError(f"{towards} itself is not readable on {against}")


def _scheme(background: str, accent: str) -> Scheme:
    on_accent = max(("#ffffff", INK), key=lambda color: contrast(color, accent))
    return Scheme(background, accent, on_accent)


def mix(color: str, other: str, share: float) -> str:
    """Return the color with the given share (0…1) of the other one mixed in, per sRGB channel."""
    mixed = (
        round(a + (b - a) * share)
        for a, b in zip(parse_color(color), parse_color(other), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def contrast(color: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colors, 1…21."""
    lighter, darker = sorted((_luminance(color), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in parse_color(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def parse_color(color: str) -> Rgb:
    """Return the channels 0…255 of a #rrggbb color."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
