"""Finds a Chromium on this machine and starts it for tests, `evaluate` and `bench`."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import BrowserError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright

BROWSER_VARIABLE = "CLASSIFIER_PWA_BROWSER"

REMEDY = (
    f"Install Chromium or Chrome, or run `playwright install chromium`, or set {BROWSER_VARIABLE} "
    "to the path of one."
)

# Names on the PATH, best first: Chromium before Chrome, which may be managed by an organisation.
_PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)

_MAC_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
_WINDOWS_PATHS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)

# Where a Chromium lies inside a folder of Playwright's cache, on any system.
_PLAYWRIGHT_PATTERNS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)

_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_SHELL_PATTERNS = tuple(
    f"chromium_headless_shell-*/*/{name}{end}"
    for name in ("chrome-headless-shell", "headless_shell")
    for end in ("", ".exe")
)

# Playwright's own flags switch off updates, sync, and the sandbox (which root and most containers
# cannot have). These keep the browser from looking for a network, which may not be there.
QUIET_FLAGS = ("--disable-domain-reliability", "--disable-quic", "--no-pings")

SOFTWARE_WEBGPU = "--enable-unsafe-webgpu"
"""Gives Chromium WebGPU on a machine without a graphics card, too: computed by the processor."""


def find_browser(
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    platform: str = sys.platform,
) -> Path | None:
    """Return the path of a Chromium: the environment's, Playwright's own, or the system's.

    Raises `BrowserError` when the environment variable names something that cannot be run.
    """
    named = environment.get(BROWSER_VARIABLE)
    if named:
        found = which(named)
        if found is None:
            raise BrowserError(
                f"{BROWSER_VARIABLE} is {named!r}, which is not a program that can be run. "
                "Set it to the path of a Chromium or Chrome, or unset it."
            )
        return Path(found)
    return next(_candidates(environment, which, platform), None)


def find_headless_shell(
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    platform: str = sys.platform,
) -> Path | None:
    """Return the path of Chromium's headless shell, Playwright's own or the system's.

    It has no windows, toolbars and profiles: a visit takes little more than half of a browser's
    processor time. https://developer.chrome.com/blog/chrome-headless-shell
    """
    own = _in_cache(_playwright_cache(environment, platform), _SHELL_PATTERNS)
    return next(iter((*own, *(Path(found) for name in _SHELLS if (found := which(name))))), None)


def _candidates(
    environment: Mapping[str, str], which: Callable[[str], str | None], platform: str
) -> Iterator[Path]:
    yield from _in_cache(_playwright_cache(environment, platform), _PLAYWRIGHT_PATTERNS)
    for name in _PROGRAMS:
        found = which(name)
        if found:
            yield Path(found)
    for path in _well_known_paths(environment, platform):
        if path.is_file():
            yield path


def _playwright_cache(environment: Mapping[str, str], platform: str) -> Path:
    """Return the folder that `playwright install` fills.

    https://playwright.dev/python/docs/browsers#managing-browser-binaries
    """
    named = environment.get("PLAYWRIGHT_BROWSERS_PATH")
    if named == "0":  # inside the Python package
        package = find_spec("playwright")
        folder = Path(package.origin).parent if package and package.origin else Path()
        return folder / "driver/package/.local-browsers"
    if named:
        return Path(named)
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "darwin":
        return home / "Library/Caches/ms-playwright"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA", home / "AppData/Local")) / "ms-playwright"
    return Path(environment.get("XDG_CACHE_HOME", home / ".cache")) / "ms-playwright"


def _in_cache(cache: Path, patterns: Sequence[str]) -> list[Path]:
    """Return the programs in Playwright's cache that fit one of `patterns`, newest first."""
    found = [path for pattern in patterns for path in cache.glob(pattern)]
    return sorted(found, key=lambda path: _revision(path.relative_to(cache)), reverse=True)


def _revision(path: Path) -> int:
    digits = re.search(r"\d+", path.parts[0])
    return int(digits.group()) if digits else 0


def _well_known_paths(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    """Yield where browsers lie on systems that do not put them on the PATH."""
    if platform == "darwin":
        for name in _MAC_APPS:
            yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    if platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            for path in _WINDOWS_PATHS:
                if variable in environment:
                    yield Path(environment[variable]) / path


@contextmanager
def launch_browser(
    playwright: "Playwright",
    *,
    args: Sequence[str] = (),
    path: Path | None = None,
    **options: Any,
) -> "Iterator[Browser]":
    """Run a headless Chromium for the length of a `with` block.

    `args` are more flags for the browser, `path` another than `find_browser` finds, and `options`
    go to Playwright's `BrowserType.launch`. Raises `BrowserError` when no browser is found or it
    does not start.
    """
    with _started(playwright.chromium.launch, args, options, path) as browser:
        yield browser


@contextmanager
def launch_profile(
    playwright: "Playwright", *, args: Sequence[str] = (), **options: Any
) -> "Iterator[BrowserContext]":
    """Run a headless Chromium with an empty profile on disk, which is gone after the `with` block.

    The contexts of `launch_browser` are private windows, for which the browser keeps no compiled
    code from one visit to the next. `options` go to `BrowserType.launch_persistent_context`. Raises
    as `launch_browser`.
    """
    with tempfile.TemporaryDirectory(
        prefix="classifier-pwa-", ignore_cleanup_errors=True
    ) as folder:
        launch = playwright.chromium.launch_persistent_context
        with _started(launch, args, {"user_data_dir": folder, **options}) as context:
            yield context


@contextmanager
def _started(
    launch: Callable[..., Any],
    args: Sequence[str],
    options: Mapping[str, Any],
    path: Path | None = None,
) -> Iterator[Any]:
    from playwright.sync_api import Error

    path = path or find_browser()
    if path is None:
        raise BrowserError(f"No browser was found. {REMEDY}")
    try:
        browser = launch(executable_path=path, args=[*QUIET_FLAGS, *args], **options)
    except Error as error:
        reason = error.message.strip().splitlines()[0]
        raise BrowserError(f"The browser {path} does not start ({reason}). {REMEDY}") from error
    try:
        yield browser
    finally:
        browser.close()
