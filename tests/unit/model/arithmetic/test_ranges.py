"""Which range of values the arithmetic at a network's input asks for."""

import pytest

from builder.model.arithmetic.affine import Affine, measured
from builder.model.arithmetic.ranges import wanted_range


@pytest.mark.parametrize(
    ("scale", "offset", "scaling"),
    [
        (1 / 255, 0, "none"),
        (1 / 127.5, -1, "none"),
        (1 / 127, -1, "none"),
        (-1 / 255, 1, "none"),
        (1 / 58.4, -2.1, "none"),
        (0.017, -2.0, "none"),
        (1.0, -123.7, "none"),
        (1 / 10, -10, "none"),
        (2, -1, "0-1"),
        (-1, 1, "0-1"),
        (1 / 0.229, -2.1, "0-1"),
        (1, -0.5, "0-1"),
        (255, 0, "0-1"),
        (255, -123.7, "0-1"),
        (127.5, 127.5, "mobilenet"),
        (0.5, 0.5, "mobilenet"),
        (1.9, 0, "mobilenet"),
        (127.5, 20, "mobilenet"),
        (1e6, 0, None),
        (1, 5000, None),
        (1, 0, None),
        (0.9995, 0, None),
    ],
)
def test_the_range_is_the_one_that_leads_to_what_networks_learn_from(
    scale: float, offset: float, scaling: str | None
) -> None:
    assert wanted_range([Affine(scale, offset)]) == scaling


def test_several_ways_of_the_input_agree_on_one_range() -> None:
    plain = Affine(1, 0)
    assert wanted_range([plain, Affine(1 / 127.5, -1)]) == "none"
    assert wanted_range([Affine(1 / 255, 0), Affine(1.0, -110)]) == "none"
    assert wanted_range([Affine(2, -1), Affine(1 / 255, 0)]) is None
    assert wanted_range([plain, plain]) is None


def test_what_is_not_affine_is_left_out() -> None:
    def answers(level: float) -> list[list[float]]:
        return [[level**2], [3.0], [level * 2, level * 2, 0.0], [min(level, 1.0) * 4]]

    assert measured(answers) == (Affine(2, 0), Affine(4, 0))
