"""Follows what only scales and moves pixels, from a network's input to where it starts to look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a step does to an image."""

    MOVES = "moves"
    """Reorders, cuts, resizes or joins pixels and channels; values stay what they are."""
    ADDS = "adds"
    """Adds and subtracts."""
    MULTIPLIES = "multiplies"
    """Scales by what does not depend on the image."""
    OTHER = "other"
    """All else: here the network starts to look."""


@dataclass(frozen=True)
class Node:
    """A step of a network, whatever it is made of."""

    name: str
    """What people would call it."""
    kind: Kind
    inputs: tuple[str, ...]
    """Tensors whose values it looks at, by unique names."""
    outputs: tuple[str, ...]
    """Tensors that it gives."""


@dataclass(frozen=True)
class Walk:
    """How far the arithmetic at the input goes."""

    ends: tuple[str, ...]
    """Tensors after which other operations follow."""
    names: tuple[str, ...]
    """Of the steps on the way that change values."""


def walk(nodes: Iterable[Node], image: str, outputs: Sequence[str]) -> Walk:
    """Follow `nodes`, each after those that it depends on, from the tensor `image`.

    `outputs` are the tensors that the network returns.
    """
    depending, followed = {image}, {image}
    used: set[str] = set(outputs)
    names = []
    for node in nodes:
        own = {tensor for tensor in node.inputs if tensor in depending}
        if not own:
            continue
        depending.update(node.outputs)
        is_square = node.kind is Kind.MULTIPLIES and len(own) > 1
        if node.kind is Kind.OTHER or is_square or not own <= followed:
            used.update(own)
            continue
        followed.update(node.outputs)
        if node.kind is not Kind.MOVES:
            names.append(node.name)
    # Sets have no order of their own, and reports must not differ.
    return Walk(tuple(sorted(followed & used)), tuple(names))
