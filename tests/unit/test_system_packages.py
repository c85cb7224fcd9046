"""What `make test-browsers` installs: only what is missing, and all of it that can be had."""

from pathlib import Path

from tests.system.packages import PACKAGES, install, missing_packages


class Apt:
    """A package manager that lacks one package."""

    def __init__(self, lacks: str = "") -> None:
        self.lacks = lacks
        self.installed: set[str] = set()
        self.commands: list[list[str]] = []

    def run(self, command: list[str]) -> bool:
        self.commands.append(command)
        wanted = {name for name in command if name in PACKAGES}
        if self.lacks in wanted:
            return False
        self.installed |= wanted
        return True

    def find(self, program: str) -> Path | None:
        found = any(program in PACKAGES[package] for package in self.installed)
        return Path(program) if found else None


def test_nothing_is_installed_twice() -> None:
    apt = Apt()
    assert missing_packages(apt.find) == list(PACKAGES)
    assert install(apt.run, True, apt.find) == {}
    assert apt.installed == set(PACKAGES)
    commands = len(apt.commands)
    assert install(apt.run, True, apt.find) == {}
    assert len(apt.commands) == commands


def test_what_cannot_be_had_is_told_and_keeps_nothing_else_away() -> None:
    apt = Apt(lacks="firefox-esr")
    assert list(install(apt.run, True, apt.find)) == ["firefox-esr"]
    assert apt.installed == set(PACKAGES) - {"firefox-esr"}


def test_without_rights_nothing_is_tried() -> None:
    apt = Apt()
    assert list(install(apt.run, False, apt.find)) == list(PACKAGES)
    assert apt.commands == []
