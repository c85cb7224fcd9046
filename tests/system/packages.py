"""The system's packages that these tests use: `python -m tests.system.packages` installs them.

What cannot be installed is said loudly, and only the tests that need it are skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

PACKAGES = {
    "firefox-esr": ("firefox-esr",),
    "webkit2gtk-driver": ("WebKitWebDriver", "MiniBrowser"),
    "xvfb": ("Xvfb",),
    "xauth": ("xauth",),
    "nginx": ("nginx",),
    "caddy": ("caddy",),
}
"""Debian's packages, and the programs that they bring."""

# nginx lies where only root looks, MiniBrowser where nobody does.
_ELSEWHERE = (
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/lib/*/webkit2gtk-4.1",
    "/usr/lib/*/webkit2gtk-4.0",
)

Run = Callable[[list[str]], bool]


def find_program(name: str) -> Path | None:
    """Return the path of a program, or None where it is not installed."""
    found = shutil.which(name)
    if found:
        return Path(found)
    for folder in _ELSEWHERE:
        for path in sorted(Path("/").glob(f"{folder[1:]}/{name}"), reverse=True):
            return path
    return None


def missing_packages(find: Callable[[str], Path | None] = find_program) -> list[str]:
    """Return the packages of which a program is missing."""
    return [
        package
        for package, programs in PACKAGES.items()
        if not all(find(name) for name in programs)
    ]


def install(
    run: Run, may_install: bool, find: Callable[[str], Path | None] = find_program
) -> Mapping[str, str]:
    """Install what is missing, one package at a time; return what could not be, and why."""
    missing = missing_packages(find)
    if not missing:
        return {}
    if not may_install:
        return dict.fromkeys(missing, "this is not root on a system with apt-get")
    run(["apt-get", "update", "--quiet"])
    install_one = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"]
    # All in one go is faster; where one cannot be had, the others still can.
    if not run([*install_one, *missing]):
        for package in missing:
            run([*install_one, package])
    return dict.fromkeys(missing_packages(find), "apt-get could not install it")


def _run(command: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0


def main() -> None:
    """Install what is missing, and say what is missing still."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    for package, reason in install(_run, may_install).items():
        line = f"NOT TESTED: {', '.join(PACKAGES[package])} ({package}): {reason}."
        sys.stderr.write(f"\n*** {line} ***\n\n")


if __name__ == "__main__":
    main()
