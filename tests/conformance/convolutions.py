"""Convolutions and pools: kernels, strides, dilations, padding, sizes, channels."""

from collections.abc import Iterator
from itertools import cycle, product

import numpy as np

from tests.conformance.case import Case, floats

SIZES = ((8, 8), (7, 7), (9, 6), (5, 11))
"""Height and width: even, odd, rectangular."""
KERNELS = ((1, 1), (2, 2), (3, 3), (5, 5), (1, 3), (3, 1), (1, 7), (4, 2))
STRIDES = ((1, 1), (2, 2), (3, 3), (4, 4), (2, 1), (1, 3))
PADDINGS = ("SAME", "VALID")
CHANNELS = ((3, 4), (1, 1), (2, 3), (8, 8), (33, 17), (4, 1), (1, 16))
"""Of the input and the output."""
ACTIVATIONS = ("Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu")


def convolutions() -> Iterator[Case]:
    """Yield the cases of convolutions."""
    yield from _plain()
    yield from _dilated()
    yield from _depthwise()
    yield from _fused()
    yield from _transposed()


def _fits(size: tuple[int, int], kernel: tuple[int, int], padding: str) -> bool:
    return padding == "SAME" or all(s >= k for s, k in zip(size, kernel, strict=True))


def _plain() -> Iterator[Case]:
    channels = cycle(CHANNELS)
    for kernel, stride, padding, size in product(KERNELS, STRIDES, PADDINGS, SIZES):
        taken, made = next(channels)
        if _fits(size, kernel, padding):
            yield _convolution(size, kernel, (taken, made), stride, padding)
    for size, taken, made in (((16, 16), 3, 32), ((12, 12), 64, 96), ((1, 1), 40, 24)):
        yield _convolution(size, (3, 3), (taken, made), (2, 2), "SAME")
        yield _convolution(size, (1, 1), (taken, made), (1, 1), "SAME")
    for before, after in ((0, 1), (1, 1), (2, 0)):
        pads = [0, 0, before, after, after, before, 0, 0]
        for stride in (1, 2, 4):
            yield Case(
                "Conv2D",
                {
                    "input": floats(1, 7, 8, 3),
                    "filter": floats(3, 3, 3, 4, seed=1),
                    "strides": [1, stride, stride, 1],
                    "padding": "EXPLICIT",
                    "explicit_paddings": pads,
                },
            )


def _convolution(
    size: tuple[int, int],
    kernel: tuple[int, int],
    channels: tuple[int, int],
    stride: tuple[int, int],
    padding: str,
    *,
    dilation: tuple[int, int] = (1, 1),
    after: tuple[tuple[str, object], ...] = (),
) -> Case:
    return Case(
        "Conv2D",
        {
            "input": floats(1, *size, channels[0]),
            "filter": floats(*kernel, *channels, seed=1),
            "strides": [1, *stride, 1],
            "padding": padding,
            "dilations": [1, *dilation, 1],
        },
        after=after,
    )


def _dilated() -> Iterator[Case]:
    channels = cycle(CHANNELS)
    kernels = ((2, 2), (3, 3), (1, 3), (3, 1))
    dilations = ((2, 2), (3, 3), (2, 1), (1, 3))
    for kernel, dilation, padding, size in product(kernels, dilations, PADDINGS, SIZES):
        wide = ((kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1)
        given = next(channels)
        if _fits(size, wide, padding):
            yield _convolution(size, kernel, given, (1, 1), padding, dilation=dilation)


def _depthwise() -> Iterator[Case]:
    channels = cycle(((3, 1), (1, 1), (2, 3), (8, 1), (33, 1), (4, 2), (1, 4)))
    strides = (1, 2, 3, 4)
    for kernel, stride, padding, size in product(KERNELS, strides, PADDINGS, SIZES):
        given = next(channels)
        if _fits(size, kernel, padding):
            yield _separate(size, kernel, given, stride, padding)
    for dilation, padding, size in product((2, 3), PADDINGS, SIZES):
        given = next(channels)
        if _fits(size, (1 + 2 * dilation, 1 + 2 * dilation), padding):
            yield _separate(size, (3, 3), given, 1, padding, dilation=dilation)


def _separate(
    size: tuple[int, int],
    kernel: tuple[int, int],
    channels: tuple[int, int],
    stride: int,
    padding: str,
    *,
    dilation: int = 1,
    after: tuple[tuple[str, object], ...] = (),
) -> Case:
    return Case(
        "DepthwiseConv2dNative",
        {
            "input": floats(1, *size, channels[0]),
            "filter": floats(*kernel, *channels, seed=1),
            "strides": [1, stride, stride, 1],
            "padding": padding,
            "dilations": [1, dilation, dilation, 1],
        },
        after=after,
    )


def _fused() -> Iterator[Case]:
    shapes = (
        ((8, 8), (3, 3), (3, 4)),
        ((7, 7), (1, 1), (8, 8)),
        ((9, 6), (2, 2), (1, 1)),
        ((5, 11), (1, 3), (2, 33)),
    )
    for (size, kernel, given), stride, padding in product(shapes, (1, 2), PADDINGS):
        for activation in (None, *ACTIVATIONS):
            follows = ((activation, None),) if activation else ()
            bias = ("BiasAdd", floats(given[1], seed=2))
            yield _convolution(
                size, kernel, given, (stride, stride), padding, after=(bias, *follows)
            )
            channels, multiplier = given[0], 1 + given[0] % 2
            bias = ("BiasAdd", floats(channels * multiplier, seed=2))
            yield _separate(
                size, kernel, (channels, multiplier), stride, padding, after=(bias, *follows)
            )
    yield _convolution((8, 8), (3, 3), (3, 4), (1, 1), "SAME", after=(("Relu", None),))


def _transposed() -> Iterator[Case]:
    sizes = ((4, 4), (3, 5))
    for kernel, stride, padding, size in product((2, 3, 4), (1, 2, 3), PADDINGS, sizes):
        for taken, made in ((3, 4), (1, 1), (8, 2)):
            larger = [n * stride if padding == "SAME" else (n - 1) * stride + kernel for n in size]
            yield Case(
                "Conv2DBackpropInput",
                {
                    "input_sizes": np.array([1, *larger, made], np.int32),
                    "filter": floats(kernel, kernel, made, taken, seed=1),
                    "out_backprop": floats(1, *size, taken),
                    "strides": [1, stride, stride, 1],
                    "padding": padding,
                },
            )


def pools() -> Iterator[Case]:
    """Yield the cases of pools."""
    channels = cycle((3, 1, 2, 8, 33))
    kernels = ((1, 1), (2, 2), (3, 3), (1, 3), (5, 5), (4, 2))
    for operator, argument in (("MaxPool", "input"), ("AvgPool", "value")):
        for kernel, stride, padding, size in product(kernels, STRIDES, PADDINGS, SIZES):
            count = next(channels)
            if _fits(size, kernel, padding):
                yield Case(
                    operator,
                    {
                        argument: floats(1, *size, count),
                        "ksize": [1, *kernel, 1],
                        "strides": [1, *stride, 1],
                        "padding": padding,
                    },
                )
        yield Case(
            operator,
            {
                argument: floats(1, 7, 7, 64),
                "ksize": [1, 7, 7, 1],
                "strides": [1, 7, 7, 1],
                "padding": "VALID",
            },
        )
