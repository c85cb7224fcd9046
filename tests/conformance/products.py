"""Products of matrices, Einstein sums, pieces of images, and resizing."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from tests.conformance.case import Case, floats, integers, whole

EQUATIONS = (
    ("ab,bc->ac", (3, 4), (4, 5)),
    ("abc,cd->abd", (1, 3, 4), (4, 5)),
    ("abc,cde->abde", (1, 3, 4), (4, 2, 5)),
    ("abcd,cde->abe", (1, 3, 2, 4), (2, 4, 5)),
    ("aecd,abcd->acbe", (1, 3, 2, 4), (1, 5, 2, 4)),
    ("acbe,aecd->abcd", (1, 2, 5, 3), (1, 3, 2, 4)),
    ("abc,abd->acd", (2, 3, 4), (2, 3, 5)),
    ("...a,ab->...b", (1, 2, 3, 4), (4, 5)),
    ("abcd,d->abc", (1, 2, 3, 4), (4,)),
    ("ab,cd->acbd", (2, 3), (4, 2)),
    ("abc,abc->a", (2, 3, 4), (2, 3, 4)),
)


def products() -> Iterator[Case]:
    """Yield the cases of products, pieces and resizing."""
    yield from _matrices()
    yield from _batches()
    yield from _sums()
    yield from _pieces()
    yield from _resized()


def _matrices() -> Iterator[Case]:
    sides = ((1, 8, 5), (1, 1, 1), (3, 4, 2), (7, 33, 17), (1, 1280, 10), (49, 16, 16))
    for (rows, inner, columns), flip, other in product(sides, (False, True), (False, True)):
        given = {
            "a": floats(*((inner, rows) if flip else (rows, inner))),
            "b": floats(*((columns, inner) if other else (inner, columns)), seed=1),
            "transpose_a": flip,
            "transpose_b": other,
        }
        yield Case("MatMul", given)
        if not flip and not other:
            bias = ("BiasAdd", floats(columns, seed=2))
            for activation in (None, "Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu"):
                follows = ((activation, None),) if activation else ()
                yield Case("MatMul", given, after=(bias, *follows))


def _batches() -> Iterator[Case]:
    shapes = (
        ((1, 3, 4), (1, 4, 5)),
        ((2, 3, 4), (2, 4, 5)),
        ((2, 3, 4), (1, 4, 5)),
        ((1, 3, 4), (2, 4, 5)),
        ((1, 2, 3, 4), (1, 2, 4, 5)),
        ((2, 3, 5, 4), (2, 3, 4, 2)),
        ((2, 3, 5, 4), (4, 2)),
        ((5, 4), (2, 3, 4, 2)),
        ((2, 1, 5, 4), (1, 3, 4, 2)),
        ((2, 3, 5, 4), (3, 4, 2)),
        ((2, 1, 3, 4), (2, 3, 4, 5)),
        ((1, 2, 3, 3, 4), (1, 2, 3, 4, 5)),
        ((1, 2, 1, 2, 3, 4), (1, 2, 1, 2, 4, 5)),
        ((1, 12, 49, 32), (1, 12, 32, 49)),
    )
    for (first, second), flip, other in product(shapes, (False, True), (False, True)):
        left = (*first[:-2], first[-1], first[-2]) if flip else first
        right = (*second[:-2], second[-1], second[-2]) if other else second
        given = {"x": floats(*left), "y": floats(*right, seed=1), "adj_x": flip, "adj_y": other}
        yield Case("BatchMatMulV2", given)
        if first[:-2] == second[:-2]:
            yield Case("BatchMatMul", given)


def _sums() -> Iterator[Case]:
    for equation, first, second in EQUATIONS:
        yield Case(
            "Einsum", {"inputs": [floats(*first), floats(*second, seed=1)], "equation": equation}
        )


def _pieces() -> Iterator[Case]:
    for size, side, stride, rate, padding in product(
        ((8, 8), (7, 9)), (2, 3), (1, 2, 3), (1, 2), ("SAME", "VALID")
    ):
        yield Case(
            "ExtractImagePatches",
            {
                "images": floats(1, *size, 2),
                "ksizes": [1, side, side, 1],
                "strides": [1, stride, stride, 1],
                "rates": [1, rate, rate, 1],
                "padding": padding,
            },
        )


def _resized() -> Iterator[Case]:
    sizes = ((8, 8), (4, 4), (7, 5), (1, 1), (16, 12), (3, 9))
    modes = ((False, False), (True, False), (False, True))
    for operator in ("ResizeBilinear", "ResizeNearestNeighbor"):
        for size, target, (corners, centers), channels in product(
            ((4, 4), (5, 7)), sizes, modes, (1, 3)
        ):
            yield Case(
                operator,
                {
                    "images": floats(1, *size, channels),
                    "size": whole(*target),
                    "align_corners": corners,
                    "half_pixel_centers": centers,
                },
            )
    boxes = np.array([[0, 0, 1, 1], [0.1, 0.2, 0.8, 0.7], [1, 1, 0, 0]], np.float32)
    for method, target in product(("bilinear",), ((4, 4), (3, 7))):
        yield Case(
            "CropAndResize",
            {
                "image": floats(1, 6, 6, 3),
                "boxes": boxes,
                "box_ind": np.zeros(3, np.int32),
                "crop_size": whole(*target),
                "method": method,
            },
        )


def refused() -> Iterator[Case]:
    """Yield cases of what a build refuses."""
    boxes = np.array([[0, 0, 1, 1], [0.1, 0.2, 0.8, 0.7]], np.float32)
    yield Case(
        "CropAndResize",
        {
            "image": floats(1, 6, 6, 3),
            "boxes": boxes,
            "box_ind": np.zeros(2, np.int32),
            "crop_size": whole(4, 4),
            "method": "nearest",
        },
        refused=True,
    )
    yield Case("Mean", {"input": integers(3, 4), "axis": whole(1)}, refused=True)
    for first, second in (((5,), (5,)), ((2, 3), (3,))):
        yield Case("Mod", {"x": floats(*first), "y": floats(*second, seed=1)}, refused=True)
    yield Case(
        "Conv2D",
        {
            "input": floats(1, 9, 9, 2),
            "filter": floats(3, 3, 2, 2),
            "strides": [1, 2, 2, 1],
            "padding": "SAME",
            "dilations": [1, 2, 2, 1],
        },
        refused=True,
    )
