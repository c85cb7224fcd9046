"""Random small networks, from a photo to probabilities, and TensorFlow's answers."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.kernels.rewrite import with_right_kernels
from builder.model.network.operators import with_browser_operators
from builder.model.setup import silenced, tensorflow
from tests.conformance.graphs import Question, question_of

DEEPEST = 7


def networks(
    seeds: Iterable[int],
) -> tuple[dict[str, Question], dict[str, NDArray[np.float32]]]:
    """Return a network for each seed, and a photo for each, by the networks' names."""
    tf = tensorflow()
    graph = tf.Graph()
    outputs: dict[str, list[Any]] = {}
    photos = {}
    feed = {}
    with graph.as_default(), tf.device("/CPU:0"):
        for seed in seeds:
            name = f"network_{seed}"
            with tf.name_scope(name):
                network = _Network(seed)
                outputs[name] = network.outputs()
            photos[name] = network.photo
            feed[network.image] = network.photo
    with silenced(), tf.compat.v1.Session(graph=graph) as session:
        expected = session.run(outputs, feed)
    definition = with_right_kernels(with_browser_operators(graph.as_graph_def()))
    nodes: dict[str, list[Any]] = {name: [] for name in outputs}
    for node in definition.node:
        nodes[node.name.partition("/")[0]].append(node)
    found = {
        name: question_of(nodes[name], [one.name for one in outputs[name]], expected[name])
        for name in outputs
    }
    return found, photos


class _Network:
    """A network that one seed decides."""

    def __init__(self, seed: int) -> None:
        self._tf = tensorflow()
        self._random = np.random.default_rng(seed)
        shape = (1, *self._random.integers(6, 20, 2), self._one_of(1, 3, 3, 3, 4))
        self.photo = np.asarray(self._random.uniform(0, 255, shape), np.float32)
        self.image = self._tf.compat.v1.placeholder(self._tf.float32, shape)

    def outputs(self) -> list[Any]:
        """Build it; return its probabilities, what they are made of, and a map."""
        tf = self._tf
        x = self._scaled(self.image)
        for _ in range(self._random.integers(1, DEEPEST)):
            x = self._layer(x)
        kept = self._random.integers(2) > 0
        embedding = tf.reduce_mean(x, [1, 2], keepdims=bool(kept))
        flat = tf.reshape(embedding if self._random.integers(3) else x, [1, -1])
        classes = int(self._random.integers(2, 40))
        logits = tf.matmul(flat, self._weights(flat.shape[-1], classes)) + self._bias(classes)
        return [tf.nn.softmax(logits), tf.identity(embedding), self._convolved(x)]

    def _one_of(self, *choices: Any) -> Any:
        return choices[self._random.integers(len(choices))]

    def _weights(self, *shape: int) -> NDArray[np.float32]:
        spread = np.sqrt(2 / np.prod(shape[:-1]))
        return np.asarray(self._random.normal(0, spread, shape), np.float32)

    def _bias(self, channels: int) -> NDArray[np.float32]:
        return np.asarray(self._random.normal(0, 0.3, channels), np.float32)

    def _scaled(self, x: Any) -> Any:
        channels = x.shape[-1]
        ways = (
            lambda: x / np.float32(127.5) - np.float32(1),
            lambda: (x - self._bias(channels)) * np.float32(1 / 255),
            lambda: x * np.float32(1 / 255),
            lambda: x,
        )
        return self._one_of(*ways)()

    def _layer(self, x: Any) -> Any:
        layers = (
            *(self._activated_convolution, self._activated_depthwise, self._residual),
            *(self._excited, self._concatenated, self._pooled, self._normalized, self._separable),
        )
        return self._one_of(*layers)(x)

    def _activated(self, x: Any) -> Any:
        nn = self._tf.nn
        ways = (
            *(lambda y: y, nn.relu, nn.relu6, nn.elu, nn.sigmoid, nn.tanh, nn.leaky_relu),
            lambda y: y * nn.sigmoid(y),
            lambda y: y * (nn.relu6(y + np.float32(3)) * np.float32(1 / 6)),
            lambda y: nn.relu6(y + np.float32(3)) / np.float32(6),
        )
        return self._one_of(*ways)(x)

    def _window(self, x: Any) -> tuple[int, int, int, str]:
        """Return a kernel's height and width, a stride and a padding that fit."""
        height, width = x.shape[1:3]
        padding = self._one_of("SAME", "VALID")
        kernel = [self._one_of(1, 2, 3, 3, 5) for _ in range(2)]
        if padding == "VALID":
            kernel = [min(side, size) for side, size in zip(kernel, (height, width), strict=True)]
        return (*kernel, self._one_of(1, 1, 2), padding)

    def _convolved(self, x: Any) -> Any:
        height, width, stride, padding = self._window(x)
        channels = int(self._random.integers(1, 24))
        weights = self._weights(height, width, x.shape[-1], channels)
        if self._random.integers(3) == 0 and padding == "VALID":
            x = self._tf.pad(x, [[0, 0], [0, 1], [1, 2], [0, 0]])
        made = self._tf.nn.conv2d(x, weights, stride, padding)
        return made + self._bias(channels) if self._random.integers(4) else made

    def _activated_convolution(self, x: Any) -> Any:
        return self._activated(self._convolved(x))

    def _activated_depthwise(self, x: Any) -> Any:
        height, width, stride, padding = self._window(x)
        multiplier = self._one_of(1, 1, 1, 2)
        weights = self._weights(height, width, x.shape[-1], multiplier)
        if self._random.integers(3) == 0 and padding == "VALID":
            x = self._tf.pad(x, [[0, 0], [1, 1], [0, 1], [0, 0]])
        steps = [1, stride, stride, 1]
        made = self._tf.nn.depthwise_conv2d(x, weights, steps, padding)
        return self._activated(made + self._bias(made.shape[-1]))

    def _to(self, x: Any, channels: int) -> Any:
        weights = self._weights(1, 1, x.shape[-1], channels)
        return self._tf.nn.conv2d(x, weights, 1, "SAME") + self._bias(channels)

    def _separable(self, x: Any) -> Any:
        weights = self._weights(3, 3, x.shape[-1], 1)
        deep = self._tf.nn.depthwise_conv2d(x, weights, [1, 1, 1, 1], "SAME")
        return self._activated(self._to(self._activated(deep), int(self._random.integers(4, 30))))

    def _residual(self, x: Any) -> Any:
        inner = self._to(
            self._activated(self._to(x, int(self._random.integers(2, 20)))), x.shape[-1]
        )
        other = self._one_of(x, self._to(x, x.shape[-1]))
        return self._activated(self._one_of(inner + other, other + inner))

    def _excited(self, x: Any) -> Any:
        tf = self._tf
        mean = tf.reduce_mean(x, [1, 2], keepdims=True)
        inner = self._activated(self._to(mean, int(self._random.integers(2, 9))))
        return x * tf.nn.sigmoid(self._to(inner, x.shape[-1]))

    def _concatenated(self, x: Any) -> Any:
        branches = [x, *(self._activated(self._to(x, int(self._random.integers(1, 9)))),) * 2]
        return self._tf.concat(branches[: self._random.integers(2, 4)], -1)

    def _pooled(self, x: Any) -> Any:
        height, width, stride, padding = self._window(x)
        pool = self._one_of(self._tf.nn.max_pool2d, self._tf.nn.avg_pool2d)
        return pool(x, (height, width), stride, padding)

    def _normalized(self, x: Any) -> Any:
        channels = x.shape[-1]
        made = self._tf.compat.v1.nn.fused_batch_norm(
            x,
            *(self._bias(channels) + np.float32(1), self._bias(channels), self._bias(channels)),
            np.abs(self._bias(channels)) + np.float32(0.5),
            is_training=False,
        )[0]
        return self._activated(made)
