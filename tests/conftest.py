"""Fixtures that every kind of test shares."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, and none fails because the machine is busy.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")

Apart = Callable[..., Any]
"""Calls a function with arguments, elsewhere."""

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that renews what tests/e2e/test_looks.py compares the page with."""
    parser.addoption("--renew-looks", action="store_true", help="take the page's looks anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what fails with browsers and processes beside it once more, as Playwright's runner does.

    The machine may be too busy for them once. The summary names each such test (RERUN): look into
    it, and have the test wait for what it rests on.
    """
    for item in items:
        if any(item.path.is_relative_to(ROOT / "tests" / kind) for kind in ("e2e", "integration")):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def conversion_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep converted models in a folder of the tests' own, subprocesses included.

    Tests that run side by side share it.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "conversions"
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
