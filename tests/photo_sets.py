"""Small sets of photos that a network can learn in seconds."""

from pathlib import Path

import numpy as np
from PIL import Image

SHAPES = ("circle", "cross", "stripes")


def draw(shape: str, rng: np.random.Generator, side: int = 40) -> np.ndarray:
    """Return a noisy picture of a shape, uint8 [side, side, 3], in random colours and places."""
    y, x = np.mgrid[:side, :side] - side / 2 + rng.uniform(-4, 4, (2, 1, 1))
    if shape == "circle":
        mask = np.hypot(x, y) < side * rng.uniform(0.25, 0.35)
    elif shape == "cross":
        width = side * rng.uniform(0.06, 0.1)
        mask = (np.abs(x) < width) | (np.abs(y) < width)
    else:
        mask = np.sin(x * rng.uniform(0.9, 1.2)) > 0
    colors = rng.uniform(0, 110, 3), rng.uniform(140, 255, 3)
    picture = np.where(mask[..., np.newaxis], *colors) + rng.normal(0, 12, (side, side, 3))
    return np.clip(picture, 0, 255).astype(np.uint8)


def write_shapes(folder: Path, count: int, seed: int = 0, shapes: tuple[str, ...] = SHAPES) -> Path:
    """Write `count` PNG pictures of each shape, one folder a shape; return `folder`."""
    rng = np.random.default_rng(seed)
    for shape in shapes:
        (folder / shape).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            Image.fromarray(draw(shape, rng)).save(folder / shape / f"{number:03}.png")
    return folder
