"""The network that goes into the browser: scaling inside, batch norm folded, outputs named."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.calibration.familiarity import Familiarity
from builder.model.images.preprocessing import affine
from builder.model.metadata import Preprocessing
from builder.model.network.fold import fold
from builder.model.outputs.head import Head, find_head
from builder.model.setup import keras as import_keras
from builder.model.trace import Trace, trace_model

if TYPE_CHECKING:
    from builder.model.source import SourceModel


@dataclass(frozen=True)
class InferenceModel:
    """Maps one photo, cropped and resized, to all that the app shows of it."""

    trace: Trace
    """The folded network, from scaled image to its own output."""
    head: Head
    """Where in it the logits, the embedding and the feature map are found."""
    preprocessing: Preprocessing
    """The scaling that comes before it."""
    familiarity: Familiarity | None = None
    """Scores of how familiar a photo is, where the model has them."""

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        """Shape of the input: 1, height, width, 3."""
        return (1, self.preprocessing.input_height, self.preprocessing.input_width, 3)

    @property
    def layer_names(self) -> frozenset[str]:
        """Names of the layers and operations that the network calls, and of scopes inside them."""
        operations = [step.operation for step in self.trace.steps]
        inner = (getattr(operation, "scopes", ()) for operation in operations)
        return frozenset(operation.name for operation in operations).union(*inner)

    def __call__(self, images: Any) -> dict[str, Any]:
        """Return `probabilities` [1, C] and `embedding` [1, D] for `images`, float32 [1, H, W, 3],
        0…255, RGB; where the model has a feature map, `class_activation` [1, h, w, C], too, and
        where it detects foreign photos, `familiarity` [1, C].
        """
        from keras import ops

        values = self.trace.run(_scaled(images, self.preprocessing))
        outputs = {
            "probabilities": self.head.probabilities(values),
            "embedding": ops.reshape(values[self.head.embedding], (1, -1)),
        }
        if self.head.features is not None:
            outputs["class_activation"] = self.head.class_activation(values)
        if self.familiarity is not None:
            scores = ops.matmul(
                outputs["embedding"], ops.convert_to_tensor(self.familiarity.kernel)
            )
            outputs["familiarity"] = scores + ops.convert_to_tensor(self.familiarity.bias)
        return outputs


def inference_model(source: "SourceModel") -> InferenceModel:
    """Fold, scale and name the parts of a source model.

    Raises `ModelError` where the model has no classifier's output or is not a graph of layers.
    """
    import_keras()
    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    trace = fold(trace_model(source.keras_model, *size))
    head = find_head(trace, source.asked_activation)
    familiarity = source.familiarity
    depth = int(np.prod(head.embedding.shape[1:]))
    if familiarity is not None and familiarity.kernel.shape[0] != depth:
        raise ModelError(
            f"{source.provenance.name} is damaged: its detector of foreign photos takes embeddings "
            f"of {familiarity.kernel.shape[0]} numbers, and the network makes {depth}."
            " Train it again."
        )
    return InferenceModel(trace, head, source.preprocessing, familiarity)


def _scaled(images: Any, preprocessing: Preprocessing) -> Any:
    """Apply the affine scaling with as few graph nodes as it takes."""
    from keras import ops

    matrix, offset = affine(preprocessing)
    diagonal = np.diag(matrix)
    if matrix.shape != (3, 3) or not np.array_equal(matrix, np.diag(diagonal)):
        kernel = matrix.astype(np.float32)[np.newaxis, np.newaxis]
        images = ops.conv(images, kernel, padding="valid", data_format="channels_last")
        # The converter fuses the two, and a fused bias has one value a channel.
        return images if not np.any(offset) else images + offset.astype(np.float32)
    if not np.all(diagonal == 1.0):
        images = images * _narrowest(diagonal)
    return images if not np.any(offset) else images + _narrowest(offset)


def _narrowest(values: NDArray[Any]) -> NDArray[Any]:
    """Return a scalar where all channels share one value."""
    values = values.astype(np.float32)
    return values[0] if np.all(values == values[0]) else values
