"""Photos to measure with: made up, the same each time, and as hard to decode as real ones."""

import base64
import io
import random

SIZES = ((500, 375), (640, 480), (375, 500), (1024, 768))
"""Width and height, pixels: the sizes of photos on the web."""

CAMERA_SIZE = (4000, 3000)
"""Width and height of a photo from a phone's camera, 12 megapixels."""


def made_up_photos() -> list[bytes]:
    """Return a JPEG of each size."""
    return [made_up_photo(*size, seed=number) for number, size in enumerate(SIZES)]


def made_up_photo(width: int, height: int, seed: int) -> bytes:
    """Return a JPEG of soft shapes with some noise, about a quarter of a byte a pixel."""
    from PIL import Image

    chance = random.Random(seed)
    coarse = Image.frombytes("RGB", (12, 9), chance.randbytes(12 * 9 * 3))
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (97, 89), chance.randbytes(97 * 89 * 3))
    grain = grain.resize((width, height), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    Image.blend(picture, grain, 0.15).save(out, "JPEG", quality=85)
    return out.getvalue()


def as_text(photo: bytes) -> str:
    """Return the photo in base64, to be handed to a page."""
    return base64.b64encode(photo).decode("ascii")
