"""Feeds the readers of models and labels with randomly changed files for some minutes.

    python scripts/fuzz_readers.py [MINUTES]

Runs tests/unit/model/reading/test_fuzz.py again and again, each time with another seed. Ends at the
first failure, with the file's changes reduced to the few that matter; `--hypothesis-seed` and
`FUZZ_EXAMPLES`, as printed, repeat it.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEST = "tests/unit/model/reading/test_fuzz.py"
EXAMPLES = 40
"""How many files of each kind are tried in a round."""


def main(minutes: float) -> int:
    """Run until the time is over or something is found; return the exit status."""
    end = time.monotonic() + 60 * minutes
    rounds = 0
    while time.monotonic() < end:
        seed = int.from_bytes(os.urandom(4), "big")
        command = [sys.executable, "-m", "pytest", "-q", "-x", TEST, f"--hypothesis-seed={seed}"]
        environment = {**os.environ, "FUZZ_EXAMPLES": str(EXAMPLES)}
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            sys.stderr.write(f"Repeat with FUZZ_EXAMPLES={EXAMPLES} --hypothesis-seed={seed}\n")
            return 1
        rounds += 1
    sys.stderr.write(f"{rounds} rounds of {EXAMPLES} files of each kind: nothing found.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0))
