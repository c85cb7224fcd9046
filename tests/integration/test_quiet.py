"""With --quiet nothing but warnings of our own reaches the terminal, from whatever library."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT

PROGRAM = "from builder.cli.main import main; main()"
NAMES = ("😀 cat", "狗", "قطة", "பூனை", "$x_1$")
"""Scripts and pictures that Matplotlib's own font lacks, and what it would take for a formula."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of a few photos for each name: noise around a shade of its own."""
    folder = tmp_path_factory.mktemp("photos")
    chance = np.random.default_rng(0)
    for index, name in enumerate(NAMES):
        (folder / name).mkdir()
        for number in range(6):
            pixels = chance.integers(50 * index, 50 * index + 40, (64, 64, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def told(folder: Path, *arguments: str | Path, backend: str = "tensorflow") -> tuple[str, str]:
    """Run a verb with --quiet in a process of its own; return what it printed and complained of."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments), "--quiet"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.mark.slow
def test_train_evaluate_and_build_are_quiet(photos: Path, tmp_path: Path) -> None:
    printed, complaints = told(tmp_path, "train", photos, "--base", "demo", "--output", "m.keras")
    assert printed.startswith("m.keras: ")
    assert complaints == ""

    printed, complaints = told(tmp_path, "evaluate", "m.keras", photos, "--report", "report")
    assert printed.startswith("Model: ")
    assert complaints == ""
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    drawing = page[page.index("<svg") : page.rindex("</svg>")]
    assert all(name in drawing for name in NAMES), "letters that the page's own fonts draw"

    printed, complaints = told(tmp_path, "build", "--model", "m.keras", "--no-cache")
    assert printed.startswith("Site: ")
    assert complaints == ""


@pytest.mark.slow
def test_train_is_quiet_on_jax(photos: Path, tmp_path: Path) -> None:
    _, complaints = told(tmp_path, "train", photos, "--base", "demo", backend="jax")
    assert complaints == ""
