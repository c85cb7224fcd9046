"""Fixed test images that look enough like photos for a classifier to give clear answers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

COUNT = 24
"""How many images there are."""


def reference_images(height: int, width: int) -> NDArray[Any]:
    """Return float32 [COUNT, height, width, 3] in 0…255, the same on every machine."""
    return _stacked(height, width, range(COUNT))


def _stacked(height: int, width: int, seeds: range) -> NDArray[Any]:
    """Return an image for each seed.

    Each is a smooth gradient with shapes and a texture over it: what random noise lacks, and
    without which most networks give every class the same probability.
    """
    return np.asarray(np.stack(list(_images(height, width, seeds))), np.float32)


def _images(height: int, width: int, seeds: range) -> Iterator[NDArray[Any]]:
    y, x = np.mgrid[0:height, 0:width]
    y, x = (y + 0.5) / height, (x + 0.5) / width
    for seed in seeds:
        rng = np.random.Generator(np.random.PCG64(seed))
        image = _gradient(rng, y, x)
        for _ in range(int(rng.integers(2, 9))):
            image = _with_shape(image, rng, y, x)
        yield np.clip(np.rint(image + _texture(rng, y, x)), 0, 255)


def _gradient(rng: np.random.Generator, y: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    """Blend four corner colours."""
    corners = rng.uniform(0, 255, (2, 2, 3))
    top = corners[0, 0] * (1 - x[..., None]) + corners[0, 1] * x[..., None]
    bottom = corners[1, 0] * (1 - x[..., None]) + corners[1, 1] * x[..., None]
    return np.asarray(top * (1 - y[..., None]) + bottom * y[..., None])


def _with_shape(
    image: NDArray[Any], rng: np.random.Generator, y: NDArray[Any], x: NDArray[Any]
) -> NDArray[Any]:
    """Lay a soft-edged, shaded ellipse or bar over the image."""
    centre_y, centre_x, angle = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9), rng.uniform(0, np.pi)
    radius_u, radius_v = rng.uniform(0.05, 0.45), rng.uniform(0.03, 0.3)
    u = ((x - centre_x) * np.cos(angle) + (y - centre_y) * np.sin(angle)) / radius_u
    v = ((y - centre_y) * np.cos(angle) - (x - centre_x) * np.sin(angle)) / radius_v
    power = rng.choice([2.0, 8.0])
    distance = (np.abs(u) ** power + np.abs(v) ** power) ** (1 / power)
    cover = np.clip((1 - distance) * rng.uniform(4, 30), 0, 1)[..., None]
    colour = rng.uniform(0, 255, 3) + 60 * (v * rng.uniform(-1, 1))[..., None]
    return np.asarray(image * (1 - cover) + colour * cover)


def _texture(rng: np.random.Generator, y: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    """Sum a few oriented waves and a little grain, as fur, grass and sensors make them."""
    waves = np.zeros_like(y)
    for _ in range(6):
        fy, fx = rng.uniform(-40, 40, 2)
        waves += np.sin(2 * np.pi * (fy * y + fx * x) + rng.uniform(0, 2 * np.pi))
    grain = rng.uniform(-1, 1, (*y.shape, 3))
    return np.asarray(rng.uniform(0, 12) * waves[..., None] + rng.uniform(0, 12) * grain)
