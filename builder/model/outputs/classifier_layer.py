"""Finds the last layer with weights: what turns a network's embedding into scores of classes."""

from dataclasses import dataclass
from typing import Any

from builder.model.trace import Step, Trace

_SHAPERS = frozenset({"Flatten", "Identity", "Reshape", "Squeeze", "ExpandDims", "Cast"})
_POOLS = frozenset({"GlobalAveragePooling2D"})

_KEEPING_ORDER = _SHAPERS | frozenset(
    {"Activation", "Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid", "LogSigmoid", "ReLU", "Relu"}
    | {"Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Rescaling", "BatchNormalization"}
    | {"Exp", "Log", "Sum", "Max", "Maximum", "Minimum", "Clip", "Tanh", "Softplus", "GraphTail"}
    | {"Negative", "Reciprocal", "StopGradient"}
)
"""What may follow the classifier without moving one class's score to another's place."""

_PASSED = _KEEPING_ORDER | frozenset(
    {"Concatenate", "Stack", "GetItem", "Take", "Split", "Permute", "Transpose", "Average"}
)
"""What may follow it at all."""


@dataclass(frozen=True)
class ClassifierLayer:
    """The end of a network around its last weights."""

    operation: Any | None
    """The dense layer or pointwise convolution whose outputs are the classes; None without one."""
    embedding: Any
    """What it takes, or, without one, what the network computes last."""
    features: Any | None
    """[1, h, w, D], whose spatial mean is the embedding; None where there is no such map, or where
    the classes' order is not that of the layer's outputs."""


def find_classifier(trace: Trace, classes: int) -> ClassifierLayer:
    """Walk back from the output of a network to its last layer with weights."""
    ends, keeps_order = _walk(trace)
    steps = [trace.producer(tensor) for tensor in ends]
    found = [step for step in steps if step is not None and _is_classifier(step)]
    if len(found) < len(ends):
        only = ends[0] if len(ends) == 1 else trace.output
        # A convolution to as many channels as classes, whose mean is the answer.
        is_answer = keeps_order and only.shape[-1] == classes
        return ClassifierLayer(None, only, _features(trace, only) if is_answer else None)
    embedding = found[0].args[0]
    if len(found) > 1:
        shared = all(step.args[0] is embedding for step in found)
        return ClassifierLayer(None, embedding if shared else trace.output, None)
    layer = found[0].operation
    fits = keeps_order and layer.kernel.shape[-1] == classes
    return ClassifierLayer(layer, embedding, _features(trace, embedding) if fits else None)


def _walk(trace: Trace) -> tuple[list[Any], bool]:
    """Return the tensors at which the layers without weights end, and whether these keep the order
    of the classes."""
    ends: list[Any] = []
    seen: set[int] = set()
    waiting, keeps_order = [trace.output], True
    while waiting:
        tensor = waiting.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        step = trace.producer(tensor)
        name = "" if step is None else type(step.operation).__name__
        if step is None or _is_classifier(step) or name not in _PASSED:
            ends.append(tensor)
        else:
            keeps_order = keeps_order and name in _KEEPING_ORDER
            waiting.extend(step.inputs)
    return ends, keeps_order


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


def _features(trace: Trace, embedding: Any) -> Any | None:
    """Return the map whose spatial mean `embedding` is."""
    step = trace.producer(embedding)
    while step is not None and type(step.operation).__name__ in _SHAPERS:
        step = trace.producer(step.args[0])
    if step is None or type(step.operation).__name__ not in _POOLS:
        return None
    return step.args[0]
