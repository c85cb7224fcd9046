"""Pictures of the app that browsers show before they install it."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from builder.errors import ConfigError

FOLDER = "screenshots/"
"""Where they lie in the app's folder. No device keeps them: they are shown before the app is
installed."""

_SIDES = (320, 3840)
_MOST_ELONGATED = 2.3
# What Chromium requires of screenshots before it shows any:
# https://developer.chrome.com/blog/richer-pwa-installation
_FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}


def read_screenshots(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the pictures by path in the app's folder, in the order given.

    Raises ConfigError for what browsers would not show.
    """
    found = {}
    for number, path in enumerate(paths, 1):
        content = path.read_bytes()
        suffix = _FORMATS[_checked(path, content).format or ""]
        found[f"{FOLDER}{number}.{suffix}"] = content
    return found


def manifest_screenshots(folder: str, contents: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Return the manifest's `screenshots`. `folder` is the app's folder, `contents` its files."""
    found = []
    for name in sorted(contents):
        if not name.startswith(FOLDER):
            continue
        with Image.open(io.BytesIO(contents[name])) as image:
            found.append(
                {
                    "src": f"{folder}{name}",
                    "sizes": f"{image.width}x{image.height}",
                    "type": Image.MIME[image.format or ""],
                    "form_factor": "wide" if image.width > image.height else "narrow",
                }
            )
    return found


def _checked(path: Path, content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=tuple(_FORMATS))
    except (OSError, Image.DecompressionBombError) as error:
        raise ConfigError(
            f"The screenshot {path} is no picture that browsers show: take a PNG, JPEG or WebP."
        ) from error
    short, long = sorted(image.size)
    if short < _SIDES[0] or long > _SIDES[1] or long > _MOST_ELONGATED * short:
        raise ConfigError(
            f"The screenshot {path} is {image.width}x{image.height}: browsers show sides of "
            f"{_SIDES[0]} to {_SIDES[1]} pixels, the longer at most {_MOST_ELONGATED} times the "
            "shorter."
        )
    return image
