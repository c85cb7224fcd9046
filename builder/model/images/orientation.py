"""Which way up a photo is, as browsers read it.

Chromium, as of version 156, turns JPEG and PNG files by their EXIF block, which must come before
the pixels, and AVIF files by their own flag. It turns nothing by XMP, and no WebP file.
"""

import struct
from typing import Any

_ORIENTATION = 0x0112
_SHORT = 3
"""The type of whole numbers of two bytes."""
_TURNED = ("AVIF", "JPEG", "MPO", "PNG")
"""Pillow's names of the formats that are turned; MPO is JPEG with more pictures behind it."""


def exif_of(opened: Any) -> bytes | None:
    """Return the EXIF block that says how an image is turned; None where nothing does.

    `opened` is one of Pillow's images before its pixels are loaded: what follows them in the file
    is known only after decoding.
    """
    return opened.info.get("exif") if opened.format in _TURNED else None


def upright(image: Any, exif: bytes | None) -> Any:
    """Return an image turned as its EXIF block says; as it is, where that cannot be read."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(_orientation(exif))
    return image if turn is None else image.transpose(turn)


def _orientation(exif: bytes | None) -> int:
    """Return the orientation, 1 to 8, that an EXIF block names (EXIF 2.32, 4.6); 1 by default."""
    tiff = (exif or b"").removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(count):
            entry = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if entry[0] == _ORIENTATION:
                return entry[3] if entry[1] == _SHORT else 1
    except struct.error:
        pass  # The block is damaged, the picture is not.
    return 1
