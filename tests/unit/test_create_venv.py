"""What `make` makes .venv with: a Python that is there, else one that uv brings."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = ROOT / "scripts" / "create_venv.sh"
UV_RELEASE = re.findall(r"^uv_release=([\d.]+)$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
SHELL_TOOLS = ("cat", "chmod", "dirname", "mkdir", "sh", "touch")

# Each stand-in answers what the script asks of it, and writes down what was asked.
PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) {is_supported} ;;
  "-m pip "*) echo "pip ${{*#-m pip }}" >> "$LOG"; exec {pip} "$@" ;;
  "-m venv "*) echo "venv by $0" >> "$LOG"; mkdir -p "$3" ;;
esac
"""
UV = """#!/bin/sh
echo "uv $*" >> "$LOG"
python="$UV_PYTHON_INSTALL_DIR/bin/python3.12"
case "$*" in
  *install*) mkdir -p "$(dirname "$python")"; cat "$MIRROR" > "$python"; chmod +x "$python" ;;
  *find*) echo "$python" ;;
esac
"""
PIPX = """#!/bin/sh
echo "pipx $*" >> "$LOG"
mkdir -p "$PIPX_BIN_DIR"
cat "$UV" > "$PIPX_BIN_DIR/uv"
chmod +x "$PIPX_BIN_DIR/uv"
"""


@dataclass
class Machine:
    """A machine on whose path lies only what a test puts there."""

    folder: Path

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True)
        self.wheels.mkdir()
        for tool in SHELL_TOOLS:
            (self.path / tool).symlink_to(str(shutil.which(tool)))
        self.write(self.folder / "mirror", python(True))
        self.write(self.folder / "uv", UV)

    @property
    def path(self) -> Path:
        return self.folder / "bin"

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels"

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    @property
    def log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def write(self, path: Path, program: str) -> None:
        path.write_text(program, encoding="utf-8")
        path.chmod(0o755)

    def has(self, name: str, program: str) -> None:
        self.write(self.path / name, program)

    def create(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "HOME": str(self.folder),
            "LOG": str(self.folder / "log"),
            "MIRROR": str(self.folder / "mirror"),
            "PATH": str(self.path),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_NO_INDEX": "1",
            "UV": str(self.folder / "uv"),
        }
        return subprocess.run(
            [str(self.path / "sh"), str(SCRIPT), str(self.venv), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def python(is_supported: bool, pip: str = "false") -> str:
    return PYTHON.format(is_supported="exit 0" if is_supported else "exit 1", pip=pip)


def write_uv_wheel(folder: Path, release: str) -> None:
    """Write a wheel like uv's own, with the stand-in for a program."""
    info = f"uv-{release}.dist-info"
    files = {
        f"uv-{release}.data/scripts/uv": UV,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: uv\nVersion: {release}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{name},{_hash(text)},{len(text)}\n" for name, text in files.items()]
    with zipfile.ZipFile(folder / f"uv-{release}-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = 0o100755 << 16  # uv is a program
            wheel.writestr(member, text)
        wheel.writestr(f"{info}/RECORD", "".join(rows) + f"{info}/RECORD,,\n")


def _hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return "sha256=" + digest.decode().rstrip("=")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "with space")


@pytest.mark.parametrize("name", ["python3", "python3.12", "python3.11"])
def test_a_python_that_is_there_is_taken(machine: Machine, name: str) -> None:
    machine.has("python3", python(False))
    machine.has("uv", UV)
    machine.has(name, python(True))

    result = machine.create()

    assert (result.returncode, result.stderr) == (0, "")
    assert machine.log == [f"venv by {machine.path / name}"]


def test_uv_of_the_path_brings_one(machine: Machine) -> None:
    machine.has("python3", python(False))
    machine.has("uv", UV)

    result = machine.create()

    assert result.returncode == 0, result.stderr
    brought = machine.folder / ".uv" / "python" / "bin" / "python3.12"
    assert machine.log == ["uv python install 3.12", "uv python find 3.12", f"venv by {brought}"]
    assert "Two other ways: put python3.12 on the PATH, or run make PYTHON=" in result.stderr
    assert machine.venv.is_dir()


def test_pip_installs_uv_beside_the_environment(machine: Machine) -> None:
    machine.has("python3", python(False, pip=sys.executable))
    (release,) = UV_RELEASE
    for offered in (release, "999.0.0"):
        write_uv_wheel(machine.wheels, offered)

    result = machine.create()

    assert result.returncode == 0, result.stderr
    tools = machine.folder / ".uv"
    assert machine.log[0] == f"pip install --quiet --target {tools} uv=={release}"
    assert os.access(tools / "bin" / "uv", os.X_OK)
    assert machine.log[-1] == f"venv by {tools}/python/bin/python3.12"

    machine.create()
    assert len([line for line in machine.log if line.startswith("pip ")]) == 1


def test_pipx_installs_uv_where_pip_does_not(machine: Machine) -> None:
    machine.has("pipx", PIPX)

    result = machine.create()

    assert result.returncode == 0, result.stderr
    assert machine.log[0] == f"pipx install uv=={UV_RELEASE[0]}"
    assert machine.log[-1] == f"venv by {machine.folder}/.uv/python/bin/python3.12"


def test_what_cannot_be_brought_is_said_with_the_remedy(machine: Machine) -> None:
    machine.has("python3", python(False))

    result = machine.create()

    assert result.returncode == 1
    assert "uv could not bring Python 3.12" in result.stderr
    assert "run make PYTHON=/path/to/python3.12" in result.stderr
    assert not machine.venv.exists()


def test_a_named_python_is_taken_or_refused_and_never_replaced(machine: Machine) -> None:
    machine.has("python3", python(True))
    machine.has("uv", UV)
    machine.has("mine", python(True))
    machine.has("too-new", python(False))

    assert machine.create("mine").returncode == 0
    refused = machine.create("too-new")

    assert machine.log == [f"venv by {machine.path / 'mine'}"]
    assert refused.returncode == 1
    assert refused.stderr.startswith("too-new is not Python 3.11 or 3.12")
