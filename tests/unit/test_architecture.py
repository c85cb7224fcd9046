"""The house's rules of who may import whom; CONTRIBUTING.md shows them as a picture."""

import json
import subprocess
import sys

import pytest

from tests.unit.imports import BUILDER, Import, builder_imports

# What a room may import of the package, besides itself, `errors` and the version. The command line
# is not on the list: it may import every room, and no room may import it.
ROOMS = {
    "api_docs": {"config"},
    "bench": {"browser", "preview", "serve", "site.media_types"},
    "browser": set(),
    "browser_install": {"browser"},
    "build": {"config", "inputs", "labels", "model", "site", "verify"},
    "check": {"hashing", "hosts", "preview.header_rules", "site"},
    "config": set(),
    "errors": set(),
    "evaluate_site": {"browser", "model", "serve"},
    "hashing": set(),
    "hosts": set(),
    "inputs": {"config", "model"},
    "labels": {"config.kinds", "resources"},
    "model": {"config", "hashing", "labels", "resources"},
    "preview": {"hosts", "site.media_types"},
    "resources": set(),
    "serve": {"hosts", "preview"},
    "usage": set(),
    "watch": {
        *("build", "config", "hashing", "inputs", "preview", "resources", "serve", "site"),
    },
    "verify": {"browser", "config", "model", "serve", "site"},
    "site": {"config", "hashing", "labels", "resources"},
}
HEAVY = {"jax", "keras", "playwright", "tensorflow", "tensorflowjs", "tf_keras", "ydf"}
IMPORTS = builder_imports()


def inside(module: str, *rooms: str) -> bool:
    """Return whether a module is one of these rooms of the package, or lies in one."""
    return any(f"{module}.".startswith(f"builder.{room}.") for room in rooms)


def room_of(module: str) -> str:
    """Return the first name below the package: "site" for builder.site.files."""
    return f"{module}.".split(".")[1]


def is_command_line(module: str) -> bool:
    return room_of(module).startswith("cli")


def is_entrance(module: str) -> bool:
    """Return whether people or programs enter here: by the command line, or by the Python API."""
    return module == "builder" or is_command_line(module)


def told(imports: list[Import]) -> list[str]:
    return [f"{found.importer} imports {found.imported}" for found in imports]


def test_rooms_import_only_what_they_may() -> None:
    trespassers = [
        found
        for found in IMPORTS
        if found.imported.startswith("builder.")
        and not found.imported.startswith("builder.__")
        and not is_entrance(found.importer)
        and not inside(
            found.imported,
            "errors",
            room_of(found.importer),
            *ROOMS.get(room_of(found.importer), ()),
        )
    ]

    assert told(trespassers) == []


def test_every_room_is_on_the_list() -> None:
    """A new room states here whom it may import."""
    rooms = {path.stem for path in BUILDER.iterdir() if path.suffix == ".py"}
    rooms |= {path.parent.name for path in BUILDER.glob("*/__init__.py")}
    rooms -= {name for name in rooms if name.startswith("cli")} | {"__init__", "__main__"}

    assert rooms == set(ROOMS)


def test_tensorflow_is_imported_only_in_functions_of_the_model_rooms() -> None:
    heavy = [
        found
        for found in IMPORTS
        if found.imported.split(".")[0] in HEAVY - {"playwright"}
        and not (found.lazy and inside(found.importer, "model"))
    ]

    assert told(heavy) == []


def test_only_two_modules_know_the_converter() -> None:
    users = {found.importer for found in IMPORTS if found.imported.startswith("tensorflowjs")}

    assert users == {"builder.model.convert", "builder.model.operators"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from builder.cli import main\n"
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

    assert "builder.cli" in modules
    assert modules & (HEAVY | {"numpy", "PIL", "werkzeug"}) == set()
