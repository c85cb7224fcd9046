"""What a command has cost so far."""

import sys
from pathlib import Path


def peak_memory() -> int | None:
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
    unit = 1 if sys.platform == "darwin" else 1024
    return getrusage(RUSAGE_SELF).ru_maxrss * unit
