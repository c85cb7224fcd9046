"""Photos come from strangers: Pillow reads only what browsers show, whatever a file is called."""

import io
from pathlib import Path

import pytest
from PIL import Image

from builder.errors import PhotosError
from builder.model.images.photos import decode_photo
from builder.training.checking import read_problem

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"


def _written(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(buffer, form)
    return buffer.getvalue()


# MPO is a JPEG with more pictures behind the first, as some cameras write them.
@pytest.mark.parametrize("form", ["AVIF", "BMP", "GIF", "JPEG", "MPO", "PNG", "WEBP"])
def test_formats_that_browsers_show_are_decoded(form: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(_written(form))
    assert decode_photo(path).shape == (16, 16, 3)
    assert read_problem(path) is None


@pytest.mark.parametrize(
    "form", ["DDS", "EPS", "ICO", "IM", "JPEG2000", "PCX", "PPM", "SGI", "TGA", "TIFF"]
)
def test_all_other_formats_are_refused(form: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(_written(form))
    with pytest.raises(PhotosError, match="not an image that can be read"):
        decode_photo(path)
    assert "cannot identify" in (read_problem(path) or "")


def test_a_photo_starts_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow has Ghostscript draw what begins like PostScript, under any name."""
    tools, seen = tmp_path / "bin", tmp_path / "started"
    tools.mkdir()
    for name in ("gs", "gswin64c", "gswin32c", "gswin32"):
        (tools / name).write_text(f"#!/bin/sh\necho >> {seen}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    path = tmp_path / "photo.jpg"
    path.write_bytes(EPS)
    with pytest.raises(PhotosError):
        decode_photo(path)
    assert read_problem(path) is not None
    assert not seen.exists()
