"""Broken, hostile and unsuitable models and label files, each with what is to be said of it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.unit.model.reading.animals import (
    ZOO,
    Forms,
    Make,
    animal,
    with_config,
    written,
    zipped,
)

# Files that are not what they seem


def _cut(form: str, part: float, name: str) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        content = forms(form).read_bytes()
        path = folder / name
        path.write_bytes(content[: int(len(content) * part)])
        return path

    return make


for _form in ("keras3.keras", "keras2.h5", "teachable.zip"):
    for _part in (0.1, 0.5, 0.97):
        _name = f"cut{_part}-{_form}"
        ZOO[_name] = (_cut(_form, _part, _name), "is damaged")


@animal("is empty")
def _empty(folder: Path, _: Forms) -> Path:
    return written(folder / "empty.keras", b"")


@animal("is no file of Keras's")
def _web_page(folder: Path, _: Forms) -> Path:
    return written(folder / "page.h5", b"<!doctype html><title>Not found</title>")


@animal("holds no model: no saved_model.pb")
def _empty_folder(folder: Path, _: Forms) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


@animal("holds no model")
def _archive_of_photos(folder: Path, _: Forms) -> Path:
    return zipped(folder / "photos.zip", {"a.jpg": b"...", "b.jpg": b"..."})


@animal("is damaged: it is not JSON")
def _json_cut(folder: Path, forms: Forms) -> Path:
    text = (forms("graph") / "model.json").read_bytes()
    return written(folder / "model.json", text[:-100])


@animal("is damaged: it is not JSON")
def _json_nested_without_end(folder: Path, _: Forms) -> Path:
    return written(folder / "model.json", b"[" * 200_000)


@animal("holds no JSON object")
def _json_list(folder: Path, _: Forms) -> Path:
    return written(folder / "model.json", b"[1, 2]")


@animal("has no modelTopology")
def _json_without_topology(folder: Path, _: Forms) -> Path:
    return written(folder / "model.json", b'{"format": "graph-model"}')


@animal(r"saved_model\.pb is damaged")
def _saved_model_cut(folder: Path, forms: Forms) -> Path:
    content = (forms("saved_model") / "saved_model.pb").read_bytes()
    return written(folder / "saved" / "saved_model.pb", content[:-77]).parent


@animal("cannot be loaded: it is incomplete or damaged")
def _saved_model_without_variables(folder: Path, forms: Forms) -> Path:
    content = (forms("saved_model") / "saved_model.pb").read_bytes()
    return written(folder / "saved" / "saved_model.pb", content).parent


# TensorFlow.js models whose parts do not belong together


def _tfjs(form: str, change: Callable[[dict[str, Any]], None], shard: bytes | None = None) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        document = json.loads((forms(form) / "model.json").read_bytes())
        for source in forms(form).glob("*.bin"):
            written(folder / source.name, source.read_bytes() if shard is None else shard)
        change(document)
        return written(folder / "model.json", json.dumps(document).encode())

    return make


def _manifest(document: dict[str, Any]) -> Any:
    return document["weightsManifest"][0]


def _set_paths(*paths: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: _manifest(document).update(paths=list(paths))


def _set_weight(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: _manifest(document)["weights"][0].update(values)


def _add_operator(document: dict[str, Any]) -> None:
    nodes = document["modelTopology"]["node"]
    node = next(node for node in nodes if node["op"] == "Softmax")
    node["op"], node["name"] = "WriteFile", node["name"]


def _add_input(document: dict[str, Any]) -> None:
    nodes = document["modelTopology"]["node"]
    placeholder = next(node for node in nodes if node["op"] == "Placeholder")
    nodes.append({**placeholder, "name": "mask"})


def _keep_plain(document: dict[str, Any]) -> None:
    """Change nothing: the shards are at fault."""


def _add_outputs(document: dict[str, Any]) -> None:
    outputs = document["signature"]["outputs"]
    outputs.update(boxes=outputs["embedding"], scores=outputs.pop("probabilities"))


ZOO.update(
    {
        "shard missing": (_tfjs("graph", _set_paths("group9.bin")), "group9.bin is missing beside"),
        "shard outside": (_tfjs("graph", _set_paths("../../etc/passwd")), "outside of its folder"),
        "shard absolute": (_tfjs("layers", _set_paths("/etc/passwd")), "outside of its folder"),
        "shard from the web": (
            _tfjs("graph", _set_paths("https://a.b/c")),
            "outside of its folder",
        ),
        "shard short": (_tfjs("graph", _keep_plain, b"\0" * 9), "hold 9 bytes and end within"),
        "shard long": (
            _tfjs("layers", _keep_plain, bytes(1 << 16)),
            "hold 65536 bytes, but their manifest lists",
        ),
        "weights negative": (
            _tfjs("graph", _set_weight(shape=[-1, 4])),
            "weights manifest cannot be read",
        ),
        "weights endless": (
            _tfjs("graph", _set_weight(shape=[1 << 40, 1 << 40])),
            "bytes and end within",
        ),
        "weights of texts": (_tfjs("graph", _set_weight(dtype="string")), "of the type"),
        "weights unnamed": (
            _tfjs("layers", _set_weight(name="other/kernel")),
            "lacks the weights 'conv2d",
        ),
        "manifest missing": (
            _tfjs("graph", lambda document: document.pop("weightsManifest")),
            r"weights manifest cannot be read \(KeyError",
        ),
        "topology strange": (
            _tfjs("graph", lambda document: document.update(modelTopology={"nodes": 3})),
            "no graph of TensorFlow's",
        ),
        "two inputs in a graph": (_tfjs("graph", _add_input), "has 2 inputs"),
        "three outputs in a graph": (_tfjs("graph", _add_outputs), "has 4 outputs"),
        "graph that writes files": (_tfjs("graph", _add_operator), "has the operator WriteFile"),
    }
)


# Archives and HDF5 files that attack


@animal("leads out of its folder")
def _archive_leading_out(folder: Path, _: Forms) -> Path:
    return zipped(folder / "out.zip", {"../../evil.txt": b"evil", "model.json": b"{}"})


@animal("leads out of its folder")
def _archive_absolute(folder: Path, _: Forms) -> Path:
    return zipped(folder / "absolute.zip", {"/tmp/evil.txt": b"evil"})


@animal("leads out of its folder")
def _archive_of_windows(folder: Path, _: Forms) -> Path:
    return zipped(folder / "windows.zip", {"C:/evil.txt": b"evil"})


@animal("symbolic link")
def _archive_with_link(folder: Path, _: Forms) -> Path:
    link = zipfile.ZipInfo("model.json")
    link.external_attr = 0o120777 << 16
    path = folder / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return path


@animal("decompression bomb")
def _archive_bomb(folder: Path, _: Forms) -> Path:
    return zipped(folder / "bomb.keras", {"config.json": bytes(100 << 20)}, zipfile.ZIP_DEFLATED)


@animal("far more than a model")
def _archive_of_thousands(folder: Path, _: Forms) -> Path:
    return zipped(folder / "many.zip", {f"{index}": b"" for index in range(10_001)})


@animal("claims arrays of more than")
def _hdf5_bomb(folder: Path, forms: Forms) -> Path:
    path = written(folder / "bomb.h5", forms("keras3.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        file.create_dataset("huge", (1 << 20, 1 << 20), "f4", chunks=(1024, 1024))
    return path


@animal("is a link to something else")
def _hdf5_link(folder: Path, forms: Forms) -> Path:
    path = written(folder / "link.h5", forms("keras3.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        file["model_weights/secret"] = h5py.ExternalLink("/etc/passwd", "/")
    return path


@animal("weights without a network")
def _weights_alone(folder: Path, forms: Forms) -> Path:
    with zipfile.ZipFile(forms("keras3.keras")) as archive:
        return written(folder / "a.weights.h5", archive.read("model.weights.h5"))


@animal("is damaged")
def _keras_config_not_json(folder: Path, forms: Forms) -> Path:
    return with_config(folder, forms, b"{")


@animal("nests its layers without end")
def _keras_config_deep(folder: Path, forms: Forms) -> Path:
    text = '{"a":' * 500 + "1" + "}" * 500
    return with_config(folder, forms, text.encode())


@animal("layer or function of your own, 'system'")
def _keras_config_of_something_else(folder: Path, forms: Forms) -> Path:
    return with_config(folder, forms, b'{"module": "os", "class_name": "system", "config": {}}')


@animal("Lambda layer")
def _h5_with_lambda(folder: Path, forms: Forms) -> Path:
    path = written(folder / "lambda.h5", forms("keras2.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        config["config"]["layers"].append({"class_name": "Lambda", "config": {"function": "x"}})
        file.attrs["model_config"] = json.dumps(config)
    return path


# Models that are no classifiers of one photo


def _model(build: Callable[[Any, Any], Any]) -> Make:
    def make(folder: Path, _: Forms) -> Path:
        keras = import_keras()
        keras.utils.set_random_seed(1)
        build(keras, keras.layers).save(folder / "model.keras")
        return folder / "model.keras"

    return make


def _images_to(*heads: Callable[[Any, Any], Any], shape: Any = (8, 8, 3)) -> Make:
    def build(keras: Any, layers: Any) -> Any:
        inputs = keras.Input(shape)
        outputs = [head(layers, inputs) for head in heads]
        return keras.Model(inputs, outputs[0] if len(outputs) == 1 else outputs)

    return _model(build)


def _dense(classes: int) -> Callable[[Any, Any], Any]:
    return lambda layers, x: layers.Dense(classes)(layers.Flatten()(x))


def _two_inputs(keras: Any, layers: Any) -> Any:
    inputs = [keras.Input((8, 8, 3)), keras.Input((8, 8, 3))]
    return keras.Model(inputs, _dense(3)(layers, layers.Add()(inputs)))


def _weights_of(value: float, *, everywhere: bool = False) -> Make:
    def build(keras: Any, layers: Any) -> Any:
        inputs = keras.Input((8, 8, 3))
        model = keras.Model(inputs, _dense(3)(layers, inputs))
        kernel, bias = model.layers[-1].get_weights()
        kernel[slice(None) if everywhere else 0, 0] = value
        model.layers[-1].set_weights([kernel, bias])
        return model

    return _model(build)


ZOO.update(
    {
        "detector": (_images_to(_dense(4), _dense(3)), "has 2 outputs"),
        "segmenter": (
            _images_to(lambda layers, x: layers.Conv2D(5, 1)(x)),
            r"has the shape \(8, 8, 5\).*one number",
        ),
        "regression": (_images_to(_dense(1)), "single output without a sigmoid"),
        "two inputs": (_model(_two_inputs), "has 2 inputs"),
        "vectors": (_images_to(_dense(3), shape=(8, 3)), "one of photos is"),
        "video": (_images_to(_dense(3), shape=(4, 8, 8, 3)), "one of photos is"),
        "channels first": (_images_to(_dense(3), shape=(3, 8, 8)), "channels first"),
        "four channels": (_images_to(_dense(3), shape=(8, 8, 4)), "no fourth channel"),
        "seven channels": (_images_to(_dense(3), shape=(8, 8, 7)), "Only photos"),
        "NaN": (_weights_of(np.nan), "has NaN in the weights"),
        "infinity": (_weights_of(np.inf), "has infinite values in the weights"),
        "beyond float32": (_weights_of(np.float32(3e38), everywhere=True), "NaN or infinity on"),
        "segmenter of any size": (
            _images_to(lambda layers, x: layers.Conv2D(5, 1)(x), shape=(None, None, 3)),
            r"has the shape \(224, 224, 5\).*one number",
        ),
        "photos of a million pixels a side": (
            _images_to(
                lambda layers, x: layers.Dense(3)(layers.GlobalAveragePooling2D()(x)),
                shape=(10**6, 10**6, 3),
            ),
            "takes photos of 1000000 by 1000000 pixels, more than a browser can classify",
        ),
        "any number of channels": (
            _images_to(
                lambda layers, x: layers.Softmax()(layers.GlobalAveragePooling2D()(x)),
                shape=(None, None, None),
            ),
            r"an input of the shape \(None, None, None\)\. Only photos, with 3 channels",
        ),
    }
)


def _saved(function: Callable[[Any, Any], Any], *shapes: Any, dtype: str = "float32") -> Make:
    def make(folder: Path, _: Forms) -> Path:
        tf = tensorflow()
        specs = [tf.TensorSpec((None, *shape), dtype, f"x{i}") for i, shape in enumerate(shapes)]
        module = tf.Module()
        module.run = tf.function(lambda *x: function(tf, *x), input_signature=specs)
        tf.saved_model.save(module, str(folder / "saved"), signatures=module.run)
        return folder / "saved"

    return make


def _mean(tf: Any, x: Any) -> Any:
    return tf.reduce_mean(tf.cast(x, tf.float32), [1, 2])


_PHOTO = (8, 8, 3)
ZOO.update(
    {
        "answers as texts": (
            _saved(lambda tf, x: {"y": tf.as_string(_mean(tf, x))}, _PHOTO),
            r"returns texts \(strings\)",
        ),
        "answers as numbers of classes": (
            _saved(lambda tf, x: {"y": tf.argmax(_mean(tf, x), -1)}, _PHOTO),
            "returns int64, not one probability",
        ),
        "detector as a SavedModel": (
            _saved(lambda tf, x: {"boxes": _mean(tf, x), "scores": _mean(tf, x)}, _PHOTO),
            r"has 2 outputs \(boxes, scores\)",
        ),
        "two inputs as a SavedModel": (
            _saved(lambda tf, x, y: {"y": _mean(tf, x + y)}, _PHOTO, _PHOTO),
            "has 2 inputs",
        ),
        "encoded files": (
            _saved(
                lambda tf, x: {"y": tf.cast(tf.strings.length(x), tf.float32)}, (), dtype="string"
            ),
            r"takes texts or encoded files \(strings\)|lacks StringLength",
        ),
        "photos of bytes": (
            _saved(lambda tf, x: {"y": _mean(tf, x)}, _PHOTO, dtype="uint8"),
            "numbers of the type uint8",
        ),
        "reads files": (
            _saved(
                lambda tf, x: {
                    "y": _mean(tf, x) + tf.cast(tf.strings.length(tf.io.read_file("/a")), "float32")
                },
                _PHOTO,
            ),
            "has the operator ReadFile",
        ),
        "any size, a row for each part of the photo": (
            _saved(lambda tf, x: {"y": tf.reshape(x, [-1, 768])}, (None, None, 3)),
            "returns 196 answers for one photo. Give it photos of the size",
        ),
        "any size, sees only larger photos": (
            _saved(lambda tf, x: {"y": _mean(tf, x[:, 250:260])}, (None, None, 3)),
            r"NaN or infinity on .*\(--input-size\)",
        ),
        "one number for all photos": (
            _saved(lambda tf, x: {"y": tf.reduce_mean(x)}, _PHOTO),
            r"has the shape \(\); a classifier's has one number",
        ),
        "never looks at the photo": (
            _saved(lambda tf, _: {"y": tf.constant([[0.1, 0.2, 0.7]])}, _PHOTO),
            "answers every photo alike",
        ),
        "operator unknown": (
            _saved(lambda tf, x: {"y": tf.math.lgamma(_mean(tf, x))}, _PHOTO),
            "lacks Lgamma",
        ),
    }
)
