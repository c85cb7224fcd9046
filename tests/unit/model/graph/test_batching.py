"""Photos go through a graph in batches, and each is answered as alone."""

from typing import Any

import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.model.convert import ConvertedGraph
from builder.model.emitted import EmittedModel
from builder.model.graph.batching import batch_size, with_open_batch
from builder.model.graph.graph_model import GraphModel
from builder.model.network.inference import inference_model
from tests.conversion import convert
from tests.unit.model.conftest import source_of


@pytest.mark.parametrize(
    ("height", "width", "count"), [(32, 32, 16), (224, 224, 16), (331, 331, 7), (4000, 3000, 1)]
)
def test_fewer_of_large_photos(height: int, width: int, count: int) -> None:
    assert batch_size(height, width) == count


def mixing(what: str) -> Any:
    """Return a small network that answers a photo among others otherwise, or not at all."""
    import keras

    image = keras.Input((8, 8, 3), batch_size=1)
    if what == "the values":
        image_or_less = image - keras.ops.mean(image, axis=0, keepdims=True) / 2
        flat = keras.layers.Flatten()(image_or_less)
    else:
        flat = keras.ops.reshape(image, (1, -1))
        flat = keras.ops.concatenate([flat, np.ones((1, 5), np.float32)], axis=1)
    keras.utils.set_random_seed(1)
    hidden = keras.layers.Dense(8, "relu", bias_initializer="random_normal")(flat / 255)
    return keras.Model(image, keras.layers.Dense(4, "softmax")(hidden))


def test_only_the_batch_is_left_open(converted_graph: ConvertedGraph) -> None:
    graph = converted_graph.canonical
    topology, weights = with_open_batch(graph.topology, graph.weights)
    (image,) = (node for node in topology["node"] if node["op"] == "Placeholder")
    sides = [side["size"] for side in image["attr"]["shape"]["shape"]["dim"]]
    assert sides == ["-1", "96", "96", "3"]
    fixed = {name for name, node in named(graph.topology).items() if node["op"] == "Reshape"}
    assert fixed
    for name in fixed:
        assert named(topology)[name]["input"][1] == f"{name}/open"
    assert all(weights[name] is array for name, array in graph.weights.items())
    (untouched,) = (node for node in graph.topology["node"] if node["op"] == "Placeholder")
    assert untouched["attr"]["shape"]["shape"]["dim"][0]["size"] == "1"


def test_the_shape_that_a_transposed_convolution_makes_is_left_open() -> None:
    """TensorFlow would abort, and the build with it."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential(
        [
            *(keras.Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3)),
            *(layers.Conv2DTranspose(4, 2, strides=2, padding="same"), layers.Flatten()),
            layers.Dense(4, "softmax"),
        ]
    )
    graph = convert(inference_model(source_of(model)), "none")
    probabilities(graph, reference_images(8, 8)[:18])


def named(topology: dict[str, Any]) -> dict[str, Any]:
    return {node["name"]: node for node in topology["node"]}


def probabilities(graph: GraphModel, images: np.ndarray) -> np.ndarray:
    model = EmittedModel(graph.files)
    together = model.predict(images)
    alone = np.concatenate([model.predict(images[index : index + 1]) for index in range(18)])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    return together


def test_each_photo_is_answered_as_alone(converted_graph: ConvertedGraph) -> None:
    images = reference_images(96, 96)[:18]
    answers = probabilities(converted_graph.emit("none", images), images)
    assert len(np.unique(answers.round(4), axis=0)) == 18


@pytest.mark.parametrize("mixes", ["the shape", "the values"])
def test_a_network_that_mixes_what_is_in_a_batch_gets_one_photo_at_a_time(mixes: str) -> None:
    graph = convert(inference_model(source_of(mixing(mixes))), "none")
    assert probabilities(graph, reference_images(8, 8)[:18]).shape == (18, 4)
