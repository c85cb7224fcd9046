"""The backends that the runtime has, from the table in assets/runtime/runtime.json.

The table itself is site_templates/app/shared/backends.js; the package's build writes it there.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import BuilderError
from builder.resources import assets

CORE = "core"
"""The precache group without which the app does not work offline on any device."""
NEEDED = "needed"
"""Marks a backend without whose files the app does not work offline."""
GRAPHICS = "graphics"
"""The device of a backend that computes on a graphics processor."""


@dataclass(frozen=True)
class WasmFile:
    """A binary of WebAssembly."""

    binary: str
    """Its file in the runtime."""
    group: str
    """The precache group of all that a device needs to run it."""


@dataclass(frozen=True)
class Build:
    """A backend's WebAssembly for browsers with certain features."""

    name: str
    """What the browser has to support: "relaxed-simd", "simd", "plain"."""
    single: WasmFile
    """With one thread."""
    threaded: WasmFile | None
    """With several, where there is such a build."""


@dataclass(frozen=True)
class Backend:
    """What can compute a network in the browser."""

    name: str
    """As TensorFlow.js, options and reports call it: "wasm", "webgl"."""
    label: str
    """Its name for people, the same in every language: "WebAssembly"."""
    device: str
    """What computes: "processor" or "graphics"."""
    module: str
    """The runtime's file that registers it."""
    offline: str
    """Whether a device keeps its files: "needed", "extra" or "on-demand"."""
    last_resort: bool
    """Whether it is far slower than all others: used only where no other runs."""
    sample_every: int
    """`build --verify browser` compares only one picture in this many on it."""
    builds: tuple[Build, ...]
    """Its WebAssembly, the build for most browsers first; none where it is JavaScript alone."""

    @property
    def has_threads(self) -> bool:
        """Whether any of its builds computes in several threads."""
        return any(build.threaded for build in self.builds)


def read_backends(folder: Path | None = None) -> tuple[Backend, ...]:
    """Return the backends in the order in which the app tries them.

    Raises BuilderError if the runtime is missing or incomplete.
    """
    folder = folder or assets() / "runtime"
    try:
        return backends_of(json.loads((folder / "runtime.json").read_bytes())["backends"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise runtime_error(folder, error) from error


def runtime_error(folder: Path, error: Exception) -> BuilderError:
    """Return what is raised for a runtime that cannot be read."""
    return BuilderError(
        f"The TensorFlow.js runtime in {folder} is missing or incomplete ({error})."
        ' Install the package anew ("pip install ." in a checkout) to bundle it.'
    )


def common_groups(backends: Sequence[Backend]) -> tuple[str, ...]:
    """Return the precache groups of the runtime that most devices need offline.

    Devices whose browsers support less of WebAssembly need another one of similar size.
    """
    needed = [backend for backend in backends if backend.offline == NEEDED]
    groups = [each.builds[0].single.group if each.builds else each.name for each in needed]
    return (CORE, *groups)


def backends_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Backend, ...]:
    """Return the backends that the runtime's description lists.

    Raises KeyError or TypeError where a row lacks something.
    """
    return tuple(
        Backend(
            name=row["name"],
            label=row["label"],
            device=row["device"],
            module=row["module"],
            offline=row["offline"],
            last_resort=row["lastResort"],
            sample_every=row["sampleEvery"],
            builds=tuple(_build(build) for build in row["builds"]),
        )
        for row in rows
    )


def _build(row: Mapping[str, Any]) -> Build:
    threaded = row["threaded"]
    return Build(
        name=row["build"],
        single=WasmFile(row["binary"], row["group"]),
        threaded=WasmFile(threaded["binary"], threaded["group"]) if threaded else None,
    )
