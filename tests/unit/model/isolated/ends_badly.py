"""Stands in for the process that converts, and ends in the way that ENDS_BADLY names."""

import os
import signal
import sys

ENDS = {
    "aborts": os.abort,
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "says nothing": lambda: sys.exit(3),
    "has a bug": lambda: sys.stdout.write('{"kind": "bug", "text": "Traceback: KeyError"}\n'),
    "goes on": sys.stdin.read,
}

if __name__ == "__main__":
    ENDS[os.environ["ENDS_BADLY"]]()
