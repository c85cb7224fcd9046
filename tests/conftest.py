"""Fixtures that every kind of test shares."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real weights, photos and data sets, which is not part of the project.

    `CLASSIFIER_PWA_SHARED` names it; by default it is the checkout's sibling `shared/`.
    """
    folder = Path(os.environ.get("CLASSIFIER_PWA_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the folder of real weights and photos, and {folder} is missing")
    return folder
