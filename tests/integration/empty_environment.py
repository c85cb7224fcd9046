"""Virtual environments that hold one wheel and what it says it needs, and nothing else.

Installing TensorFlow's 3 GB anew takes minutes and the network. The packages are links to the ones
that the tests run with instead, found by following the declared requirements from the wheel: what
it forgets to declare is as missing as it would be for whoever installs it.
"""

import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def create_environment(folder: Path, wheel: Path) -> Path:
    """Make an environment in `folder`, install the wheel, and return the folder of its programs."""
    venv.create(folder, symlinks=True)
    programs = folder / "bin"
    python = programs / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    packages = Path(answer.stdout.strip())
    (installed,) = distributions(path=[str(packages)])
    link(required_by(installed), packages)
    return programs


def required_by(root: Distribution) -> list[Distribution]:
    """Return what a distribution needs, directly or not, from the environment of the tests.

    Raises AssertionError where that environment breaks a declared requirement.
    """
    found: dict[tuple[str, str], Distribution] = {}

    def visit(needing: Distribution, extra: str) -> None:
        for requirement in _requirements(needing, extra):
            for wanted in ("", *requirement.extras):
                key = (canonicalize_name(requirement.name), wanted)
                if key not in found:
                    found[key] = _installed(requirement)
                    visit(found[key], wanted)

    visit(root, "")
    return [needed for (_, extra), needed in found.items() if not extra]


def _requirements(needing: Distribution, extra: str) -> Iterator[Requirement]:
    for line in needing.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def _installed(requirement: Requirement) -> Distribution:
    try:
        found = distribution(requirement.name)
    except PackageNotFoundError:
        raise AssertionError(f"{requirement} is declared and not installed") from None
    assert requirement.specifier.contains(found.version, prereleases=True), (
        f"{requirement} is declared and {found.version} is installed"
    )
    return found


def link(packages: list[Distribution], target: Path) -> None:
    """Link the top-level modules and folders of installed packages into another environment.

    Raises FileExistsError if two packages share one; none of ours does.
    """
    for package in packages:
        # "..": programs and manual pages, outside the folder of packages.
        for name in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            (target / name).symlink_to(package.locate_file(name))
