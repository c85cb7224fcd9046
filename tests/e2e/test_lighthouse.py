"""Lighthouse's verdict on the demo app, on its mobile profile; the report stays in build/."""

import json
import os
import subprocess
from pathlib import Path

from builder.browser.launch import find_browser
from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.hosts import NETLIFY
from builder.hosting.server import preview_server
from tests.conftest import ROOT

REPORT = ROOT / "build" / "lighthouse.json"
CATEGORIES = ("accessibility", "best-practices", "seo")


def test_lighthouse_finds_nothing_to_better(tmp_path: Path) -> None:
    """Performance is in the report, too: its figure is the machine's as much as the app's."""
    site = build_site(SiteConfig(model="demo", output=tmp_path / "dist")).output
    REPORT.parent.mkdir(exist_ok=True)
    with preview_server(site, emulated=NETLIFY) as server:
        subprocess.run(
            [
                *("node", ROOT / "node_modules" / "lighthouse" / "cli" / "index.js", server.url),
                *("--quiet", "--output=json", f"--output-path={REPORT}"),
                # Network and processor slowed by the browser; the default guesses what that does.
                "--throttling-method=devtools",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env={**os.environ, "CHROME_PATH": str(find_browser())},
            check=True,
            timeout=300,
        )
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    scores = {name: report["categories"][name]["score"] for name in CATEGORIES}
    assert scores == dict.fromkeys(CATEGORIES, 1)
    # On a busy machine the category has no score: it wants seconds in which the processor is idle.
    assert report["audits"]["first-contentful-paint"]["numericValue"] > 0
