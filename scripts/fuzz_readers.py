"""Feeds the readers of models and labels with randomly changed files for some minutes.

    python scripts/fuzz_readers.py [MINUTES]

Runs the fuzzers in tests/unit/model/reading again and again, each time with another seed. Ends at
the first failure, with the file's changes reduced to the few that matter; `--hypothesis-seed` and
`FUZZ_EXAMPLES`, as printed, repeat it. Where TensorFlow crashes the whole process, the file that it
was given last is kept, and named.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = [
    f"tests/unit/model/reading/{name}.py"
    for name in ("test_reading_fuzz", "test_reading_fuzz_structure")
]
EXAMPLES = 40
"""How many files of each kind are tried in a round."""


def main(minutes: float) -> int:
    """Run until the time is over or something is found; return the exit status."""
    end = time.monotonic() + 60 * minutes
    rounds = 0
    last = Path(tempfile.mkdtemp(prefix="fuzzed-"), "last")
    while time.monotonic() < end:
        seed = int.from_bytes(os.urandom(4), "big")
        command = [sys.executable, "-m", "pytest", "-q", "-x", *TESTS, f"--hypothesis-seed={seed}"]
        environment = {**os.environ, "FUZZ_EXAMPLES": str(EXAMPLES), "FUZZ_LAST": str(last)}
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if status:
            sys.stderr.write(f"Repeat with FUZZ_EXAMPLES={EXAMPLES} --hypothesis-seed={seed}\n")
            if status < 0:
                sys.stderr.write(f"The process ended by the signal {-status} at {last}\n")
            return 1
        rounds += 1
    sys.stderr.write(f"{rounds} rounds of {EXAMPLES} files of each kind: nothing found.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0))
