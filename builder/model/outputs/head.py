"""Finds the classifier at the end of a network: logits, embedding, and the map before pooling."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builder.errors import ModelError
from builder.model.failures import alike_error
from builder.model.outputs.activation import KINDS, SHARED, activation_of
from builder.model.outputs.classifier_layer import ClassifierLayer, find_classifier
from builder.model.outputs.expression import CONSTANT
from builder.model.outputs.meaning import meaning
from builder.model.outputs.of_keras import expression_of
from builder.model.trace import Trace, Values, trace_model

if TYPE_CHECKING:
    from builder.model.source import SourceModel


@dataclass(frozen=True)
class Head:
    """The parts of a network that the app shows, as symbolic tensors of its trace."""

    output: Any
    """What the network returns."""
    activation: str
    """What the output is: one of the `KINDS` of `builder.model.outputs.activation`."""
    embedding: Any
    """The classifier layer's input."""
    classifier: Any | None
    """The dense layer or pointwise convolution that turns the embedding into logits."""
    features: Any | None
    """[1, h, w, D], whose spatial mean is the embedding, or the logits themselves where there is no
    classifier; None where the model has none."""
    place: str = ""
    """What the network ends in, for people: 'softmax (the layer "predictions")'."""

    @property
    def classes(self) -> int:
        """Number of classes: of values in `probabilities`."""
        return 2 if self.is_binary else math.prod(self.output.shape[1:])

    @property
    def description(self) -> str:
        """What an answer says, and by what: "one of 10 classes, by softmax (the layer …)"."""
        return KINDS[self.activation].format(classes=self.classes, place=self.place)

    @property
    def is_binary(self) -> bool:
        """Whether two classes share one output."""
        return self.activation in SHARED

    def probabilities(self, values: Values) -> Any:
        """Return [1, C], whatever the network's own output looks like."""
        from keras import ops

        output = ops.reshape(values[self.output], (1, -1))
        if self.activation == "logits":
            return ops.softmax(output)
        if self.activation in ("logit", "independent-logits"):
            output = ops.sigmoid(output)
        if self.is_binary:
            return ops.concatenate([1.0 - output, output], axis=-1)
        return output

    def class_activation(self, values: Values) -> Any:
        """Return the evidence for each class at each place, [1, h, w, C].

        The classifier applied before the mean instead of after it (Zhou et al. 2016,
        arXiv:1512.04150): the spatial mean of the map is the vector of logits.
        """
        from keras import ops

        evidence = self._evidence(values[self.features])
        # Two classes behind one sigmoid are a softmax over half the logit and its opposite.
        return ops.concatenate([-evidence, evidence], -1) / 2 if self.is_binary else evidence

    def _evidence(self, features: Any) -> Any:
        from keras import ops

        layer = self.classifier
        if layer is None:
            return features
        kernel = ops.convert_to_tensor(layer.kernel)
        if len(kernel.shape) == 4:
            evidence = ops.conv(features, kernel, padding="valid", data_format="channels_last")
        else:
            _, height, width, depth = features.shape
            flat = ops.matmul(ops.reshape(features, (height * width, depth)), kernel)
            evidence = ops.reshape(flat, (1, height, width, kernel.shape[-1]))
        return evidence + ops.convert_to_tensor(layer.bias) if layer.use_bias else evidence


def find_head(trace: Trace, asked: str | None = None) -> Head:
    """Read the end of a network backwards, by its operators.

    `asked` is the setting `activation`, for what these do not show. Raises `ModelError` where the
    output is not one vector of class scores, or nothing shows what its numbers mean.
    """
    classes = _class_count(trace.output)
    expression = expression_of(trace)
    if expression.operator == CONSTANT:
        raise alike_error()
    if expression.operator == "Softmax" and 1 in (expression.size, classes):
        raise ModelError(
            f"The model ends in {expression.origin}, which runs over a single number and makes 1 of"
            " it for every photo. Build it with a softmax over its classes, or with a sigmoid."
        )
    place = expression.origin or expression.operator
    found = meaning(expression, classes)
    kind = activation_of(found, asked, classes, place)
    layer = find_classifier(trace, classes)
    return Head(
        output=trace.output,
        activation=kind,
        embedding=layer.embedding,
        classifier=layer.operation,
        features=_features(layer, found),
        place=place if asked is None else f"{place}, as --activation {asked} says",
    )


def head_of(source: "SourceModel") -> Head:
    """Return the head of a model as it was loaded. Raises what `find_head` does."""
    return find_head(source_trace(source), source.asked_activation)


def source_trace(source: "SourceModel") -> Trace:
    """Return the layers of a model as it was loaded, for a photo of its size."""
    size = (source.preprocessing.input_height, source.preprocessing.input_width)
    return trace_model(source.keras_model, *size)


def _features(layer: ClassifierLayer, found: str | None) -> Any | None:
    """Return the map of which a class activation map can be made, where there is one."""
    return layer.features if found is not None else None


def _class_count(output: Any) -> int:
    import keras

    outputs = keras.tree.flatten(output)
    if len(outputs) != 1:
        names = f" ({', '.join(map(str, output))})" if isinstance(output, dict) else ""
        raise ModelError(
            f"The model has {len(outputs)} outputs{names}; a classifier has one, the class "
            "probabilities. Build a model that returns these alone."
        )
    shape = output.shape
    if shape and shape[0] not in (1, None):
        raise ModelError(
            f"The model returns {shape[0]} answers for one photo. Give it photos of the size that"
            " it was trained on with --input-size, or export it with that size."
        )
    count = math.prod(shape[1:])
    if len(shape) < 2 or count != max(shape[1:]):
        raise ModelError(
            f"The model's output has the shape {tuple(shape[1:])}; a classifier's has one number "
            "for each class. A detector, a segmenter or a feature extractor cannot be built."
        )
    return int(count)
