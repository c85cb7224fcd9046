"""Fixtures that every kind of test shares."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# The same examples in every run, and none fails because the machine is busy.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")

Apart = Callable[..., Any]
"""Calls a function with arguments, elsewhere."""

Once = Callable[[str, Callable[[Path], object]], Path]
"""Has a folder filled, if none of that name is, and returns it."""

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that renew what tests/e2e compares with."""
    parser.addoption("--renew-looks", action="store_true", help="take the page's looks anew")
    parser.addoption(
        "--renew-faults", action="store_true", help="play all of the fault matrix, and write it"
    )


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run tests: one a core, as each has a browser's many beside it."""
    return os.cpu_count() or 1


LONGEST = ("integration", "e2e/test_fault_matrix.py", "conformance", "e2e", "system", "unit")
"""Where the tests are that take long: a process that began one of them last would end last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    ranks = [ROOT / "tests" / place for place in LONGEST]
    items.sort(
        key=lambda item: next(
            rank for rank, place in enumerate(ranks) if item.path.is_relative_to(place)
        )
    )


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the processes which run tests side by side share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def once(common_folder: Path) -> Once:
    """Return what fills a folder once for all of the processes; no test may change it then."""

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = common_folder / name, common_folder / f"{name}.done"
        with FileLock(common_folder / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session", autouse=True)
def conversion_cache(common_folder: Path) -> Iterator[Path]:
    """Keep converted models in a folder of the tests' own, subprocesses included."""
    folder = common_folder / "conversions"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLASSIFIER_PWA_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real weights, photos and data sets, which is not part of the project.

    `CLASSIFIER_PWA_SHARED` names it; by default it is the checkout's sibling `shared/`.
    """
    folder = Path(os.environ.get("CLASSIFIER_PWA_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the folder of real weights and photos, and {folder} is missing")
    return folder


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """Return what calls a function in a thread of its own and hands on what comes of it.

    For code that starts Playwright, which may be running in the tests' thread already.
    """
    with ThreadPoolExecutor(1) as thread:
        yield lambda function, *arguments: thread.submit(function, *arguments).result()
