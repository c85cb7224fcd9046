"""The first frame of animated PNG files whose default image is none of the frames.

Browsers show the animation's first frame, on a transparent ground; the default image is for
programs that know no animations. Source: PNG specification, third edition, 5.4 and 11.3.6.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Frame:
    """A frame as a file of its own."""

    png: bytes
    left: int
    """Column of the whole picture at which it begins, pixels."""
    top: int
    """Row at which it begins, pixels."""


def first_frame(content: bytes) -> Frame | None:
    """Return the first frame of an animation whose default image is not part of it.

    None for every other file, damaged ones included.
    """
    if not content.startswith(_SIGNATURE) or b"acTL" not in content:
        return None
    try:
        return _first_frame(list(_chunks(content)))
    except (struct.error, IndexError):
        return None


def _first_frame(chunks: list[tuple[bytes, bytes]]) -> Frame | None:
    kinds = [kind for kind, _ in chunks]
    if b"acTL" not in kinds or b"fcTL" not in kinds or b"IDAT" not in kinds:
        return None
    control, pixels = kinds.index(b"fcTL"), kinds.index(b"IDAT")
    if control < pixels:
        return None
    (_, header), before = chunks[0], chunks[1:pixels]
    _, width, height, left, top = struct.unpack(">IIIII", chunks[control][1][:20])
    whole_width, whole_height = struct.unpack(">II", header[:8])
    if left + width > whole_width or top + height > whole_height:
        return None
    data = []
    for kind, value in chunks[control + 1 :]:
        if kind == b"fcTL":
            break
        if kind == b"fdAT":
            data.append(value[4:])
    kept = [(kind, value) for kind, value in before if kind != b"acTL"]
    whole = [(b"IHDR", struct.pack(">II", width, height) + header[8:]), *kept]
    whole += [(b"IDAT", b"".join(data)), (b"IEND", b"")]
    return Frame(_SIGNATURE + b"".join(map(_chunk, whole)), left, top)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        yield content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, value = chunk
    checksum = zlib.crc32(kind + value)
    return struct.pack(">I", len(value)) + kind + value + struct.pack(">I", checksum)
