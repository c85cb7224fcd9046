"""How the page looks, as small pictures without letters, and whether two of them look alike.

Fonts differ from machine to machine, and so do the edges that browsers draw: what is compared are
areas. Letters are left out, and what has moved by a few pixels counts as in its place.
"""

import io
from collections.abc import Iterator
from typing import Literal

import numpy as np
from PIL import Image
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

SCREENS: dict[tuple[int, int], int] = {(360, 640): 4, (768, 1024): 6, (1440, 900): 8}
"""Sizes of the page, each with the pixels of the page that make one of the picture."""

WITHOUT_LETTERS = (
    "* { -webkit-text-fill-color: transparent !important; text-decoration: none !important; }"
)

REACH = 3
"""Pixels of a small picture by which an edge may lie elsewhere."""
SHADE = 8
"""Difference of a channel, 0…255, that counts. Shades that people tell apart differ by more."""
PATCH = 3
"""Side of the smallest square that is seen to be another, in pixels of a small picture."""


def look(page: Page, factor: int, style: str = "") -> Image.Image:
    """Return the page as a small picture; `style` is one more sheet while it is taken."""
    png = page.screenshot(animations="disabled", style=WITHOUT_LETTERS + style)
    return Image.open(io.BytesIO(png)).convert("RGB").reduce(factor)


def looks(page: Page) -> Iterator[tuple[str, int]]:
    """Show the page on each screen, light and dark; yield a name and the factor for `look`.

    At the end the page is as it was.
    """
    former = page.viewport_size
    assert former is not None
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for (width, height), factor in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            # What measures itself does so in the frame after the change.
            page.evaluate(
                "() => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 100)))"
            )
            yield f"{width}x{height}-{scheme}", factor
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(former)


def unlike(expected: Image.Image, found: Image.Image) -> int:
    """Return in how many places two pictures differ so that a person would see it."""
    if expected.size != found.size:
        return expected.width * expected.height
    first, second = (np.asarray(it, dtype=np.int16) for it in (expected, found))
    strange = (_nearest(first, second) > SHADE) | (_nearest(second, first) > SHADE)
    return int(_patches(strange).sum())


def _nearest(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how much each pixel of one differs from the most similar one nearby in the other."""
    height, width, _ = first.shape
    padded = np.pad(second, ((REACH, REACH), (REACH, REACH), (0, 0)), mode="edge")
    nearest = np.full((height, width), 255, dtype=np.int16)
    for down in range(2 * REACH + 1):
        for right in range(2 * REACH + 1):
            there = padded[down : down + height, right : right + width]
            np.minimum(nearest, np.abs(first - there).max(axis=2), out=nearest)
    return nearest


def _patches(strange: np.ndarray) -> np.ndarray:
    """Return where whole squares are strange: single pixels and lines are edges."""
    squares = np.lib.stride_tricks.sliding_window_view(strange, (PATCH, PATCH))
    return squares.all(axis=(2, 3))
