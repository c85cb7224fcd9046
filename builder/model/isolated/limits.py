"""How much memory and time reading a model may take; no TensorFlow."""

import os
from dataclasses import dataclass
from pathlib import Path

from builder.config import SiteConfig
from builder.model.reading.content import content_files, path_of

_GIB = 1 << 30
_PART_OF_MACHINE = 0.9
_LEAST_BYTES = 4 * _GIB
_BYTES_PER_BYTE = 24
"""Times a model's own size that its conversion may take beyond `_LEAST_BYTES`; ConvNeXt XL, with
1.4 GB, was seen to take 17."""

_LEAST_SECONDS = 600.0
_SECONDS_PER_BYTE = 6e-6
_SECONDS_FOR_NAMED = 3600.0

_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Ceiling:
    """What reading and converting a model may take."""

    memory: int | None
    """The most memory of the process that does it, bytes; None where the system does not report how
    much there is."""
    seconds: float
    """How long it may take until the model is converted; measuring it comes after that."""


def ceiling_of(config: SiteConfig) -> Ceiling:
    """Return the ceiling: what the settings say, else by the size of the model's files."""
    path = path_of(config.model) or path_of(config.weights)
    return ceiling_for(path, config.memory_limit, config.time_limit)


def ceiling_for(path: Path | None, memory_limit: float | None, time_limit: float | None) -> Ceiling:
    """Return the ceiling of a model in this place, None for a named one.

    The limits decide where they are given, in gigabytes and minutes.
    """
    memory = _physical_memory()
    most = None if memory is None else int(memory * _PART_OF_MACHINE)
    seconds = _SECONDS_FOR_NAMED
    if path is not None:
        size = sum(file.stat().st_size for file in content_files(path))
        own = _LEAST_BYTES + _BYTES_PER_BYTE * size
        most = own if most is None else min(most, own)
        seconds = _LEAST_SECONDS + _SECONDS_PER_BYTE * size
    return Ceiling(
        memory=most if memory_limit is None else int(memory_limit * _GIB),
        seconds=seconds if time_limit is None else time_limit * 60,
    )


def _physical_memory() -> int | None:
    """Return how much memory this machine or container has, bytes; None where unknown."""
    try:
        found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None
    for file in _CGROUP_LIMITS:
        try:
            found.append(int(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # not this version of cgroups, or "max"
            continue
    return min(found)
