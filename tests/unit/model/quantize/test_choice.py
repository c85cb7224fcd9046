"""The smallest that is true enough is taken."""

import numpy as np
import pytest

from builder.model.graph.graph_model import GraphModel
from builder.model.parity import Limits, Parity
from builder.model.quantize.choice import Candidate, choose
from builder.model.quantize.modes import MODES, mode_named, modes_of

RANDOM = np.random.default_rng(0).bytes(8000)


def candidate(quantization: str, size: int, agreed: int, divergence: float) -> Candidate:
    files = {"model.json": b"{}", "group1-shard1of1.bin": RANDOM[:size]}
    parity = Parity(0.1, agreed / 200, divergence, 204, 200, agreed)
    return Candidate(GraphModel(files, quantization), parity)


ALL = [
    candidate("none", 8000, 200, 0.0),
    candidate("float16", 4000, 199, 0.001),
    candidate("uint8", 1900, 40, 1.5),
    candidate("mixed", 2000, 195, 0.02),
]


@pytest.mark.parametrize(
    ("least", "most", "taken"),
    [
        (0.0, 9.0, "uint8"),
        (0.94, 0.1, "mixed"),
        (0.95, 0.1, "float16"),
        (0.0, 0.01, "float16"),
        (0.98, 0.01, "none"),
        (1.0, 0.0, "none"),
    ],
)
def test_the_smallest_that_keeps_to_the_limits_is_taken(
    least: float, most: float, taken: str
) -> None:
    assert choose(ALL, Limits(least, most)).graph.quantization == taken


def test_where_none_agrees_the_truest_is_left_to_be_refused() -> None:
    assert choose(ALL[1:], Limits(1.0, 0.01)).graph.quantization == "float16"


def test_what_compresses_counts_as_it_compresses() -> None:
    assert candidate("none", 8000, 200, 0.0).compressed > 7900
    files = {"group1-shard1of1.bin": bytes(8000), "model.json": RANDOM}
    zeros = Candidate(GraphModel(files, "none"), Parity(0.0, 1.0, 0.0, 24, 24, 24))
    assert zeros.compressed < 100
    assert zeros.size == 8000


def test_auto_means_all() -> None:
    assert modes_of("auto", "custom") == MODES
    assert modes_of("mixed", "custom") == (mode_named("mixed"),)


def test_the_default_is_that_of_the_architecture_and_then_the_common_one() -> None:
    assert modes_of("default", "custom") == (mode_named("float16"),)
    assert modes_of("default", "efficientnet-lite0") == (
        *(mode_named("mixed"), mode_named("float16")),
    )
