"""Tests of builder/browser/launch.py and builder/browser/install.py."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from builder.browser import launch as browser_module
from builder.browser.install import ensure_browser
from builder.browser.launch import find_browser, find_headless_shell, launch_browser, launch_profile
from builder.errors import BrowserError


def which_of(*names: str) -> Callable[[str], str | None]:
    """Return a `which` for a machine with just these programs."""
    return lambda name: f"/usr/bin/{name}" if name in names else None


def make_file(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_environment_variable_wins(tmp_path: Path) -> None:
    program = make_file(tmp_path / "bin" / "my-chrome")
    program.chmod(0o755)
    environment = {"CLASSIFIER_PWA_BROWSER": str(program), "HOME": str(tmp_path)}

    assert find_browser(environment, platform="linux") == program


def test_environment_variable_that_names_no_program_is_an_error(tmp_path: Path) -> None:
    environment = {"CLASSIFIER_PWA_BROWSER": "/no/such/browser", "HOME": str(tmp_path)}

    with pytest.raises(BrowserError, match="CLASSIFIER_PWA_BROWSER is '/no/such/browser'"):
        find_browser(environment, which_of("chromium"), "linux")


@pytest.mark.parametrize(
    ("platform", "cache", "inside"),
    [
        ("linux", ".cache/ms-playwright", "chrome-linux64/chrome"),
        (
            "darwin",
            "Library/Caches/ms-playwright",
            "chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome",
        ),
        ("win32", "AppData/Local/ms-playwright", "chrome-win/chrome.exe"),
    ],
)
def test_playwrights_own_comes_before_the_systems(
    tmp_path: Path, platform: str, cache: str, inside: str
) -> None:
    make_file(tmp_path / cache / "chromium-999" / inside)
    newest = make_file(tmp_path / cache / "chromium-1155" / inside)

    assert find_browser({"HOME": str(tmp_path)}, which_of("chromium"), platform) == newest


@pytest.mark.parametrize(
    ("platform", "cache", "inside"),
    [
        ("linux", ".cache/ms-playwright", "chrome-headless-shell-linux64/chrome-headless-shell"),
        ("linux", ".cache/ms-playwright", "chrome-linux/headless_shell"),
        (
            "darwin",
            "Library/Caches/ms-playwright",
            "chrome-headless-shell-mac/chrome-headless-shell",
        ),
        ("win32", "AppData/Local/ms-playwright", "chrome-win/headless_shell.exe"),
    ],
)
def test_playwrights_headless_shell_comes_before_the_systems(
    tmp_path: Path, platform: str, cache: str, inside: str
) -> None:
    environment = {"HOME": str(tmp_path)}
    systems = which_of("chromium", "chromium-headless-shell")
    assert find_headless_shell(environment, which_of("chromium"), platform) is None
    assert find_headless_shell(environment, systems, platform) == Path(
        "/usr/bin/chromium-headless-shell"
    )
    own = make_file(tmp_path / cache / "chromium_headless_shell-1200" / inside)
    make_file(tmp_path / cache / "chromium_headless_shell-1155" / inside)
    assert find_headless_shell(environment, systems, platform) == own


def test_playwrights_folder_may_be_elsewhere(tmp_path: Path) -> None:
    program = make_file(tmp_path / "browsers" / "chromium-7" / "chrome-linux" / "chrome")
    environment = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"), "HOME": "/nobody"}

    assert find_browser(environment, which_of(), "linux") == program


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        (("google-chrome", "chromium"), "/usr/bin/chromium"),
        (("google-chrome-stable",), "/usr/bin/google-chrome-stable"),
        (("firefox",), None),
    ],
)
def test_programs_on_the_path(
    tmp_path: Path, programs: tuple[str, ...], expected: str | None
) -> None:
    found = find_browser({"HOME": str(tmp_path)}, which_of(*programs), "linux")

    assert found == (expected and Path(expected))


def test_windows_program_folders(tmp_path: Path) -> None:
    program = make_file(tmp_path / "Google/Chrome/Application/chrome.exe")
    environment = {"USERPROFILE": str(tmp_path / "home"), "PROGRAMFILES": str(tmp_path)}

    assert find_browser(environment, which_of(), "win32") == program


LAUNCHES = pytest.mark.parametrize("launch", [launch_browser, launch_profile])


@LAUNCHES
def test_no_browser_names_the_remedy(launch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_module, "find_browser", lambda: None)

    with pytest.raises(BrowserError, match="playwright install chromium"), launch(FakePlaywright()):
        pass


@LAUNCHES
def test_browser_that_does_not_start_is_named(launch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_module, "find_browser", lambda: Path("/opt/broken"))

    with (
        pytest.raises(BrowserError, match=r"/opt/broken does not start \(exited with 127\)"),
        launch(FakePlaywright()),
    ):
        pass


class FakePlaywright:
    """A Playwright whose browser cannot be launched."""

    @property
    def chromium(self) -> "FakePlaywright":
        return self

    def launch(self, **_options: Any) -> None:
        raise Error("exited with 127\n  and many lines of log")

    launch_persistent_context = launch


class Machine:
    """A machine without a browser, on which some commands work and may bring one."""

    def __init__(self, *working: str, bringing: str = "") -> None:
        self.working = working
        self.bringing = bringing
        self.commands: list[str] = []

    def run(self, command: list[str]) -> bool:
        line = " ".join(command).replace(f"{sys.executable} -m ", "")
        self.commands.append(line)
        return any(line.startswith(start) for start in self.working)

    def find(self) -> Path | None:
        return Path("/usr/bin/chromium") if self.bringing in self.commands else None


PLAYWRIGHT_INSTALL = "playwright install chromium"
APT_INSTALL = "apt-get install --yes --no-install-recommends chromium chromium-headless-shell"


def test_a_browser_that_is_there_is_not_installed_again() -> None:
    machine = Machine()

    assert ensure_browser(lambda: Path("/usr/bin/chrome"), machine.run, True) == Path(
        "/usr/bin/chrome"
    )
    assert machine.commands == []


def test_playwrights_download_is_tried_first() -> None:
    machine = Machine("playwright", bringing=PLAYWRIGHT_INSTALL)

    assert ensure_browser(machine.find, machine.run, False) == Path("/usr/bin/chromium")
    assert machine.commands == [PLAYWRIGHT_INSTALL]


def test_playwrights_download_gets_its_libraries_where_that_is_allowed() -> None:
    machine = Machine("playwright", bringing=PLAYWRIGHT_INSTALL)

    ensure_browser(machine.find, machine.run, True)

    assert machine.commands == [PLAYWRIGHT_INSTALL, "playwright install-deps chromium"]


def test_the_distributions_package_is_the_second_way() -> None:
    machine = Machine("apt-get", bringing=APT_INSTALL)

    assert ensure_browser(machine.find, machine.run, True) == Path("/usr/bin/chromium")
    assert machine.commands == [PLAYWRIGHT_INSTALL, "apt-get update", APT_INSTALL]


def test_without_a_way_to_install_the_error_says_what_to_do() -> None:
    machine = Machine(bringing=APT_INSTALL)

    with pytest.raises(BrowserError, match="CLASSIFIER_PWA_BROWSER"):
        ensure_browser(machine.find, machine.run, False)
    assert machine.commands == [PLAYWRIGHT_INSTALL]
