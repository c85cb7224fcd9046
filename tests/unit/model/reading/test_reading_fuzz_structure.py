"""Models in which classes, functions, operators, constants and connections are swapped for others.

Whatever comes, the answer is a model or a sentence, and nothing is written or started: the names
that are swapped in are those that are allowed and those that would do harm.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import h5py
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.model.reading.allowed_functions import ACTIVATIONS, FUNCTIONS, INITIALIZERS
from builder.model.reading.allowed_layers import LAYERS, MODELS, OBJECTS, OF_KERAS_2, OPERATIONS
from builder.model.reading.allowed_operators import ALLOWED, SAVING
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.unit.model.reading.fuzzing import EXAMPLES, FUZZ, Forms, load_with
from tests.unit.model.reading.hostile_graphs import OPERATORS

pytestmark = pytest.mark.slow

import_keras()

TARGET = "written-by-a-model"
"""What a hostile file would write, in the working directory."""

CLASSES = [
    *sorted(LAYERS | MODELS | OBJECTS | OF_KERAS_2 | OPERATIONS),
    *("Lambda", "StringLookup", "TFSMLayer", "TorchModuleWrapper", "__lambda__", "__typespec__"),
    *("__tensor__", "__numpy__", "function", "Mine", ""),
]
WORDS = [
    *sorted(ACTIVATIONS | INITIALIZERS | set(FUNCTIONS)),
    *("io.write_file", "load_op_library", "py_function", "os", "keras.utils", "keras.layers"),
    TARGET,
]
NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 3, 7, 1000, 10**9, 2**40, 0.5, 1e-30, -2.5, 1e38, float("inf"), float("nan")),
    *(None, True, False, [], {}, [1, 2], [[1]], [None, 20, 24, 3], "same", "valid", TARGET),
]
ALL_OPERATORS = sorted(ALLOWED | SAVING) + sorted(" ".join(OPERATORS.values()).split())

EDITS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 10_000), st.integers(0, 10_000)),
    min_size=1,
    max_size=3,
)
"""What is done, to how-manieth of those that it can be done to, and with which of the pool."""


def _values(document: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each value of a JSON document, with the keys that lead to it."""
    yield keys, document
    inner: Any = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    for key, value in inner:
        yield from _values(value, (*keys, key))


def _set(document: Any, keys: tuple[Any, ...], value: Any) -> None:
    for key in keys[:-1]:
        document = document[key]
    document[keys[-1]] = value


def _is_class(keys: tuple[Any, ...], _value: Any) -> bool:
    return keys[-1:] == ("class_name",)


def _is_word(keys: tuple[Any, ...], value: Any) -> bool:
    return bool(keys) and isinstance(value, str) and not _is_class(keys, value)


def _is_constant(keys: tuple[Any, ...], value: Any) -> bool:
    return bool(keys) and not isinstance(value, str | dict | list)


def _is_layer(keys: tuple[Any, ...], value: Any) -> bool:
    return bool(keys) and isinstance(value, dict) and "class_name" in value


def _swap_config(config: Any, edits: list[tuple[int, int, int]]) -> None:
    """Swap parts of a Keras configuration, in place."""
    for kind, place, choice in edits:
        tests = (_is_class, _is_word, _is_constant, _is_layer, _is_layer, _is_constant)
        found = [(keys, value) for keys, value in _values(config) if tests[kind](keys, value)]
        if not found:
            continue
        keys, _ = found[place % len(found)]
        if kind == 3:  # a layer in another's place
            pool: Any = [value for _, value in found]
        elif kind == 4:  # names that other layers have: of those that exist
            names = [value for way, value in _values(config) if way[-1:] == ("name",)]
            words = [way for way, value in _values(config) if _is_word(way, value)]
            keys, pool = words[place % len(words)], names
        else:
            pool = (CLASSES, WORDS, NUMBERS, (), (), NUMBERS)[kind]
        _set(config, keys, deepcopy(pool[choice % len(pool)]))


def _h5(forms: Forms, change: Callable[[Any], None]) -> bytes:
    stream = io.BytesIO(forms("keras2.h5").read_bytes())
    with h5py.File(stream, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        change(config)
        file.attrs["model_config"] = json.dumps(config)
    return stream.getvalue()


def _archive(form: str) -> Callable[[Forms, Callable[[Any], None]], bytes]:
    def make(forms: Forms, change: Callable[[Any], None]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(forms(form)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "config.json":
                    config = json.loads(content)
                    change(config)
                    content = json.dumps(config).encode()
                new.writestr(name, content)
        return stream.getvalue()

    return make


def _layers(forms: Forms, change: Callable[[Any], None]) -> bytes:
    document = json.loads((forms("layers") / "model.json").read_bytes())
    change(document["modelTopology"]["model_config"])
    return json.dumps(document).encode()


CONTAINERS = {
    "keras2.h5": _h5,
    "keras2.keras": _archive("keras2.keras"),
    "keras3.keras": _archive("keras3.keras"),
    "operations2.keras": _archive("operations2.keras"),
    "operations3.keras": _archive("operations3.keras"),
    "layers/model.json": _layers,
}


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", CONTAINERS)
@given(edits=EDITS)
@FUZZ
def test_swapped_configurations(file: str, forms: Forms, edits: Any) -> None:
    content = CONTAINERS[file](forms, lambda config: _swap_config(config, edits))
    form, _, inner = file.partition("/")
    load_with(forms, form, inner, content)


def _swap_nodes(bodies: list[Any], edits: list[tuple[int, int, int]]) -> None:
    """Swap parts of a GraphDef's nodes, in place; `bodies` are those of graph and functions."""
    tf = tensorflow()
    everything = [(body, node) for body in bodies for node in body]
    for kind, place, choice in edits:
        body, node = everything[place % len(everything)]
        constants = [other for _, other in everything if other.op == "Const"]
        if kind == 0:
            node.op = ALL_OPERATORS[choice % len(ALL_OPERATORS)]
        elif kind == 1 and node.input:
            node.input[choice % len(node.input)] = body[choice % len(body)].name
        elif kind == 2 and constants:
            value = NUMBERS[choice % len(NUMBERS)]
            if isinstance(value, int | float):
                dtype = (tf.float32, tf.int32, tf.float64)[choice % 3]
                _set_constant(constants[place % len(constants)], value, dtype)
        elif kind == 3 and constants:
            dimensions = constants[place % len(constants)].attr["value"].tensor.tensor_shape.dim
            dimensions.add(size=(-1, 0, 1, 3, 1 << 20, 1 << 40)[choice % 6])
        elif kind == 4 and node.attr:
            other = everything[choice % len(everything)][1]
            for key in sorted(set(node.attr) & set(other.attr)):
                node.attr[key].CopyFrom(other.attr[key])
        elif kind == 5:
            body.add().CopyFrom(everything[choice % len(everything)][1])


def _set_constant(node: Any, value: Any, dtype: Any) -> None:
    try:
        tensor = tensorflow().make_tensor_proto(value, dtype)
    except (TypeError, ValueError):  # no such number in this type
        return
    node.attr["value"].tensor.CopyFrom(tensor)
    node.attr["dtype"].type = tensor.dtype


@given(edits=EDITS)
@settings(FUZZ, max_examples=EXAMPLES or 20)
def test_swapped_saved_models(forms: Forms, edits: Any) -> None:
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel()
    saved.ParseFromString((forms("saved_model") / "saved_model.pb").read_bytes())
    graph = saved.meta_graphs[0].graph_def
    _swap_nodes([graph.node, *(function.node_def for function in graph.library.function)], edits)
    load_with(forms, "saved_model", "saved_model.pb", saved.SerializeToString())


@given(edits=EDITS)
@settings(FUZZ, max_examples=EXAMPLES or 20)
def test_swapped_graph_models(forms: Forms, edits: Any) -> None:
    from google.protobuf.json_format import (  # type: ignore[import-untyped]
        MessageToDict,
        ParseDict,
    )

    document = json.loads((forms("graph") / "model.json").read_bytes())
    graph = ParseDict(document["modelTopology"], tensorflow().compat.v1.GraphDef())
    _swap_nodes([graph.node], edits)
    document["modelTopology"] = MessageToDict(graph)
    load_with(forms, "graph", "model.json", json.dumps(document).encode())
