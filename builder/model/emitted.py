"""Runs a TensorFlow.js graph model, as emitted, with TensorFlow's own CPU kernels."""

import json
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.answers import answers_to
from builder.model.graph.batching import batch_size, with_open_batch
from builder.model.graph.graph_def import Tensors, graph_def, tensors_of
from builder.model.quantize.shards import decode_weights
from builder.model.setup import tensorflow


class EmittedModel:
    """A graph model read back from its files: what the browser will compute, computed here."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Read `model.json` and the shards that it names.

        Raises `ModelError` where a file is missing, unreadable, or not of the length it should be.
        """
        try:
            document = json.loads(files["model.json"])
        except KeyError as error:
            raise ModelError("The graph model has no model.json.") from error
        except ValueError as error:
            raise ModelError(f"The graph model's model.json is damaged: {error}.") from error
        weights = decode_weights(document["weightsManifest"], files)
        self._graph = graph_def(*with_open_batch(document["modelTopology"], weights))
        self._functions: dict[str, Tensors] = {}

    def predict(self, images: Any) -> NDArray[Any]:
        """Return the probabilities [N, C] of `images`: float32 [N, H, W, 3], 0…255."""
        return self.output("probabilities", images)

    def output(self, name: str, images: Any) -> NDArray[Any]:
        """Return the output `name` [N, …] of `images`: float32 [N, H, W, 3], 0…255.

        It is what the browser gets for each image by itself; batches are used where that changes
        nothing.
        """
        tf = tensorflow()
        if name not in self._functions:
            self._functions[name] = tensors_of(self._graph, [name])
        function = self._functions[name]
        with tf.device("/CPU:0"):
            return answers_to(
                lambda some: function(some)[0], images, batch_size(*images.shape[1:3])
            )
