"""A Keras model as a flat list of layer calls, which can be read, rewritten and run again.

Nested models are laid open and layers that do nothing at inference are left out, so that the
modules which fold, split and name parts of a network see one plain sequence.
"""

import inspect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.errors import ModelError

_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.-]*")
"""Names that TensorFlow takes for a scope."""

IDLE_AT_INFERENCE = frozenset(
    {
        "ActivityRegularization",
        "AlphaDropout",
        "AugMix",
        "CutMix",
        "Dropout",
        "GaussianDropout",
        "GaussianNoise",
        "MixUp",
        "RandAugment",
        "RandomBrightness",
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomContrast",
        "RandomElasticTransform",
        "RandomErasing",
        "RandomFlip",
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomHue",
        "RandomInvert",
        "RandomPerspective",
        "RandomPosterization",
        "RandomRotation",
        "RandomSaturation",
        "RandomSharpness",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
        "SpatialDropout2D",
    }
)
"""Keras layers that return their input unless training.

`RandomCrop` is not among them, nor are `AutoContrast` and `Equalization`, which always work.
"""


TRAINS_OTHERWISE = IDLE_AT_INFERENCE | {"BatchNormalization", "SyncBatchNormalization"}
"""Layers that do something else in training than when they classify."""


@dataclass(frozen=True)
class Step:
    """One call of a layer or of a Keras operation."""

    operation: Any
    """What is called."""
    args: tuple[Any, ...]
    """Positional arguments; tensors among them are symbolic."""
    kwargs: dict[str, Any]
    """Keyword arguments, likewise."""
    output: Any
    """The symbolic tensor, or structure of tensors, that the call returned."""

    @property
    def inputs(self) -> list[Any]:
        """Symbolic tensors that the call consumes."""
        return _tensors((self.args, self.kwargs))


@dataclass(frozen=True)
class Trace:
    """A network from its input to its output."""

    input: Any
    """Symbolic image batch [1, H, W, channels]."""
    steps: tuple[Step, ...]
    """The calls, each after those that it depends on."""
    output: Any
    """Symbolic tensor that the model returns."""
    overruled: tuple[str, ...] = ()
    """Names of layers and models that were called with `training=True`, which `predict`, like this
    trace, ignores."""

    def producer(self, tensor: Any) -> Step | None:
        """Return the step whose output is `tensor`; None for the network's input."""
        for step in self.steps:
            if any(tensor is output for output in _tensors(step.output)):
                return step
        return None

    def run(self, images: Any) -> "Values":
        """Call every step on real tensors, starting from `images`."""
        import keras

        values = Values({id(self.input): images})
        for step in self.steps:
            args, kwargs = keras.tree.map_structure(values.resolve, (step.args, step.kwargs))
            result = _at_inference(step.operation, args, kwargs)
            for symbol, value in zip(
                keras.tree.flatten(step.output), keras.tree.flatten(result), strict=True
            ):
                values.set(symbol, value)
        return values


class Values:
    """Real tensors, by the symbolic tensors that stand for them."""

    def __init__(self, values: dict[int, Any]) -> None:
        self._values = values

    def __getitem__(self, symbol: Any) -> Any:
        return self._values[id(symbol)]

    def set(self, symbol: Any, value: Any) -> None:
        """Record the real `value` of `symbol`."""
        self._values[id(symbol)] = value

    def resolve(self, argument: Any) -> Any:
        """Return the real tensor if `argument` is a known symbolic one, else `argument`."""
        return self._values.get(id(argument), argument)


def trace_model(model: Any, height: int, width: int) -> Trace:
    """Lay a functional or sequential Keras model open, for a single image.

    Raises `ModelError` for a model that builds its network in Python code of its own
    (a subclass of `keras.Model`), because Keras has no graph of it.
    """
    import keras

    recorder = _Recorder()
    channels = model.inputs[0].shape[-1]
    image = keras.KerasTensor((1, height, width, channels), dtype="float32", name="image")
    output = recorder.inline(model, image)
    while isinstance(output, list | tuple | dict) and len(output) == 1:
        (output,) = output.values() if isinstance(output, dict) else output
    return Trace(image, tuple(recorder.steps), output, tuple(dict.fromkeys(recorder.overruled)))


def inner_layers(model: Any) -> list[Any]:
    """List a model and all layers and models inside it, each before what it holds."""
    layers = [model]
    for layer in getattr(model, "layers", ()):
        layers.extend(inner_layers(layer))
    return layers


def consumers(steps: Sequence[Step], output: Any) -> Counter[int]:
    """Count how often each symbolic tensor, by id, is consumed; the network's output counts."""
    counts = Counter(id(tensor) for step in steps for tensor in step.inputs)
    counts.update(id(tensor) for tensor in _tensors(output))
    return counts


def _tensors(structure: Any) -> list[Any]:
    import keras

    return [leaf for leaf in keras.tree.flatten(structure) if isinstance(leaf, keras.KerasTensor)]


class _Recorder:
    """Walks through a model symbolically and writes down each call."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.overruled: list[str] = []

    def inline(self, model: Any, inputs: Any) -> Any:
        import keras

        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                inputs = self.call(layer, inputs)
            return inputs
        if isinstance(model, keras.Model) and hasattr(model, "_run_through_graph"):
            # The walk behind `keras.models.clone_model`; the public function would also build a
            # model, which fails when two nested models have layers of the same name.
            return model._run_through_graph(inputs, call_fn=self.call)
        raise ModelError(
            f"The model {model.name!r} ({type(model).__name__}) builds its network in code of its "
            "own; only functional and sequential Keras models can be converted."
        )

    def call(self, operation: Any, *args: Any, **kwargs: Any) -> Any:
        import keras

        is_graph = hasattr(operation, "_run_through_graph") or isinstance(
            operation, keras.Sequential
        )
        if kwargs.pop("training", None) and _trains_otherwise(operation):
            self.overruled.append(operation.name)
        if not args:
            args = (kwargs.pop(_first_argument(operation, kwargs)),)
        if is_graph and isinstance(operation, keras.Model):
            return self.inline(operation, args[0])
        if type(operation).__name__ in IDLE_AT_INFERENCE:
            return args[0]
        output = _at_inference(operation, args, kwargs)
        self.steps.append(Step(operation, args, kwargs, output))
        return output


def _trains_otherwise(operation: Any) -> bool:
    """Return whether a layer, or one in it, learns from photos or drops values.

    Augmentation layers do not count: they have `training=True` in all files of Keras 2.
    """
    kinds = {type(layer).__name__ for layer in inner_layers(operation)}
    return any(kind.endswith(("BatchNormalization", "Dropout", "GaussianNoise")) for kind in kinds)


def _first_argument(operation: Any, kwargs: dict[str, Any]) -> str:
    """Return the name under which a layer was given what it usually takes by its place."""
    names = inspect.signature(operation.call).parameters
    return next((name for name in names if name in kwargs), next(iter(kwargs)))


def _at_inference(operation: Any, args: Any, kwargs: Any) -> Any:
    """Call a layer or operation as `predict` does.

    `training=True` in the call that built the model is overruled there, and so are defaults.
    """
    import keras

    if isinstance(operation, keras.Layer):
        return operation(*args, **kwargs, training=False)
    if not _SCOPE.fullmatch(operation.name):
        return operation(*args, **kwargs)
    # Layers have a scope of their own, by which an operator is found that the browser lacks.
    with keras.name_scope(operation.name):
        return operation(*args, **kwargs)
