"""`kill -9` of `build`, some two hundred times: the old site or the new one is there, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration import killed_builds


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_a_killed_build_leaves_the_old_or_the_new_site_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.killed_builds", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    seen = result["seen"]
    killed = killed_builds.EXCHANGES + killed_builds.BY_RENAMING + killed_builds.WRITES
    assert seen.pop("killed: True") == killed, seen
    assert seen.pop("found old") + seen.pop("found new") == killed, seen
    assert seen.pop("moved back: True") > 0, seen
    assert seen.pop("found by the clock") == killed_builds.BY_CLOCK, seen
    assert seen.pop("thesis kept") > 0, seen
    assert seen == {}, "what nobody wants to see"
    assert result["last build whole"] is True
    assert result["left beside"] == [], "the next build clears up after the killed ones"
