"""Photos that programs read differently: turned in odd places, animated, torn at the end."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)
"""Says: turn me by 90 degrees. Browsers do not listen."""

RED, GREEN = (255, 0, 0), (0, 255, 0)


def turned(orientation: int = 6) -> bytes:
    """Return an EXIF block that says: turn me. 6 means by 90 degrees."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return the picture's file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, value: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    checksum = struct.pack(">I", zlib.crc32(kind + value))
    return struct.pack(">I", len(value)) + kind + value + checksum


def png_with_exif_behind_its_pixels(picture: Image.Image) -> bytes:
    """Return a PNG file whose EXIF block comes too late for browsers."""
    content = encoded(picture, "PNG")
    end = content.index(b"IEND") - 4
    return content[:end] + chunk(b"eXIf", turned().removeprefix(b"Exif\0\0")) + content[end:]


def animation_beside_its_default_image(
    size: tuple[int, int] = (40, 20), frame: tuple[int, int, int, int] = (40, 20, 0, 0)
) -> bytes:
    """Return an animated PNG: a red default image, and a green frame (width, height, left, top)."""
    (width, height), (frame_width, frame_height, left, top) = size, frame

    def pixels(color: tuple[int, int, int], columns: int, rows: int) -> bytes:
        row = b"\0" + np.full((columns, 3), color, np.uint8).tobytes()
        return zlib.compress(row * rows)

    place = struct.pack(">IIIII", 0, frame_width, frame_height, left, top)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            chunk(b"acTL", struct.pack(">II", 1, 0)),
            chunk(b"IDAT", pixels(RED, width, height)),
            chunk(b"fcTL", place + struct.pack(">HHBB", 1, 10, 0, 0)),
            chunk(b"fdAT", struct.pack(">I", 1) + pixels(GREEN, frame_width, frame_height)),
            chunk(b"IEND", b""),
        ]
    )
