"""Finds the classifier at the end of a network: logits, embedding, and the map before pooling."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.errors import ModelError
from builder.model.trace import Step, Trace, Values

_SHAPERS = ("Flatten", "Identity", "Reshape")
_POOLS = ("GlobalAveragePooling2D",)


@dataclass(frozen=True)
class Head:
    """The parts of a network that the app shows, as symbolic tensors of its trace."""

    output: Any
    """What the network returns."""
    activation: str
    """What the output is: "softmax" (probabilities), "logits", "sigmoid" (of class 1 of 2), or
    "sigmoids" (independent ones, each of its class)."""
    embedding: Any
    """The classifier layer's input."""
    classifier: Any | None
    """The dense layer or pointwise convolution that turns the embedding into logits."""
    features: Any | None
    """[1, h, w, D], whose spatial mean is the embedding; None where the model has none."""

    @property
    def classes(self) -> int:
        """Number of classes: of values in `probabilities`."""
        return 2 if self.is_binary else int(self.output.shape[-1])

    def probabilities(self, values: Values) -> Any:
        """Return [1, C], whatever the network's own output looks like."""
        from keras import ops

        output = ops.reshape(values[self.output], (1, -1))
        if self.activation == "logits":
            return ops.softmax(output)
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

    @property
    def is_binary(self) -> bool:
        """Whether two classes share one output."""
        return self.activation == "sigmoid"

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


def find_head(trace: Trace) -> Head:
    """Read the end of a network backwards.

    Raises `ModelError` where the output is not one vector of class scores.
    """
    classes = _class_count(trace.output)
    found: str | None = None
    tensor, step = trace.output, trace.producer(trace.output)
    while step is not None and not _is_classifier(step):
        own = _activation_of(step.operation)
        if own is None and type(step.operation).__name__ not in _SHAPERS:
            break
        if own not in (None, "logits"):
            if found is not None:
                break
            found = own
        tensor = step.args[0]
        step = trace.producer(tensor)
    classifier = step if step is not None and _is_classifier(step) else None
    if found is None and classifier is not None:
        found = _activation_of(classifier.operation)
    activation = found or ("softmax" if _sums_to_one(trace) else "logits")
    if activation == "sigmoid" and classes != 1:
        activation = "sigmoids"
    if activation == "logits" and classes == 1:
        raise ModelError(
            "The model has a single output without a sigmoid: that is a regression, or a "
            "classifier of one class. End it in a sigmoid, or in a softmax over two classes."
        )
    if classifier is None:
        return Head(trace.output, activation, tensor, None, None)
    embedding = classifier.args[0]
    features = _features(trace, embedding) if _activation_of(classifier.operation) else None
    return Head(trace.output, activation, embedding, classifier.operation, features)


def _sums_to_one(trace: Trace) -> bool:
    """Tell probabilities from logits where the layers do not, by trying on noise."""
    noise = np.random.default_rng(0).uniform(-1, 1, trace.input.shape).astype(np.float32)
    output = np.asarray(trace.run(noise)[trace.output])
    return bool(np.all(output >= 0.0)) and abs(float(output.sum()) - 1.0) < 1e-3


def _class_count(output: Any) -> int:
    shape = getattr(output, "shape", None)
    if shape is None:
        raise ModelError(
            f"The model has {len(output)} outputs; a classifier has one, the class probabilities."
        )
    if shape and shape[0] not in (1, None):
        raise ModelError(
            f"The model returns {shape[0]} answers for one photo. Give it photos of the size that"
            " it was trained on with --input-size, or export it with that size."
        )
    count = math.prod(shape[1:])
    if len(shape) < 2 or count != shape[-1]:
        raise ModelError(
            f"The model's output has the shape {tuple(shape[1:])}; a classifier's has one number "
            "for each class. A detector, a segmenter or a feature extractor cannot be built."
        )
    return int(count)


def _is_classifier(step: Step) -> bool:
    name, layer = type(step.operation).__name__, step.operation
    if name == "Dense":
        return len(step.args[0].shape) == 2 or tuple(step.args[0].shape[1:-1]) == (1, 1)
    return (
        name == "Conv2D"
        and tuple(layer.kernel_size) == (1, 1)
        and layer.groups == 1
        and tuple(step.args[0].shape[1:3]) == (1, 1)
    )


def _activation_of(operation: Any) -> str | None:
    """Return "softmax", "sigmoid" or "logits" (linear); None for another kind of operation."""
    import keras

    # Layers and functional operations (`keras.ops.softmax`) have the same names.
    if type(operation).__name__ in ("Softmax", "Sigmoid"):
        return type(operation).__name__.lower()
    function = getattr(operation, "activation", None)
    if type(operation).__name__ in ("Activation", "Dense", "Conv2D"):
        known = {
            keras.activations.softmax: "softmax",
            keras.activations.sigmoid: "sigmoid",
            keras.activations.linear: "logits",
            None: "logits",
        }
        return known.get(function)
    return None


def _features(trace: Trace, embedding: Any) -> Any | None:
    """Return the map whose spatial mean `embedding` is."""
    step = trace.producer(embedding)
    while step is not None and type(step.operation).__name__ in _SHAPERS:
        step = trace.producer(step.args[0])
    if step is None or type(step.operation).__name__ not in _POOLS:
        return None
    return step.args[0]
