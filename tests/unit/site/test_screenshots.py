"""Screenshots in the web app manifest: found, described, refused, and kept by no device."""

import json
from pathlib import Path

import pytest
from PIL import Image

from builder.build import build_site
from builder.check.check_site import check_site
from builder.config import SiteConfig
from builder.errors import ConfigError
from builder.site.screenshots import read_screenshots
from tests.unit.sites import prepare_trees


def picture(folder: Path, name: str, size: tuple[int, int]) -> Path:
    path = folder / name
    Image.new("RGB", size, "teal").save(path)
    return path


def test_a_build_describes_them_and_no_device_keeps_them(tmp_path: Path) -> None:
    given = picture(tmp_path, "z.png", (390, 844)), picture(tmp_path, "a.jpg", (1440, 900))
    output = tmp_path / "dist"
    build_site(SiteConfig(screenshots=given, output=output), prepare=prepare_trees)
    manifest = json.loads((output / "manifest.webmanifest").read_bytes())
    phone, desktop = manifest["screenshots"]
    assert (phone["sizes"], phone["form_factor"]) == ("390x844", "narrow")
    assert (phone["type"], desktop["type"]) == ("image/png", "image/jpeg")
    assert desktop["form_factor"] == "wide"
    assert (output / phone["src"]).read_bytes() == given[0].read_bytes()
    assert "screenshots/" not in (output / "sw.js").read_text(encoding="utf-8")
    assert [finding for finding in check_site(output).findings if finding.breaks] == []


@pytest.mark.parametrize("size", [(200, 600), (4000, 3000), (400, 1200)])
def test_sizes_that_browsers_do_not_show_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match=rf"wrong\.png is {size[0]}x{size[1]}"):
        read_screenshots([picture(tmp_path, "wrong.png", size)])


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("no picture")
    with pytest.raises(ConfigError, match=r"notes\.png is no picture"):
        read_screenshots([tmp_path / "notes.png"])
