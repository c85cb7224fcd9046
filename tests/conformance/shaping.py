"""Operators that move numbers and compute none: joins, cuts, paddings, orders of axes."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np

from tests.conformance.case import Case, booleans, floats, integers, shape_of_rank, whole


def shaping() -> Iterator[Case]:
    """Yield the cases of what moves numbers."""
    yield from _shapes()
    yield from _orders()
    yield from _joins()
    yield from _cuts()
    yield from _paddings()
    yield from _repeats()
    yield from _blocks()
    yield from _gathers()
    yield from _made()


def _shapes() -> Iterator[Case]:
    image = floats(1, 4, 5, 3)
    for target in (
        (60,),
        (1, 60),
        (-1, 3),
        (4, 5, 3),
        (1, 20, 3),
        (1, 2, 2, 5, 3),
        (1, 2, 2, 5, 3, 1),
    ):
        yield Case("Reshape", {"tensor": image, "shape": whole(*target)})
        yield Case("Reshape", {"tensor": integers(1, 4, 5, 3), "shape": whole(*target)})
    for rank in range(1, 6):
        shape = shape_of_rank(rank)
        for axis in (0, rank, -1):
            for make in (floats, integers):
                yield Case("ExpandDims", {"input": make(*shape), "axis": np.int32(axis)})
    for shape, axes in (
        ((1, 4, 5, 1), []),
        ((1, 4, 5, 1), [0]),
        ((1, 4, 5, 1), [-1]),
        ((1, 1, 1, 8), [1, 2]),
        ((1, 1, 3, 1, 2), [0, 3]),
        ((1, 2, 1, 3, 2, 2), [2]),
    ):
        for make in (floats, integers):
            yield Case("Squeeze", {"input": make(*shape), "axis": axes})
    for rank in range(5):
        for operator in ("Rank", "Shape", "Size"):
            yield Case(operator, {"input": floats(*shape_of_rank(rank))})
    yield Case("EnsureShape", {"input": image, "shape": [1, 4, 5, 3]})


def _orders() -> Iterator[Case]:
    for rank in range(1, 7):
        orders = list(permutations(range(rank)))
        # All of four axes, a sample of more.
        step = 1 if rank < 5 else len(orders) // 24
        for order in orders[::step]:
            yield Case("Transpose", {"x": floats(*shape_of_rank(rank)), "perm": whole(*order)})
        yield Case(
            "Transpose", {"x": integers(*shape_of_rank(rank)), "perm": whole(*range(rank)[::-1])}
        )
        for axis in (*range(rank), -1):
            for make in (floats, integers):
                yield Case("ReverseV2", {"tensor": make(*shape_of_rank(rank)), "axis": whole(axis)})
        if rank > 1:
            axes = whole(0, rank - 1)
            yield Case("ReverseV2", {"tensor": floats(*shape_of_rank(rank)), "axis": axes})
    every = {"tensor": floats(2, 2, 3, 2, 2), "axis": whole(0, 1, 2, 3, 4)}
    yield Case("ReverseV2", every, refused=True)
    # A shuffle of channels, windows of attention, and heads of attention.
    yield Case("Transpose", {"x": floats(1, 4, 4, 2, 6), "perm": whole(0, 1, 2, 4, 3)})
    yield Case("Transpose", {"x": floats(1, 2, 4, 2, 4, 3), "perm": whole(0, 1, 3, 2, 4, 5)})
    yield Case("Transpose", {"x": floats(3, 2, 2, 2, 3, 2), "perm": whole(5, 3, 1, 4, 2, 0)})
    yield Case("Transpose", {"x": floats(4, 9, 3, 2, 8), "perm": whole(2, 0, 3, 1, 4)})


def _joins() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        for axis in (*range(rank), -1):
            for count in (2, 3):
                parts = []
                for i in range(count):
                    sides = list(shape)
                    sides[axis] += i
                    parts.append(tuple(sides))
                yield Case(
                    "ConcatV2", {"values": [floats(*s) for s in parts], "axis": np.int32(axis)}
                )
                yield Case(
                    "ConcatV2", {"values": [integers(*s) for s in parts], "axis": np.int32(axis)}
                )
    for rank in range(5):
        shape = shape_of_rank(rank)
        for axis in (*range(rank + 1), -1):
            for count in (1, 2, 3):
                for make in (floats, integers):
                    values = [make(*shape, seed=i) for i in range(count)]
                    yield Case("Pack", {"values": values, "axis": axis})


def _cuts() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        begin, size = [min(1, n - 1) for n in shape], [max(1, n - 2) for n in shape]
        for make in (floats, integers):
            given = {"input": make(*shape), "begin": whole(*begin)}
            yield Case("Slice", {**given, "size": whole(*size)})
            yield Case("Slice", {**given, "size": whole(*([-1] * rank))})
        yield from _strided(rank, shape)
    for rank in range(1, 6):
        shape = shape_of_rank(rank)
        for axis in (*range(rank), -1):
            sides = list(shape)
            sides[axis] = 6
            value = floats(*sides)
            for count in (1, 2, 3, 6):
                yield Case("Split", {"axis": np.int32(axis), "value": value, "num_split": count})
            for sizes in ((1, 5), (2, 1, 3), (4, -1)):
                yield Case(
                    "SplitV",
                    {
                        "value": value,
                        "size_splits": whole(*sizes),
                        "axis": np.int32(axis),
                        "num_split": len(sizes),
                    },
                )
            yield Case("Unpack", {"value": floats(*shape), "num": shape[axis], "axis": axis})


def _strided(rank: int, shape: tuple[int, ...]) -> Iterator[Case]:
    zeros, ones = [0] * rank, [1] * rank
    forms: list[dict[str, object]] = [
        {"begin": zeros, "end": list(shape), "strides": ones},
        {"begin": zeros, "end": list(shape), "strides": [2] * rank},
        {"begin": [-1] * rank, "end": [-n - 1 for n in shape], "strides": [-1] * rank},
        {"begin": zeros, "end": ones, "strides": ones, "shrink_axis_mask": 1},
        {"begin": [1], "end": [2], "strides": [1], "shrink_axis_mask": 1},
        {"begin": [0], "end": [-1], "strides": [1]},
        {"begin": zeros, "end": zeros, "strides": ones, "end_mask": 2**rank - 1},
        {"begin": zeros, "end": [-1] * rank, "strides": ones, "begin_mask": 2**rank - 1},
    ]
    if rank > 1:
        last = {"begin_mask": 1, "end_mask": 1}
        forms += [
            {"begin": [0, 1], "end": [0, 2], "strides": [1, 1], "ellipsis_mask": 1},
            {
                "begin": [0, 1],
                "end": [0, 2],
                "strides": [1, 1],
                "ellipsis_mask": 1,
                "shrink_axis_mask": 2,
            },
            {"begin": [0, 0], "end": [0, shape[1]], "strides": [1, 2], **last},
        ]
    if rank < 6:
        new = [0, *zeros]
        forms.append(
            {
                "begin": new,
                "end": new,
                "strides": [1, *ones],
                "new_axis_mask": 1,
                "begin_mask": 2 ** (rank + 1) - 1,
                "end_mask": 2 ** (rank + 1) - 1,
            }
        )
    for form in forms:
        arrays: dict[str, Any] = {
            k: whole(*v) if isinstance(v, list) else v for k, v in form.items()
        }
        is_stepped = set(arrays["strides"].tolist()) != {1}
        for make in (floats, integers) if rank < 3 else (floats,):
            given = {"input": make(*shape), **arrays}
            yield Case("StridedSlice", given, refused=is_stepped and (rank > 4 or make is integers))


def _paddings() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        # Of five axes and more, neighbours that nothing is added to become one.
        beside = [[0, 0]] * (rank - 3)
        most = [[1, 0], *beside, [0, 1], [0, 1]] if rank > 2 else [[1, 0]] * rank
        yield Case(
            "Pad",
            {"input": floats(*shape), "paddings": np.array([[1, 1]] * rank, np.int32)},
            refused=rank > 4,
        )
        for pads in (
            most,
            [[0, 2]] + [[0, 0]] * (rank - 1),
            [[0, 0]] * (rank - 1) + [[2, 1]],
        ):
            amounts = np.array(pads, np.int32)
            for make in (floats, integers):
                yield Case("Pad", {"input": make(*shape), "paddings": amounts})
            for value in (0.0, -1.5):
                yield Case(
                    "PadV2",
                    {
                        "input": floats(*shape),
                        "paddings": amounts,
                        "constant_values": np.float32(value),
                    },
                )
            # TensorFlow mirrors up to five axes.
            for mode in ("REFLECT", "SYMMETRIC") if rank < 6 else ():
                kept = np.minimum(amounts, 1)
                yield Case("MirrorPad", {"input": floats(*shape), "paddings": kept, "mode": mode})
    for axis in (1, 2, 4):
        amounts = np.zeros((5, 2), np.int32)
        amounts[axis] = 1
        batch = floats(1, 2, 3, 2, 2)
        yield Case("Pad", {"input": batch, "paddings": amounts})
        yield Case("MirrorPad", {"input": batch, "paddings": amounts, "mode": "SYMMETRIC"})
        yield Case("ReverseV2", {"tensor": batch, "axis": whole(axis)})
    for size in ((8, 8), (7, 9)):
        for pads in ([[0, 0], [0, 1], [0, 1], [0, 0]], [[0, 0], [3, 3], [3, 3], [0, 0]]):
            yield Case("Pad", {"input": floats(1, *size, 3), "paddings": np.array(pads, np.int32)})


def _repeats() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        for make in (floats, integers, booleans):
            repeats = (([2] * rank), ([1] * (rank - 1) + [3]), ([3] + [1] * (rank - 1)))
            for multiples in repeats:
                yield Case("Tile", {"input": make(*shape), "multiples": whole(*multiples)})
            # TensorFlow repeats along three axes in turns with others at most.
            narrow = tuple(1 if i % 2 and rank < 6 else n for i, n in enumerate(shape))
            yield Case("BroadcastTo", {"input": make(*narrow), "shape": whole(*shape)})
            yield Case("BroadcastTo", {"input": make(shape[-1]), "shape": whole(*shape)})
    for multiples in ((1, 2, 2, 1), (1, 1, 1, 4)):
        yield Case("Tile", {"input": floats(1, 3, 4, 2), "multiples": whole(*multiples)})
    yield Case("BroadcastTo", {"input": floats(), "shape": whole(1, 3, 4, 2)})


def _blocks() -> Iterator[Case]:
    for block in (2, 3):
        for channels in (1, 2, 3):
            for size in ((2, 3), (4, 4)):
                yield Case(
                    "DepthToSpace",
                    {
                        "input": floats(1, *size, channels * block * block),
                        "block_size": block,
                    },
                )
    none = np.zeros((2, 2), np.int32)
    for block in ((2, 2), (3, 2), (1, 2)):
        rows, columns = 4 * block[0], 3 * block[1]
        yield Case(
            "SpaceToBatchND",
            {
                "input": floats(1, rows, columns, 3),
                "block_shape": whole(*block),
                "paddings": none,
            },
        )
        pads = np.array([[1, block[0] - 1], [0, block[1]]], np.int32)
        yield Case(
            "SpaceToBatchND",
            {
                "input": floats(1, rows, columns, 3),
                "block_shape": whole(*block),
                "paddings": pads,
            },
        )
        for crops in (none, np.array([[1, 0], [0, 1]], np.int32)):
            yield Case(
                "BatchToSpaceND",
                {
                    "input": floats(block[0] * block[1], 3, 4, 2),
                    "block_shape": whole(*block),
                    "crops": crops,
                },
            )


def _gathers() -> Iterator[Case]:
    for rank in range(1, 6):
        shape = shape_of_rank(rank)
        for axis in (*range(rank), -1):
            for indices in (whole(0), whole(1, 0, 1), np.array([[0, 1], [1, 0]], np.int32)):
                yield Case(
                    "GatherV2",
                    {"params": floats(*shape), "indices": indices, "axis": np.int32(axis)},
                )
            yield Case(
                "GatherV2",
                {"params": integers(*shape), "indices": np.int32(1), "axis": np.int32(axis)},
            )
        places = np.zeros((3, min(rank, 2)), np.int32)
        places[1] = 1
        yield Case("GatherNd", {"params": floats(*shape), "indices": places})


def _made() -> Iterator[Case]:
    for rank in range(5):
        shape = shape_of_rank(rank)
        yield Case("Fill", {"dims": whole(*shape), "value": np.float32(1.5)})
        if rank < 4:
            for axis in (-1, 0):
                for on, off in ((1.0, 0.0), (5.0, 2.0)):
                    yield Case(
                        "OneHot",
                        {
                            "indices": integers(*shape, low=0, high=4),
                            "depth": np.int32(4),
                            "on_value": np.float32(on),
                            "off_value": np.float32(off),
                            "axis": axis,
                        },
                    )
    for start, end, step in ((0, 5, 1), (2, 9, 3), (5, 0, -2)):
        given = {"start": np.int32(start), "limit": np.int32(end), "delta": np.int32(step)}
        yield Case("Range", given)
        yield Case("Range", {name: value.astype(np.float32) for name, value in given.items()})
    yield Case("LinSpace", {"start": np.float32(0), "stop": np.float32(3), "num": np.int32(7)})
    for lower, upper in ((0, 0), (1, 2), (-1, 0), (0, -1)):
        for shape in ((4, 5), (2, 3, 3)):
            yield Case(
                "MatrixBandPart",
                {
                    "input": floats(*shape),
                    "num_lower": np.int32(lower),
                    "num_upper": np.int32(upper),
                },
            )
