"""A whole site to break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def site(whole_site: Path, tmp_path: Path) -> Path:
    """Return a copy of the site that a test may break."""
    return shutil.copytree(whole_site, tmp_path / "dist")


@pytest.fixture
def edit(site: Path) -> Callable[[str, str, str], None]:
    """Return a function that replaces text in the file that a pattern names."""

    def replace(pattern: str, old: str, new: str) -> None:
        (path,) = site.glob(pattern)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
