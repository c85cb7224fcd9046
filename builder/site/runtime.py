"""The bundled TensorFlow.js runtime, as the package's build left it in assets/runtime/."""

import json
from dataclasses import dataclass
from pathlib import Path

from builder.errors import BuilderError
from builder.resources import assets


@dataclass(frozen=True)
class Runtime:
    """The runtime's files and which of them a device needs."""

    version: str
    """Version of TensorFlow.js."""
    contents: dict[str, bytes]
    """Contents by file name."""
    groups: dict[str, tuple[str, ...]]
    """File names by precache group: "core", "wasm-simd", "wasm", "webgl", "webgpu", "cpu"."""


def read_runtime(folder: Path | None = None) -> Runtime:
    """Return the runtime. Raises BuilderError if it is missing or incomplete."""
    folder = folder or assets() / "runtime"
    try:
        described = json.loads((folder / "runtime.json").read_bytes())
        groups = {name: tuple(sorted(files)) for name, files in described["groups"].items()}
        names = sorted({file for files in groups.values() for file in files})
        contents = {name: (folder / name).read_bytes() for name in names}
        return Runtime(described["version"], contents, groups)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuilderError(
            f"The TensorFlow.js runtime in {folder} is missing or incomplete ({error})."
            ' Install the package anew ("pip install ." in a checkout) to bundle it.'
        ) from error
