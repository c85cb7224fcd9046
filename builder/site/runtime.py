"""The bundled TensorFlow.js runtime, the page's libraries and modules, from assets/runtime/."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.resources import assets
from builder.site.backends import Backend, backends_of, common_groups, runtime_error
from builder.site.merged import Imports, MergedModules
from builder.site.scripts import Scripts, scripts_of


@dataclass(frozen=True)
class Runtime:
    """The runtime's files and which of them a device needs."""

    version: str
    """Version of TensorFlow.js."""
    contents: dict[str, bytes]
    """Contents by file name."""
    groups: dict[str, tuple[str, ...]]
    """File names by precache group: "core", "wasm-simd", "webgl" and so on."""
    backends: tuple[Backend, ...]
    """What can compute a network, in the order in which the app tries it."""
    libraries: dict[str, bytes]
    """Modules of npm packages that the page imports, and their licences, by file name."""
    merged: MergedModules
    """The app's own modules, with those of the libraries in them."""
    scripts: Scripts
    """The service worker, and what starts the app."""

    @property
    def common_files(self) -> frozenset[str]:
        """Names of the files that most devices need offline."""
        groups = common_groups(self.backends)
        return frozenset(name for group in groups for name in self.groups[group])


@dataclass(frozen=True)
class Runtimes:
    """The two runtimes: for most classifiers, and for every model."""

    lean: Runtime
    """Computes the operators that image classifiers consist of, and no others."""
    full: Runtime
    """Computes every operator that TensorFlow.js knows."""
    operators: frozenset[str]
    """The operators that the lean one computes, by TensorFlow's names: "Relu6", "_FusedConv2D"."""

    def for_model(self, model_json: bytes) -> Runtime:
        """Return the smallest runtime that can run a graph model."""
        return self.lean if graph_operators(model_json) <= self.operators else self.full


def graph_operators(model_json: bytes) -> frozenset[str]:
    """Return the operators of a graph model, those of its functions included."""
    topology = json.loads(model_json).get("modelTopology", {})
    functions = topology.get("library", {}).get("function", [])
    nodes = topology.get("node", []) + [
        node for function in functions for node in function.get("nodeDef", [])
    ]
    return frozenset(node["op"] for node in nodes)


def read_runtimes(folder: Path | None = None) -> Runtimes:
    """Return the runtimes. Raises BuilderError if one is missing or incomplete."""
    folder = folder or assets() / "runtime"
    try:
        described = json.loads((folder / "runtime.json").read_bytes())
        return Runtimes(
            lean=_runtime(folder, described, "lean"),
            full=_runtime(folder, described, "full"),
            operators=frozenset(described["operators"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise runtime_error(folder, error) from error


def _runtime(folder: Path, described: Mapping[str, Any], bundle: str) -> Runtime:
    groups = {name: tuple(sorted(files)) for name, files in described[bundle].items()}
    names = sorted({file for files in groups.values() for file in files})
    return Runtime(
        version=described["version"],
        contents={name: (_place(folder, bundle, name) / name).read_bytes() for name in names},
        groups=groups,
        backends=backends_of(described["backends"]),
        libraries={
            name: (folder / "libraries" / name).read_bytes() for name in described["libraries"]
        },
        merged=_merged(folder / "app", described["app"]),
        scripts=scripts_of(folder, described),
    )


def _merged(folder: Path, described: Mapping[str, Any]) -> MergedModules:
    return MergedModules(
        sources=dict(described["sources"]),
        files={path: (folder / path).read_bytes() for path in described["files"]},
        source_imports=_imports(described["imports"]["single"]),
        file_imports=_imports(described["imports"]["merged"]),
    )


def _imports(described: Mapping[str, Sequence[str]]) -> Imports:
    return {path: tuple(imported) for path, imported in described.items()}


def _place(folder: Path, bundle: str, name: str) -> Path:
    """Return where a file lies: each bundle has its own modules, and both share the rest."""
    return folder / bundle if name.endswith(".js") else folder
