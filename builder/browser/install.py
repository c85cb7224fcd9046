"""Makes sure that this machine has a browser: `python -m builder.browser.install`.

For `make test`; the `classifier-pwa` command itself never installs anything.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from builder.browser.launch import REMEDY, find_browser
from builder.errors import BrowserError

Command = list[str]

# Playwright's own Chromium comes with its headless shell, too.
_PACKAGES = ("chromium", "chromium-headless-shell")
_PLAYWRIGHT = [sys.executable, "-m", "playwright"]


def ensure_browser(
    find: Callable[[], Path | None] = find_browser,
    run: Callable[[Command], bool] | None = None,
    may_use_apt: bool | None = None,
) -> Path:
    """Return the path of a browser, installed first where there is none.

    Playwright's own Chromium is tried first, then the distribution's package where this process
    may install one. `run` runs a command and says whether it succeeded. Raises `BrowserError`.
    """
    found = find()
    if found:
        return found
    run = _run if run is None else run
    apt = _may_use_apt() if may_use_apt is None else may_use_apt
    if run([*_PLAYWRIGHT, "install", "chromium"]):
        if apt:
            run([*_PLAYWRIGHT, "install-deps", "chromium"])
    elif apt and run(["apt-get", "update"]):
        run(["apt-get", "install", "--yes", "--no-install-recommends", *_PACKAGES])
    found = find()
    if found is None:
        raise BrowserError(f"No browser was found, and none could be installed. {REMEDY}")
    return found


def _may_use_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _run(command: Command) -> bool:
    click.echo(f"No browser yet: {' '.join(command)}", err=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # Installers print to stderr: on stdout there is only the path.
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0


@click.command()
def main() -> None:
    """Print the path of a browser, and install one first if there is none."""
    click.echo(ensure_browser())


if __name__ == "__main__":
    main()
