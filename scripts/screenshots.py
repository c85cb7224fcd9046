"""Takes pictures of a built site in each of its states, for review.

    python -m scripts.screenshots dist /tmp/pictures ../shared/images/imagenet-samples/*.JPEG

Three photos or more; the camera shows the first. Each state is taken at the sizes of a phone, a
tablet and a desktop, light and dark: `camera-360x640-light.png`.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from builder.browser.launch import launch_browser
from builder.hosting.server import preview_server
from builder.output.ownership import check_output
from builder.output.records import record_of
from builder.output.writer import NewFile, write_folder
from tests.e2e.conftest import camera_flags
from tests.e2e.states import states

RECORD = "pictures.json"
SIZES = ((360, 640), (768, 1024), (1440, 900))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def camera_video(photo: Path, folder: Path) -> Path:
    """Write a video of one photo for Chromium's fake camera, and return its path."""
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
    parser.add_argument("--force", action="store_true", help="move other content of it aside")
    options = parser.parse_args()
    check_output(options.output, options.force, [options.dist, *options.photos], record=RECORD)
    files: dict[str, bytes] = {}
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
                        files[name] = png
    files[RECORD] = json.dumps(record_of(files), indent=1).encode()
    new = [NewFile(name, content) for name, content in files.items()]
    for aside in write_folder(new, options.output, options.force, record=RECORD):
        sys.stderr.write(f"What {options.output} held is now in {aside}.\n")


if __name__ == "__main__":
    main()
