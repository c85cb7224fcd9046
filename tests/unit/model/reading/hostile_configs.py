"""Keras configurations that want code run, files read or written, or the reader kept busy."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from tests.unit.model.reading.animals import (
    OUTSIDE,
    ZOO,
    Forms,
    Make,
    animal,
    with_config,
    written,
    zipped,
)

Config = dict[str, Any]
Change = Callable[[Config, Path], None]
"""Changes the configuration of a model; gets the path of the file that it wants to write."""


def _h5(folder: Path, forms: Forms, change: Change, form: str = "keras2.h5") -> Path:
    path = written(folder / "model.h5", forms(form).read_bytes())
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        change(config, folder.parent / OUTSIDE / "written")
        file.attrs["model_config"] = json.dumps(config)
    return path


def _keras(folder: Path, forms: Forms, change: Change, form: str = "keras2.keras") -> Path:
    with zipfile.ZipFile(forms(form)) as archive:
        config = json.loads(archive.read("config.json"))
    change(config, folder.parent / OUTSIDE / "written")
    return with_config(folder, forms, json.dumps(config).encode(), form)


def _keras3(folder: Path, forms: Forms, change: Change) -> Path:
    return _keras(folder, forms, change, "keras3.keras")


def _tfjs(folder: Path, forms: Forms, change: Change) -> Path:
    document = json.loads((forms("layers") / "model.json").read_bytes())
    change(document["modelTopology"]["model_config"], folder.parent / OUTSIDE / "written")
    written(folder / "weights.bin", (forms("layers") / "weights.bin").read_bytes())
    return written(folder / "model.json", json.dumps(document).encode())


def _teachable(folder: Path, forms: Forms, change: Change) -> Path:
    model = _h5(folder, forms, change)
    content = model.read_bytes()
    model.unlink()
    members = {"keras_model.h5": content, "labels.txt": b"0 ash\n1 birch\n2 cedar\n"}
    return zipped(folder / "converted_keras.zip", members)


CONTAINERS = {"h5": _h5, "keras": _keras, "layers": _tfjs, "teachable": _teachable}


def _animals(name: str, pattern: str, change: Change, *containers: str) -> None:
    for container in containers or ("keras3",):
        made = {**CONTAINERS, "keras3": _keras3}[container]
        ZOO[f"{name} in {container}"] = (_maker(made, change), pattern)


def _maker(made: Callable[[Path, Forms, Change], Path], change: Change) -> Make:
    return lambda folder, forms: made(folder, forms, change)


def _layers(config: Config) -> list[Config]:
    layers: list[Config] = config["config"]["layers"]
    return layers


def _insert(config: Config, layer: Config) -> None:
    """Put a layer after the input: everything behind takes its output."""
    first, *others = _layers(config)
    name = first["config"]["name"]
    text = json.dumps(others).replace(f'["{name}", 0, 0', f'["{layer["name"]}", 0, 0')
    config["config"]["layers"] = [first, layer, *json.loads(text)]


def _calling(
    function: str, kind: str = "TFOpLambda", first: Any = None, **arguments: Any
) -> Change:
    """Return what inserts a layer that calls a function of TensorFlow's with constants."""

    def change(config: Config, target: Path) -> None:
        name = f"tf.{function}"
        given = {
            key: str(target) if value == "TARGET" else value for key, value in arguments.items()
        }
        source = _layers(config)[0]["config"]["name"]
        constant = str(target) if first == "TARGET" else first
        node = [source, 0, 0, given] if first is None else ["_CONSTANT_VALUE", -1, constant, given]
        own = {"name": name, "trainable": True, "dtype": "float32", "function": function}
        _insert(
            config,
            {"class_name": kind, "config": own, "name": name, "inbound_nodes": [node]},
        )

    return change


def _layer(class_name: str, **config: Any) -> Change:
    """Return what inserts a layer of this class."""

    def change(model: Config, target: Path) -> None:
        source = _layers(model)[0]["config"]["name"]
        given = {key: str(target) if value == "TARGET" else value for key, value in config.items()}
        layer = {
            "class_name": class_name,
            "config": {"name": "guest", **given},
            "name": "guest",
            "inbound_nodes": [[[source, 0, 0, {}]]],
        }
        _insert(model, layer)

    return change


def _put(key: str, value: Any) -> Change:
    """Return what puts a value into the configuration of the last layer that has this key."""

    def change(model: Config, _: Path) -> None:
        layer = next(layer for layer in reversed(_layers(model)) if key in layer["config"])
        layer["config"][key] = value

    return change


def _nested(change: Change) -> Change:
    """Return what does it three models deep."""

    def deep(config: Config, target: Path) -> None:
        inner = json.loads(json.dumps(config))
        change(inner, target)
        for depth in range(3):
            name = f"nested_{depth}"
            source = {"class_name": "InputLayer", "config": {"name": f"image_{depth}"}}
            source["config"]["batch_input_shape"] = [None, 20, 24, 3]
            inner = {
                "class_name": "Functional",
                "config": {
                    "name": f"outer_{depth}",
                    "layers": [
                        {**source, "name": f"image_{depth}", "inbound_nodes": []},
                        {**inner, "name": name, "inbound_nodes": [[[f"image_{depth}", 0, 0, {}]]]},
                    ],
                    "input_layers": [[f"image_{depth}", 0, 0]],
                    "output_layers": [[name, 1, 0]],
                },
            }
            inner["config"]["layers"][1]["config"]["name"] = name
        config.clear()
        config.update(inner)

    return deep


_WRITE = _calling("io.write_file", first="TARGET", contents="written")
_ALL = ("h5", "keras", "layers", "teachable")

_animals("writes a file", "calls TensorFlow's function 'io.write_file'", _WRITE, *_ALL)
_animals("writes a file, nested", "function 'io.write_file'", _nested(_WRITE), "h5", "layers")
_animals(
    "copies a file",
    "function 'io.gfile.copy'",
    _calling("io.gfile.copy", first="/etc/hostname", dst="TARGET"),
    "h5",
    "layers",
)
_animals(
    "loads a library",
    "function 'load_op_library'",
    _calling("load_op_library", first="weights.bin"),
    "layers",
    "keras",
)
_animals("reads a file", "function 'io.read_file'", _calling("io.read_file"), "keras")
_animals("runs Python", "function 'numpy_function'", _calling("numpy_function", func="x"), "h5")
_animals(
    "slices with another function",
    "SlicingOpLambda. calls TensorFlow's function 'io.read_file'",
    _calling("io.read_file", "SlicingOpLambda"),
    "h5",
)
_animals(
    "hands a text to arithmetic",
    "hands '/etc/hostname' to 'math.add' as 'y'",
    _calling("math.add", y="/etc/hostname"),
    "h5",
)
_animals(
    "repeats without end",
    r"hands '\[1, 1000000000, 1, 1\]' to 'tile' as 'multiples'",
    _calling("tile", multiples=[1, 10**9, 1, 1]),
    "keras",
)
_animals(
    "a constant that is a text",
    "takes a constant that is not made of numbers",
    _calling("math.add", first="/etc/hostname", y=1.0),
    "h5",
)
_animals(
    "a node of a graph",
    "TensorFlowOpLayer. calls TensorFlow's function 'WriteFile'",
    _layer("TensorFlowOpLayer", node_def={"op": "WriteFile"}, constants={"0": "TARGET"}),
    "h5",
)
_animals(
    "a method",
    "class InstanceMethod, which calls a method",
    _layer("InstanceMethod", attr_name="to_tensor"),
    "keras",
)
_animals(
    "a class's method",
    "class ClassMethod, which calls a method",
    _layer("ClassMethod", cls_symbol="data.Dataset", method_name="list_files"),
    "h5",
)
_animals("another model", "class TFSMLayer, which loads", _layer("TFSMLayer", filepath="TARGET"))
_animals(
    "a pickle",
    "class TorchModuleWrapper, which runs code",
    _layer("TorchModuleWrapper", module="gASVIQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOU"),
)
_VOCABULARY = _layer("StringLookup", vocabulary="/etc/hostname")
_animals("a vocabulary", "class StringLookup, which reads files", _VOCABULARY, "keras3", "h5")
_animals("a vocabulary, nested", "class StringLookup, which", _nested(_VOCABULARY), "keras3")
_animals(
    "texts",
    "class TextVectorization, which reads files",
    _layer("TextVectorization", vocabulary="/etc/hostname"),
    "keras",
)
_LAMBDA = _layer("Lambda", function=["4wEAAAA=", None, None])
_animals("a Lambda", "Lambda layer", _LAMBDA, "keras3", "keras", "layers", "teachable")
_animals("a Lambda, nested", "Lambda layer", _nested(_LAMBDA), "keras3", "layers")
_animals(
    "a function of another module",
    "layer or function of your own, 'system'",
    _put("activation", {"module": "os", "class_name": "function", "config": "system"}),
)
_animals(
    "a function of Keras that downloads",
    "layer or function of your own, 'get_file'",
    _put(
        "kernel_initializer",
        {"module": "keras.utils", "class_name": "function", "config": "get_file"},
    ),
)
_animals(
    "a lambda as an initializer",
    "Lambda layer",
    _put("kernel_initializer", {"class_name": "__lambda__", "config": {"value": "4wEAAAA="}}),
)
_animals(
    "a type of TensorFlow's",
    "your own, '__typespec__'",
    _put(
        "kernel_constraint",
        {"class_name": "__typespec__", "spec_name": "TensorSpec", "module": "os", "config": []},
    ),
)
_animals(
    "an initializer of another module",
    "takes 'Zeros'.*from 'subprocess'",
    _put("kernel_initializer", {"module": "subprocess", "class_name": "Zeros", "config": {}}),
)
_animals(
    "a registered name",
    "layer or function of your own, 'os>Popen'",
    _put(
        "kernel_regularizer",
        {"class_name": "L2", "registered_name": "os>Popen", "config": {}},
    ),
    "keras3",
    "h5",
)
_animals(
    "a shape that is registered as something else",
    "layer or function of your own, 'os>Popen'",
    _put(
        "kernel_regularizer",
        {"class_name": "TensorShape", "registered_name": "os>Popen", "config": {}},
    ),
    "keras3",
    "h5",
)
_animals(
    "a shape of another module",
    "takes 'TensorShape'.*from 'subprocess'",
    _put(
        "kernel_regularizer",
        {"class_name": "TensorShape", "module": "subprocess", "config": {}},
    ),
)
_animals(
    "a constraint by name",
    "your own, 'run_me' .kernel_constraint",
    _put("kernel_constraint", "run_me"),
    *_ALL,
)
_animals(
    "a wrapper around a name",
    "layer or function of your own, 'Lambda'",
    _layer("TimeDistributed", layer="Lambda"),
    "h5",
)
_animals(
    "a wrapper around code",
    "Lambda layer",
    _layer("Bidirectional", backward_layer={"class_name": "Lambda", "config": {}}),
    "layers",
)
_animals(
    "an operation that maps a function",
    "class Map, which runs code",
    _layer("Map", function="x"),
)


@animal("its layers go round in a circle", "layers in a circle")
def _circle(folder: Path, forms: Forms) -> Path:
    def change(config: Config, _: Path) -> None:
        first, *_, last = _layers(config)
        second = _layers(config)[1]
        second["inbound_nodes"] = [[[last["config"]["name"], 0, 0, {}]]]
        assert first is not second

    return _h5(folder, forms, change)


@animal("takes the output of 'nobody', which is not there", "layers that are not there")
def _nobody(folder: Path, forms: Forms) -> Path:
    def change(config: Config, _: Path) -> None:
        _layers(config)[1]["inbound_nodes"] = [[["nobody", 0, 0, {}]]]

    return _tfjs(folder, forms, change)


@animal("takes the output of 'conv2d', which is not there", "a call that is not there")
def _no_call(folder: Path, forms: Forms) -> Path:
    """Keras 2 would wait for it for ever."""

    def change(config: Config, _: Path) -> None:
        _layers(config)[2]["inbound_nodes"] = [[["conv2d", "same", 0, {}]]]

    return _h5(folder, forms, change)


@animal("calls its layers more than 20,000 times", "models that call one another")
def _billion_laughs(folder: Path, forms: Forms) -> Path:
    def change(config: Config, _: Path) -> None:
        inner = json.loads(json.dumps(config))
        for depth in range(30):
            inner["name"], calls = f"m{depth}", [[["i", 0, 0, {}]], [[f"m{depth}", 1, 0, {}]]]
            inner["inbound_nodes"] = calls
            source = {"class_name": "InputLayer", "config": {"name": "i"}, "name": "i"}
            inner = {
                "class_name": "Functional",
                "config": {
                    "name": f"m{depth + 1}",
                    "layers": [{**source, "inbound_nodes": []}, inner],
                    "input_layers": [["i", 0, 0]],
                    "output_layers": [[f"m{depth}", 2, 0]],
                },
            }
        config.clear()
        config.update(inner)

    return _h5(folder, forms, change)
