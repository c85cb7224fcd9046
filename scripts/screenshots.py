"""Takes pictures of a built site in each of its states, to look at before others do.

    python -m scripts.screenshots dist /tmp/pictures ../shared/images/imagenet-samples/*.JPEG

Three photos or more; the camera shows the first. Each state is taken at the sizes of a phone, a
tablet and a desktop, light and dark: `camera-360x640-light.png`.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from builder.browser import launch_browser
from builder.serve import preview_server
from tests.e2e.conftest import camera_flags
from tests.e2e.states import states

SIZES = ((360, 640), (768, 1024), (1440, 900))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def camera_video(photo: Path, folder: Path) -> Path:
    """Write a film that stands still, as Chromium's fake camera plays it, and return its path."""
    video = folder / "camera.mjpeg"
    picture = ImageOps.fit(Image.open(photo).convert("RGB"), (1280, 960))
    picture.save(folder / "frame.jpg", quality=92, subsampling="4:2:0")
    video.write_bytes((folder / "frame.jpg").read_bytes() * 4)
    return video


def take(
    browser: Browser, url: str, photos: Sequence[Path], size: tuple[int, int], scheme: Scheme
) -> dict[str, bytes]:
    """Return a PNG of each state."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if width < 600 else 1,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-US",
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    pictures = {state: page.screenshot() for state in states(page, url, list(photos))}
    context.close()
    return pictures


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path, help="a built site")
    parser.add_argument("output", type=Path, help="folder for the pictures")
    parser.add_argument("photos", type=Path, nargs="+", help="three or more")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        video = camera_video(options.photos[0], Path(folder))
        flags = camera_flags(f"--use-file-for-fake-video-capture={video}")
        with (
            preview_server(options.dist) as server,
            launch_browser(playwright, args=flags) as browser,
        ):
            for width, height in SIZES:
                for scheme in SCHEMES:
                    pictures = take(browser, server.url, options.photos, (width, height), scheme)
                    for state, png in pictures.items():
                        name = f"{state}-{width}x{height}-{scheme}.png"
                        (options.output / name).write_bytes(png)


if __name__ == "__main__":
    main()
