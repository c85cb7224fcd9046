"""The rules of who may import whom; CONTRIBUTING.md shows them as a picture."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.imports import BUILDER, Import, builder_imports, imports_in

# What a package or module of `builder` may import of the others, besides `errors` and the version.
# The command line is not on the list: it may import all, and nothing imports it.
MAY_IMPORT = {
    "api_docs": {"config"},
    "bench": {
        *(
            "browser",
            "extras",
            "hosting",
            "site.backends",
            "site.built",
            "site.media_types",
            "typed_json",
        ),
    },
    "browser": {"config", "evaluation", "extras", "hosting", "model", "site"},
    "build": {"browser.verify", "config", "extras", "inputs", "labels", "model", "output", "site"},
    "check": {
        *("hashing", "hosting.header_rules", "hosting.hosts"),
        *("output.records", "site", "typed_json"),
    },
    "config": {"model.quantize.modes"},
    "errors": set(),
    "evaluation": {"config", "extras", "model", "output"},
    "extras": set(),
    "git_lfs": set(),
    "hashing": set(),
    "hosting": {"extras", "site.media_types"},
    "inputs": {"config", "model"},
    "labels": {"config.kinds", "git_lfs", "resources"},
    "model": {
        *("config", "git_lfs", "hashing", "labels", "output", "resources", "typed_json", "usage"),
    },
    "output": {"hashing"},
    "project": {"config", "labels", "output"},
    "resources": set(),
    "site": {
        *("config", "hashing", "labels"),
        *("model.metadata", "model.metadata_json", "output.records", "resources", "typed_json"),
    },
    "training": {"config", "evaluation", "hashing", "model", "output"},
    "typed_json": set(),
    "usage": set(),
    "watch": {"build", "config", "hashing", "hosting", "inputs", "resources", "site", "typed_json"},
}

# The model, from the ground up: what stands in a row imports only what stands in rows above it.
MODEL_LAYERS = (
    {
        "application_table",
        "dependencies",
        "failures",
        "metadata",
        "packed_weights",
        "scopes",
        "setup",
        "trace",
    },
    {"arithmetic", "calibration", "images", "kernels", "metadata_json"},
    {"source"},
    {"outputs"},
    {"answers"},
    {"graph", "keras_answers"},
    {"network", "parity"},
    {"quantize", "reading"},
    {"cache", "convert", "describe", "emitted", "loading"},
    {"conversion"},
    {"isolated"},
    {"pipeline"},
)
# What unit tests are there for besides modules of the package.
NOT_OF_THE_PACKAGE = {
    "test_action.py",
    "test_architecture.py",
    "test_benchmarks.py",
    "test_create_venv.py",
    "test_docs.py",
    "test_examples.py",
    "test_hatch_build.py",
    "test_measure_exchange.py",
    "test_release.py",
    "test_system_packages.py",
}
TESTS = BUILDER.parent / "tests" / "unit"
HEAVY = {"jax", "keras", "playwright", "tensorflow", "tensorflowjs", "tf_keras", "ydf"}
IMPORTS = builder_imports()


def inside(module: str, *packages: str) -> bool:
    """Return whether a module is one of these of the package, or lies in one."""
    return any(f"{module}.".startswith(f"builder.{one}.") for one in packages)


def package_of(module: str) -> str:
    """Return the first name below the package: "site" for builder.site.files."""
    return f"{module}.".split(".")[1]


def is_command_line(module: str) -> bool:
    return package_of(module) == "cli"


def is_entrance(module: str) -> bool:
    """Return whether people or programs enter here: by the command line, or by the Python API."""
    return module == "builder" or is_command_line(module)


def told(imports: list[Import]) -> list[str]:
    return [f"{found.importer} imports {found.imported}" for found in imports]


def test_packages_import_only_what_they_may() -> None:
    trespassers = [
        found
        for found in IMPORTS
        if found.imported.startswith("builder.")
        and not found.imported.startswith("builder.__")
        and not is_entrance(found.importer)
        and not inside(
            found.imported,
            "errors",
            package_of(found.importer),
            *MAY_IMPORT.get(package_of(found.importer), ()),
        )
    ]

    assert told(trespassers) == []


def entries(folder: Path) -> set[str]:
    """Return the names of the modules and packages that lie in a folder."""
    modules = {path.stem for path in folder.glob("*.py")}
    return modules - {"__init__"} | {path.parent.name for path in folder.glob("*/__init__.py")}


def test_benchmarks_import_nothing_of_the_tests() -> None:
    borrowed = [
        found
        for found in imports_in(BUILDER.parent / "benchmarks")
        if found.imported.split(".")[0] == "tests"
    ]

    assert told(borrowed) == []


def mirrored(test: Path) -> bool:
    """Return whether a test bears the name of what it tests, and lies where that lies.

    `PATH/test_NAME.py` or `PATH/test_NAME_ASPECT.py` is for the module or package
    `builder/PATH/NAME`, or for all of `builder/PATH`.
    """
    folder = BUILDER / test.parent.relative_to(TESTS)
    return any(
        f"{test.stem}_".startswith(f"test_{name}_") for name in {folder.name} | entries(folder)
    )


def test_unit_tests_mirror_the_package() -> None:
    tests = sorted(TESTS.rglob("test_*.py"))
    elsewhere = [test for test in tests if not mirrored(test)]

    assert {str(test.relative_to(TESTS)) for test in elsewhere} == NOT_OF_THE_PACKAGE


def test_every_package_is_on_the_list() -> None:
    """A new one states here whom it may import."""
    assert entries(BUILDER) - {"cli"} == set(MAY_IMPORT)
    assert entries(BUILDER / "model") == set().union(*MODEL_LAYERS)


def test_the_model_imports_downwards_only() -> None:
    layer_of = {name: row for row, names in enumerate(MODEL_LAYERS) for name in names}
    upwards = [
        found
        for found in IMPORTS
        if inside(found.importer, "model") and inside(found.imported, "model")
        if (importer := found.importer.split(".")[2:3])
        != (imported := found.imported.split(".")[2:3])
        if importer and layer_of[imported[0]] >= layer_of[importer[0]]
    ]

    assert told(upwards) == []


def test_tensorflow_is_imported_only_in_functions_of_packages_that_run_models() -> None:
    heavy = [
        found
        for found in IMPORTS
        if found.imported.split(".")[0] in HEAVY - {"playwright"}
        and not (found.lazy and inside(found.importer, "evaluation", "model", "training"))
    ]

    assert told(heavy) == []


def test_only_two_modules_know_the_converter() -> None:
    users = {found.importer for found in IMPORTS if found.imported.startswith("tensorflowjs")}

    assert users == {"builder.model.convert", "builder.model.network.operators"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from builder.cli.main import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=BUILDER.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(json.loads(result.stdout.splitlines()[-1]))

    assert "builder.cli.main" in modules
    assert modules & (HEAVY | {"numpy", "PIL", "werkzeug"}) == set()
