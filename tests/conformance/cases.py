"""All cases, in an order of their own, each with a name."""

from collections import Counter
from functools import cache

from tests.conformance.case import Case
from tests.conformance.convolutions import convolutions, pools
from tests.conformance.elementwise import elementwise
from tests.conformance.products import products, refused
from tests.conformance.reductions import reductions
from tests.conformance.shaping import shaping


def all_cases() -> dict[str, Case]:
    """Return the cases by name: the operator's and a number."""
    return {name: case for name, case in _named().items() if not case.refused}


def refused_cases() -> dict[str, Case]:
    """Return the cases that a build refuses."""
    return {name: case for name, case in _named().items() if case.refused}


@cache
def _named() -> dict[str, Case]:
    numbers: Counter[str] = Counter()
    named = {}
    for source in (convolutions, pools, elementwise, reductions, shaping, products, refused):
        for case in source():
            numbers[case.operator] += 1
            named[f"{case.operator}_{numbers[case.operator]}"] = case
    return named
