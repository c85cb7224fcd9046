"""The smallest that is true enough is taken."""

import numpy as np
import pytest

from builder.model.convert import QUANTIZATIONS, GraphModel
from builder.model.parity import Parity
from builder.model.quantize.choice import Candidate, candidates_of, choose

RANDOM = np.random.default_rng(0).bytes(8000)


def candidate(quantization: str, size: int, agreement: float) -> Candidate:
    files = {"model.json": b"{}", "group1-shard1of1.bin": RANDOM[:size]}
    return Candidate(GraphModel(files, quantization), Parity(0.1, agreement, 0.01, 24))


ALL = [
    candidate("none", 8000, 1.0),
    candidate("float16", 4000, 0.99),
    candidate("uint8", 1900, 0.2),
    candidate("mixed", 2000, 0.96),
]


@pytest.mark.parametrize(
    ("least", "taken"),
    [(0.0, "uint8"), (0.95, "mixed"), (0.98, "float16"), (0.995, "none"), (1.0, "none")],
)
def test_the_smallest_that_agrees_is_taken(least: float, taken: str) -> None:
    assert choose(ALL, least).graph.quantization == taken


def test_where_none_agrees_the_truest_is_left_to_be_refused() -> None:
    assert choose(ALL[1:], 1.0).graph.quantization == "float16"


def test_what_compresses_counts_as_it_compresses() -> None:
    assert candidate("none", 8000, 1.0).compressed > 7900
    files = {"group1-shard1of1.bin": bytes(8000), "model.json": RANDOM}
    zeros = Candidate(GraphModel(files, "none"), Parity(0.0, 1.0, 0.0, 24))
    assert zeros.compressed < 100
    assert zeros.size == 8000


def test_auto_means_all() -> None:
    assert candidates_of("auto") == QUANTIZATIONS
    assert candidates_of("mixed") == ("mixed",)
