"""What a command has cost so far."""

import sys
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which `getrusage` counts memory."""


def peak_memory() -> int | None:
    """Return the most memory that this process or one that it started and waited for has had.

    In bytes; None where unknown.
    """
    own = own_peak_memory()
    if own is None:
        return None
    from resource import RUSAGE_CHILDREN, getrusage

    return max(own, getrusage(RUSAGE_CHILDREN).ru_maxrss * _UNIT)


def own_peak_memory() -> int | None:
    """Return the most memory that this process has had at once, in bytes; None where unknown.

    Linux is asked by /proc: `getrusage` there also counts what the parent had before `exec`
    (https://man7.org/linux/man-pages/man2/getrusage.2.html, ru_maxrss).
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name == "VmHWM":
                return int(value.split()[0]) * 1024
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:  # Windows
        return None
    return getrusage(RUSAGE_SELF).ru_maxrss * _UNIT
