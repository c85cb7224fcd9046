"""Which of the bundled runtimes a site gets, and what it consists of."""

import json
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.site.runtime import graph_operators, read_runtimes

DESCRIPTION = {
    "version": "4.22.0",
    "operators": ["Const", "Relu"],
    "backends": [
        {
            **{"name": "wasm", "label": "WebAssembly", "device": "processor"},
            **{"module": "chunk.js", "offline": "needed", "lastResort": False, "sampleEvery": 1},
            "builds": [
                {"build": "simd", "binary": "a.wasm", "group": "wasm-simd", "threaded": None},
            ],
        },
    ],
    "lean": {"core": ["tf.js"], "wasm-simd": ["chunk.js", "a.wasm"]},
    "full": {"core": ["tf.js"], "wasm-simd": ["a.wasm"]},
    "libraries": ["idb.js"],
    "app": {
        "sources": {"page/app.js": "0" * 64},
        "files": ["page/app.js"],
        "imports": {"single": {"page/app.js": ["a.js"]}, "merged": {"page/app.js": []}},
    },
    "scripts": {"sw/main.js": {"sw/main.js": "0" * 64}},
}
CONTENTS = {
    "libraries/idb.js": b"idb",
    "app/page/app.js": b"merged",
    "scripts/sw/main.js": b"script",
    "lean/tf.js": b"small",
    "lean/chunk.js": b"chunk",
    "full/tf.js": b"large",
    "a.wasm": b"binary",
    "stray.js": b"stray",
}


def model_json(*operators: str, function: tuple[str, ...] = ()) -> bytes:
    """Return a model.json of a graph with these operators, some in a function."""
    topology = {
        "node": [{"name": f"n{i}", "op": op} for i, op in enumerate(operators)],
        "library": {"function": [{"nodeDef": [{"name": "n", "op": op} for op in function]}]},
    }
    return json.dumps({"modelTopology": topology}).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two small runtimes."""
    (tmp_path / "runtime.json").write_text(json.dumps(DESCRIPTION))
    for path, content in CONTENTS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_the_runtimes_are_read_by_their_description(folder: Path) -> None:
    runtimes = read_runtimes(folder)
    assert runtimes.lean.contents == {"tf.js": b"small", "chunk.js": b"chunk", "a.wasm": b"binary"}
    assert runtimes.full.contents == {"tf.js": b"large", "a.wasm": b"binary"}
    assert runtimes.lean.groups["wasm-simd"] == ("a.wasm", "chunk.js")
    assert runtimes.lean.common_files == {"tf.js", "chunk.js", "a.wasm"}
    assert runtimes.full.version == "4.22.0"
    assert runtimes.full.libraries == {"idb.js": b"idb"}
    assert runtimes.full.merged.files == {"page/app.js": b"merged"}
    assert list(runtimes.full.merged.sources) == ["page/app.js"]
    assert runtimes.full.merged.source_imports == {"page/app.js": ("a.js",)}
    assert runtimes.full.scripts["sw/main.js"].text == "script"


def test_a_model_gets_the_lean_runtime_if_that_has_all_its_operators(folder: Path) -> None:
    runtimes = read_runtimes(folder)
    assert runtimes.for_model(model_json("Const", "Relu")) is runtimes.lean
    assert runtimes.for_model(model_json("Const", "Relu", "Erf")) is runtimes.full
    assert runtimes.for_model(model_json("Const", function=("Erf",))) is runtimes.full


def test_operators_inside_functions_count() -> None:
    assert graph_operators(model_json("Const", "While", function=("Erf", "Const"))) == {
        "Const",
        "While",
        "Erf",
    }


@pytest.mark.parametrize(
    "description",
    [
        None,
        "{",
        "[]",
        "{}",
        json.dumps({**DESCRIPTION, "full": {"core": ["gone.js"]}}),
        json.dumps({**DESCRIPTION, "libraries": ["gone.js"]}),
        json.dumps({**DESCRIPTION, "operators": None}),
        json.dumps({**DESCRIPTION, "backends": [{"name": "wasm"}]}),
    ],
)
def test_a_missing_or_broken_runtime_says_how_to_get_one(
    folder: Path, description: str | None
) -> None:
    (folder / "runtime.json").unlink()
    if description is not None:
        (folder / "runtime.json").write_text(description)
    with pytest.raises(BuilderError, match="Install the package anew"):
        read_runtimes(folder)
