"""`kill -9` of `build`, a hundred times: the old site or the new one is there, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.resources import assets
from tests.conftest import ROOT

TIMES = 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_a_killed_build_leaves_the_old_or_the_new_site_whole(tmp_path: Path) -> None:
    if not (assets() / "runtime" / "runtime.json").is_file():
        pytest.skip("needs the TensorFlow.js runtime, which the package's build bundles")
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.killed_builds", str(tmp_path), str(TIMES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    seen = result["seen"]
    assert seen["found Old trees"] + seen["found New trees"] == TIMES, seen
    assert seen["found Old trees"] > 0, seen
    assert seen["found New trees"] > 0, seen
    assert seen["killed writing"] > 0, seen
    assert result["last build whole"] is True
    assert result["left beside"] == [], "the next build clears up after the killed ones"
