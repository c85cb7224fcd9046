"""Operators of five axes and more with fewer, where neighbours are treated alike.

WebGL and WebGPU have them for four axes at most, or compute them wrongly. The batch, whose size is
one, and axes that the operator leaves alone are merged with a neighbour.
"""

from collections.abc import Hashable, Iterable, Sequence
from math import prod
from typing import Any

import numpy as np

from builder.model.kernels.nodes import Chain
from builder.model.kernels.shapes import Shapes
from builder.model.setup import tensorflow

MOST = 4
"""Axes that every backend has for all of these operators."""

Groups = list[tuple[int, int]]
"""Axes that become one: the first of them, and the first after them."""


def padded(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of Pad, PadV2 or MirrorPad; the last has its name."""
    shape = shapes.of(node.input[0], node.name)
    pads = shapes.constant(node.input[1])
    if len(shape) <= MOST or pads is None:
        return [node]
    whole = [i if np.any(pair) else None for i, pair in enumerate(pads)]
    groups = _groups(whole, shape)
    chain = Chain(node)
    amounts = chain.integers([pads[start:stop].sum(axis=0) for start, stop in groups])
    reshaped = chain.reshaped(node.input[0], shape, _merged(shape, groups))
    pad = chain.add(node.op, [reshaped, amounts, *node.input[2:]], Tpaddings=tensorflow().int32)
    if node.op == "MirrorPad":
        pad.attr["mode"].CopyFrom(node.attr["mode"])
    wide = [side + sum(pair) for side, pair in zip(shape, pads.tolist(), strict=True)]
    return chain.ended(chain.reshaped(pad.name, _merged(wide, groups), wide))


def turned(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of ReverseV2; the last has its name."""
    shape = shapes.of(node.input[0], node.name)
    axes = shapes.constant(node.input[1])
    if len(shape) <= MOST or axes is None:
        return [node]
    counted = {int(axis) % len(shape) for axis in axes}
    groups = _groups([i if i in counted else None for i in range(len(shape))], shape)
    chain = Chain(node)
    merged = _merged(shape, groups)
    tensor = chain.reshaped(node.input[0], shape, merged)
    places = [i for i, group in enumerate(groups) if counted & {*range(*group)}]
    turn = chain.add("ReverseV2", [tensor, chain.integers(places)], Tidx=tensorflow().int32)
    return chain.ended(chain.reshaped(turn.name, merged, shape))


def broadcast(node: Any, shapes: Shapes) -> Iterable[Any]:
    """Return the nodes in the place of Select, SelectV2 or DivNoNan; the last has its name."""
    operands = [shapes.of(reference, node.name) for reference in node.input]
    rank = max(len(shape) for shape in operands)
    if rank <= MOST:
        return [node]
    full = [(1,) * (rank - len(shape)) + shape for shape in operands]
    result = np.broadcast_shapes(*full)
    alike: list[Hashable] = [
        tuple(shape[i] == side for shape in full) for i, side in enumerate(result)
    ]
    groups = _groups(alike, result)
    chain = Chain(node)
    types = {"Select": "t", "SelectV2": "t"}
    inputs = []
    for index, (reference, shape, sides) in enumerate(zip(node.input, operands, full, strict=True)):
        is_condition = index == 0 and node.op in types
        kind = {"T": tensorflow().bool} if is_condition else {}
        inputs.append(chain.reshaped(reference, shape, _merged(sides, groups), **kind))
    made = chain.add("SelectV2" if node.op in types else node.op, inputs)
    return chain.ended(chain.reshaped(made.name, _merged(result, groups), result))


def _groups(alike: Sequence[Hashable], shape: Sequence[int]) -> Groups:
    """Return which axes become one: neighbours of the same kind, and those of one number."""
    groups: list[list[int]] = []
    kinds: list[Hashable] = []
    for axis, kind in enumerate(alike):
        is_single = shape[axis] == 1 and not isinstance(kind, int)
        if groups and (kinds[-1] == kind or is_single):
            groups[-1][1] = axis + 1
        elif groups and prod(shape[slice(*groups[-1])]) == 1 and not isinstance(kinds[-1], int):
            groups[-1][1], kinds[-1] = axis + 1, kind
        else:
            groups.append([axis, axis + 1])
            kinds.append(kind)
    return [(start, stop) for start, stop in groups]


def _merged(shape: Sequence[int], groups: Groups) -> list[int]:
    return [prod(shape[start:stop]) for start, stop in groups]
