"""Graphs that answer a photo in the same way each time, whatever else they were asked."""

from collections.abc import Collection, Iterator
from typing import Any

from builder.errors import ModelError
from builder.model.scopes import layer_of

_RANDOM = ("Multinomial", "Random", "Rng", "Stateful", "Stateless", "TruncatedNormal")
"""How the operators begin that draw random numbers."""
_NOT_RANDOM = ("StatefulPartitionedCall", "StatelessCase", "StatelessIf", "StatelessWhile")


def require_repeatable(graph: Any, layers: Collection[str], model: str) -> None:
    """Raise `ModelError` where a frozen GraphDef draws random numbers, or normalizes by a batch.

    `layers` are the names of the model's layers, among which the operator's is sought, and `model`
    names the model. Training needs both; a call with `training=True` keeps them in inference, too.
    """
    fault = next(_faults(graph), None)
    if fault is not None:
        node, reason = fault
        raise training_error(layer_of(node.name, layers) or node.name[-120:], model, reason)


def training_call_error(layer: str, model: str) -> ModelError:
    """Return the error for a layer that Keras 2 runs as in training in `predict`, too."""
    reason = (
        "works as in training also when it classifies, so that the answer depends on chance or on"
        " other photos"
    )
    return training_error(layer, model, reason)


def training_error(layer: str, model: str, reason: str) -> ModelError:
    """Return the error for a layer that works as in training where it should classify."""
    return ModelError(
        f"The layer {layer!r} of {model} {reason}. Call it without training=True and save the "
        "model again; its weights stay as they are."
    )


def _faults(graph: Any) -> Iterator[tuple[Any, str]]:
    for node in (*graph.node, *(n for f in graph.library.function for n in f.node_def)):
        if node.op.startswith("FusedBatchNorm") and node.attr["is_training"].b:
            yield (
                node,
                "normalizes by the photos of a batch instead of by what it learnt, so that the "
                "answer to one photo depends on the others",
            )
        if node.op.startswith(_RANDOM) and not node.op.startswith(_NOT_RANDOM):
            yield (
                node,
                f"works at random also when it classifies ({node.op}), so that one photo gets "
                "another answer each time",
            )
