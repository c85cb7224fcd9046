"""Sums and the like over axes, sums along an axis, and norms."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from tests.conformance.case import Case, booleans, floats, integers, positive, shape_of_rank, whole

REDUCTIONS = ("Max", "Mean", "Min", "Prod", "Sum")


def reductions() -> Iterator[Case]:
    """Yield the cases of reductions and of what runs along an axis."""
    yield from _over_axes()
    yield from _along_an_axis()
    yield from _norms()


def _axes(rank: int) -> Iterator[tuple[int, ...]]:
    """Yield axes: each, some pairs, all, counted from either end."""
    yield from ((axis,) for axis in range(rank))
    yield (-1,)
    if rank > 1:
        yield tuple(range(rank))
        yield (-2, -1)
    if rank > 2:
        yield from list(combinations(range(rank), 2))[:4]


def _over_axes() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        for axes in _axes(rank):
            for keep in (False, True):
                for operator in REDUCTIONS:
                    given = {"axis": whole(*axes), "keep_dims": keep}
                    yield Case(operator, {"input": floats(*shape), **given})
                    if operator != "Mean" and rank < 5:
                        # A product of many would be too large for a whole number.
                        small = integers(*shape, low=-1 if operator == "Prod" else -2, high=2)
                        yield Case(operator, {"input": small, **given})
                for operator in ("All", "Any"):
                    given = {"axis": whole(*axes), "keep_dims": keep}
                    yield Case(operator, {"input": booleans(*shape), **given})
                yield Case(
                    "EuclideanNorm",
                    {"input": floats(*shape), "axis": whole(*axes), "keep_dims": keep},
                )
    for operator in REDUCTIONS:
        yield Case(operator, {"input": floats(1, 7, 7, 40), "axis": whole(1, 2)})
        scalar = {"input": floats(1, 4, 4, 3), "axis": np.int32(-1), "keep_dims": True}
        yield Case(operator, scalar)
        yield Case(operator, {"input": floats(2, 300), "axis": whole(1)})
        yield Case(operator, {"input": floats(3, 4), "axis": np.array([], np.int32)})


def _along_an_axis() -> Iterator[Case]:
    for rank in range(1, 7):
        shape = shape_of_rank(rank)
        for axis in (*range(rank), -1, -rank):
            for operator in ("Cumsum", "Cumprod"):
                for exclusive in (False, True):
                    for reverse in (False, True):
                        given = {"axis": np.int32(axis), "exclusive": exclusive, "reverse": reverse}
                        yield Case(operator, {"x": floats(*shape), **given})
                        if rank < 4:
                            yield Case(operator, {"x": integers(*shape, low=-2, high=3), **given})
            for operator in ("ArgMax", "ArgMin"):
                yield Case(operator, {"input": floats(*shape), "dimension": np.int32(axis)})
                ties = integers(*shape, low=-2, high=2).astype(np.float32)
                yield Case(operator, {"input": ties, "dimension": np.int32(axis)})
    for rank in range(1, 6):
        shape = shape_of_rank(rank)
        for count in (1, 2):
            yield Case("TopKV2", {"input": floats(*shape), "k": np.int32(count)})


def _norms() -> Iterator[Case]:
    for rank in range(1, 6):
        shape = shape_of_rank(rank)
        for operator in ("Softmax", "LogSoftmax"):
            yield Case(operator, {"logits": floats(*shape)})
            yield Case(operator, {"logits": floats(*shape) * np.float32(40)})
    for classes in (1, 2, 10, 1000):
        yield Case("Softmax", {"logits": floats(1, classes)})
    for channels in (1, 3, 8, 33):
        vector = {name: floats(channels, seed=i) for i, name in enumerate(("scale", "offset"))}
        learnt = {"mean": floats(channels, seed=3), "variance": positive(channels)}
        for size in ((4, 4), (3, 5)):
            for epsilon in (1e-3, 1e-5):
                yield Case(
                    "FusedBatchNormV3",
                    {
                        "x": floats(1, *size, channels),
                        **vector,
                        **learnt,
                        "epsilon": epsilon,
                        "is_training": False,
                    },
                )
    for radius in (1, 2, 5):
        for beta in (0.5, 0.75):
            yield Case(
                "LRN",
                {
                    "input": floats(1, 4, 5, 8),
                    "depth_radius": radius,
                    "bias": 1.0,
                    "alpha": 0.2,
                    "beta": beta,
                },
            )
