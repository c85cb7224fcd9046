import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.random_weights import with_random_weights
from benchmarks.reference_images import reference_images
from builder.errors import ModelError
from builder.model.convert import ConvertedGraph
from builder.model.emitted import EmittedModel
from builder.model.graph.graph_model import GraphModel
from builder.model.loading.applications import create_application
from builder.model.network.inference import inference_model
from builder.model.quantize.layers import delicate
from builder.model.setup import keras as import_keras
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import source_of

pytestmark = pytest.mark.slow

Converted = Callable[[str], GraphModel]


def _needed(graph: GraphModel, output: str) -> Counter[str]:
    """Count the operators that TensorFlow.js runs for one output."""
    nodes = {node["name"]: node for node in graph.document["modelTopology"]["node"]}
    found, queue = set(), [output]
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(nodes[name].get("input", ()))
    return Counter(nodes[name]["op"] for name in found)


def test_every_convolution_is_fused(converted: Converted) -> None:
    operators = _needed(converted("float16"), "probabilities")
    # The fifteenth has a bias of zeros, as random weights have, and needs no fusion.
    assert operators["_FusedConv2D"] == 14
    assert operators["Conv2D"] == 1
    assert operators["FusedDepthwiseConv2dNative"] == 13
    convolutions = {"_FusedConv2D", "Conv2D", "FusedDepthwiseConv2dNative"}
    rest = set(operators) - convolutions - {"Const", "Placeholder"}
    assert rest == {"Mul", "AddV2", "Mean", "Reshape", "Softmax"}


def test_outputs_are_nodes_of_their_names_and_cost_nothing_unless_asked_for(
    converted: Converted,
) -> None:
    graph = converted("float16")
    document = graph.document
    names = {node["name"] for node in document["modelTopology"]["node"]}
    assert {"image", "probabilities", "embedding", "class_activation"} <= names
    assert document["signature"]["inputs"]["image"]["name"] == "image:0"
    for name in ("probabilities", "embedding", "class_activation"):
        assert document["signature"]["outputs"][name]["name"] == f"{name}:0"
    assert graph.output_shape("probabilities") == (1, 10)
    assert graph.output_shape("embedding") == (1, 256)
    assert graph.output_shape("class_activation") == (1, 3, 3, 10)
    assert graph.output_shape("nothing") is None
    assert _needed(graph, "embedding")["_FusedConv2D"] == 14
    assert _needed(graph, "embedding")["Softmax"] == 0
    assert _needed(graph, "class_activation")["Mean"] == 0


def test_the_classifier_is_stored_once(converted: Converted, trees_source: SourceModel) -> None:
    shapes = [e["shape"] for e in converted("none").document["weightsManifest"][0]["weights"]]
    assert shapes.count([1, 1, 256, 10]) == 1


def test_the_three_outputs_agree_with_each_other(converted: Converted) -> None:
    emitted = EmittedModel(converted("none").files)
    images = reference_images(96, 96)[:3]
    logits = emitted.output("class_activation", images).mean((1, 2))
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    np.testing.assert_allclose(
        emitted.predict(images), odds / odds.sum(-1, keepdims=True), atol=1e-5
    )


@pytest.mark.parametrize("has_map", [True, False])
def test_an_embedding_may_be_as_long_as_there_are_classes(has_map: bool) -> None:
    """The converter itself tells outputs apart by their shapes alone."""
    keras = import_keras()
    keras.utils.set_random_seed(4)
    inputs = keras.Input((8, 8, 3))
    features = keras.layers.Conv2D(5, 3)(inputs)
    pooled = keras.layers.GlobalAveragePooling2D()(features)
    embedding = pooled if has_map else keras.layers.Dense(5, activation="tanh")(pooled)
    outputs = keras.layers.Dense(5, activation="softmax")(embedding)
    source = source_of(keras.Model(inputs, outputs), rescale_factor=1 / 255)
    graph = convert(inference_model(source), "none")
    assert measure_parity(graph, source).max_probability_difference < 1e-5
    images = reference_images(8, 8)[:2]
    expected = keras.Model(inputs, embedding)(images / 255)
    emitted = EmittedModel(graph.files)
    np.testing.assert_allclose(emitted.output("embedding", images), expected, atol=1e-5)
    assert set(graph.document["signature"]["outputs"]) == {
        "probabilities",
        "embedding",
        *(["class_activation"] if has_map else []),
    }


def test_half_precision_halves_the_kernels_but_not_what_is_delicate(
    converted: Converted, converted_graph: ConvertedGraph
) -> None:
    sizes = {
        q: sum(len(c) for name, c in converted(q).files.items() if name.endswith(".bin"))
        for q in ("none", "float16")
    }
    graph = converted_graph.canonical
    entries = converted("float16").document["weightsManifest"][0]["weights"]
    whole = {e["name"]: e for e in entries if "quantization" not in e and e["dtype"] != "int32"}
    # The scaling is 1/127.5 and -1: in half precision the first would shift every photo.
    assert whole.keys() == graph.scaling | delicate(graph)
    assert [whole[name]["shape"] for name in sorted(graph.scaling)] == [[], []]
    for entry in whole.values():
        assert len(entry["shape"]) < 2 or entry["shape"][3] == 1
    more = sum(2 * graph.weights[name].size for name in whole)
    assert more < 0.08 * sizes["float16"]
    assert sizes["float16"] - more == pytest.approx(sizes["none"] / 2, rel=0.001)


def test_half_precision_leaves_the_luminance_as_it_is(trees_source: SourceModel) -> None:
    scaling = replace(trees_source.preprocessing, grayscale=True)
    graph = convert(inference_model(replace(trees_source, preprocessing=scaling)), "float16")
    entries = graph.document["weightsManifest"][0]["weights"]
    whole = [e for e in entries if e["dtype"] == "float32" and "quantization" not in e]
    assert [e["shape"] for e in whole[:2]] == [[1, 1, 3, 3], [3]]


def test_the_files_tell_nothing_of_the_machine(converted: Converted) -> None:
    text = converted("float16").files["model.json"].decode()
    for secret in (str(Path.home()), tempfile.gettempdir(), str(Path.cwd()), "Stateful", "/device"):
        assert secret not in text
    assert text == json.dumps(
        json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def test_another_process_converts_to_the_same_bytes(
    trees: tuple[Path, Path], converted: Converted
) -> None:
    program = (
        "import sys, hashlib, json\n"
        "from pathlib import Path\n"
        "from builder.config import SiteConfig\n"
        "from tests.conversion import convert\n"
        "from builder.model.network.inference import inference_model\n"
        "from builder.model.setup import keras\n"
        "from builder.model.loading.load import load_source\n"
        # Numbers of layers made before must not show.
        "keras().layers.Conv2D(1, 1), keras().layers.ReLU()\n"
        "config = SiteConfig(model=sys.argv[1], labels=Path(sys.argv[2]))\n"
        "graph = convert(inference_model(load_source(config, lambda _: None)), 'float16')\n"
        "print(json.dumps({n: hashlib.sha256(c).hexdigest() for n, c in graph.files.items()}))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *map(str, trees)],
        capture_output=True,
        text=True,
        check=True,
    )
    import hashlib

    ours = {n: hashlib.sha256(c).hexdigest() for n, c in converted("float16").files.items()}
    assert json.loads(result.stdout) == ours
    assert result.stderr == "", "TensorFlow's chatter came through"


def test_no_folder_is_left_behind(
    tmp_path: Path, trees_source: SourceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    convert(inference_model(trees_source), "none")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_quantization_is_refused(trees_source: SourceModel) -> None:
    with pytest.raises(ModelError, match="'int4' is unknown: choose none"):
        convert(inference_model(trees_source), "int4")


def test_an_operator_that_the_browser_lacks_is_named() -> None:
    keras = import_keras()
    inputs = keras.Input((8, 8, 3))
    lacking = keras.ops.erfinv(keras.layers.Flatten()(inputs) / 300.0)
    model = keras.Model(inputs, keras.layers.Dense(3)(lacking))
    with pytest.raises(ModelError, match=r"cannot run.*lacks Erfinv \(in the layer 'erfinv"):
        convert(inference_model(source_of(model)), "none")


def _tail(keras: Any, features: Any, classes: int = 5) -> Any:
    pooled = keras.layers.GlobalAveragePooling2D()(features)
    return keras.layers.Dense(classes, activation="softmax")(pooled)


def _build(name: str) -> Any:
    keras = import_keras()
    keras.utils.set_random_seed(2)
    layers = keras.layers
    inputs = keras.Input((24, 32, 3))
    if name == "one sigmoid":
        x = layers.Conv2D(4, 3, activation="relu")(inputs)
        return keras.Model(inputs, layers.Dense(1, "sigmoid")(layers.Flatten()(x)))
    if name == "logits":
        x = layers.Conv2D(4, 3, activation="relu")(inputs)
        return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))
    activation = {
        "leaky": layers.LeakyReLU(0.2),
        "prelu": layers.PReLU(alpha_initializer="ones", shared_axes=[1, 2]),
        "elu": layers.ELU(),
        "swish": layers.Activation("swish"),
        "hard_swish": layers.Activation("hard_swish"),
    }[name]
    x = layers.Conv2D(6, 3, strides=2, padding="same")(inputs)
    x = activation(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    again = {key: value for key, value in activation.get_config().items() if key != "name"}
    x = type(activation).from_config(again)(layers.BatchNormalization()(x))
    x = layers.SeparableConv2D(8, 3)(layers.BatchNormalization()(layers.LayerNormalization()(x)))
    return keras.Model(inputs, _tail(keras, x))


@pytest.mark.parametrize(
    "name",
    ["leaky", "prelu", "elu", "swish", "hard_swish", "one sigmoid", "logits"],
)
def test_other_networks_answer_the_same(name: str) -> None:
    model = _build(name)
    source = source_of(model, rescale_factor=1 / 127.5, image_mean=(1.0, 1.0, 1.0))
    parity = measure_parity(convert(inference_model(source), "none"), source)
    assert parity.max_probability_difference < 1e-5
    assert parity.top1_agreement == 1.0


@pytest.mark.parametrize(
    "preprocessing",
    [
        {},
        {"rescale_factor": 1 / 255},
        {
            "rescale_factor": 1 / 255,
            "image_mean": (0.485, 0.456, 0.406),
            "image_std": (0.229, 0.224, 0.225),
        },
        {"image_mean": (123.68, 116.779, 103.939), "channel_order": "bgr"},
        {"rescale_factor": 1 / 127.5, "image_mean": (1.0, 1.0, 1.0), "grayscale": True},
        {
            "image_mean": (123.68, 116.779, 103.939),
            "channel_order": "bgr",
            "grayscale": True,
        },
    ],
)
def test_every_scaling_is_done_inside_the_graph(preprocessing: dict[str, Any]) -> None:
    keras = import_keras()
    keras.utils.set_random_seed(6)
    inputs = keras.Input((24, 32, 3))
    # Whatever the scale of its input, the network sees it at its own.
    features = keras.layers.LayerNormalization(axis=[1, 2, 3])(inputs)
    features = keras.layers.Conv2D(8, 3, activation="relu", use_bias=False)(features)
    source = source_of(keras.Model(inputs, _tail(keras, features)), **preprocessing)
    graph = convert(inference_model(source), "none")
    parity = measure_parity(graph, source)
    assert parity.max_probability_difference < 1e-5
    if preprocessing.get("grayscale"):
        emitted, images = EmittedModel(graph.files), reference_images(24, 32)[:4]
        gray = images @ np.array([0.299, 0.587, 0.114], np.float32)
        same = np.repeat(gray[..., np.newaxis], 3, axis=-1)
        np.testing.assert_allclose(emitted.predict(images), emitted.predict(same), atol=1e-5)


@pytest.mark.parametrize("name", ["mobilenetv3small", "convnext"])
def test_networks_with_operators_of_their_own_answer_the_same(name: str) -> None:
    keras = import_keras()
    keras.utils.set_random_seed(8)
    if name == "convnext":
        from keras.src.applications.convnext import ConvNeXt

        network = ConvNeXt(
            *((1, 1, 1, 1), (8, 12, 16, 24)), input_shape=(64, 64, 3), weights=None, classes=5
        )
    else:
        network = create_application(name, alpha=0.75, input_size=64, weights=None, classes=5)
    source = source_of(with_random_weights(network))
    graph = convert(inference_model(source), "none")
    parity = measure_parity(graph, source)
    assert parity.max_probability_difference < 1e-4
    assert parity.top1_agreement == 1.0
    operators = _needed(graph, "probabilities")
    assert not {"Erfc", "StatefulPartitionedCall", "DepthwiseConv2dNative"} & operators.keys()


def test_what_a_layer_says_of_an_unfit_model_is_told() -> None:
    class Unfit:
        input_shape = (1, 8, 8, 3)

        def __call__(self, images: Any) -> dict[str, Any]:
            raise ValueError(f"A photo of {images.shape[1]} pixels is too small.")

    with pytest.raises(ModelError, match=r"cannot be exported: A photo of 8 pixels is too"):
        convert(Unfit())  # type: ignore[arg-type]
