"""The kind of setting that says how channel values 0…255 are scaled for the network."""

import math
from pathlib import Path

from builder.config.kinds import Kind, show

SCALING_NAMES = ("mobilenet", "imagenet", "caffe", "0-1", "none")
"""Scalings that have a name."""

Numbers = tuple[float, float, float]


def parse_numbers(text: str) -> tuple[Numbers, Numbers]:
    """Return mean and standard deviation of R, G and B from "127.5/127.5" or "1,2,3/4,5,6".

    Both are those of channel values 0…255; a negative deviation turns light into dark. Raises
    ValueError.
    """
    mean, slash, std = text.partition("/")
    if not slash:
        raise ValueError("there is no slash")
    means, deviations = _three(mean), _three(std)
    if 0.0 in deviations:
        raise ValueError("a standard deviation must not be 0")
    if max(map(abs, deviations)) < 1 and max(map(abs, means)) <= 1:
        raise ValueError("the numbers are those of values 0…1: multiply them by 255")
    return means, deviations


def _three(text: str) -> Numbers:
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) not in (1, 3) or not all(map(math.isfinite, numbers)):
        raise ValueError("mean and standard deviation are one number or three")
    red, green, blue = numbers if len(numbers) == 3 else numbers * 3
    return red, green, blue


def _parse_scaling(value: object, _folder: Path) -> str:
    if isinstance(value, str) and value in SCALING_NAMES:
        return value
    try:
        if not isinstance(value, str):
            raise ValueError("it is not a text")
        parse_numbers(value)
    except ValueError as error:
        raise ValueError(
            f"must be one of {', '.join(SCALING_NAMES)}, or mean/deviation such as "
            f'"127.5/127.5" or "123.7,116.3,103.5/58.4,57.1,57.4", not {show(value)} ({error})'
        ) from error
    return value


SCALING = Kind(
    f"{', '.join(f'`{name}`' for name in SCALING_NAMES)}, or numbers mean/deviation",
    "NAME|MEAN/STD",
    _parse_scaling,
)
