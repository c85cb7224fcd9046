"""JPEG files that lack only their end marker, as broken downloads and some cameras leave them.

Browsers show them, and refuse them as a bitmap; the app's `classifier/torn-jpeg.js` does the same
as this. A file whose pixels are incomplete, too, stays refused.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

_START = b"\xff\xd8\xff"
_END = b"\xff\xd9"


def with_end(content: bytes, decode: Callable[[bytes], NDArray[Any]]) -> NDArray[Any] | None:
    """Decode a JPEG file after adding the end marker; None where more than that is missing.

    The decoder fills up what it lacks. So whatever stands before the marker must make no
    difference: other bytes would become pixels, were any missing. Restart markers are among them,
    because the decoder looks for them where it left off (ITU-T T.81, E.2.4). `decode` raises for a
    file that it cannot decode.
    """
    if not content.startswith(_START):
        return None
    # Half of the marker may be there.
    begun = content.removesuffix(_END[:1])
    pixels = decode(begun + _END)
    if all(np.array_equal(decode(begun + other + _END), pixels) for other in _fillings()):
        return pixels
    return None


def _fillings() -> list[bytes]:
    return [
        noise + b"".join(bytes((0xFF, 0xD0 + number)) + noise for number in range(8))
        for noise in (_noise(101), _noise(17), b"\xfe\x01" * 16)
    ]


def _noise(first: int) -> bytes:
    """Return 32 bytes without 0xff, which would begin a marker."""
    return bytes((first + 37 * index) % 251 for index in range(32))
