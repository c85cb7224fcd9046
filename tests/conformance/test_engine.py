"""The engine answers as TensorFlow does, and writes nothing beside its tensors."""

from collections.abc import Mapping

import pytest

from builder.site.runtime import read_runtimes
from tests.conformance.cases import all_cases
from tests.conformance.compare import difference
from tests.conformance.engine import BUILDS, engine_answers
from tests.conformance.graphs import Question, questions
from tests.conformance.networks import networks
from tests.conformance.sample import sampled

TOLERANCE = 1e-4
LACKING = ("of whole numbers", "with weights that are computed")
"""What is left to TensorFlow.js of the operators that classifiers consist of."""


@pytest.fixture(scope="module")
def asked() -> dict[str, Question]:
    """Return one question of each form of each operator that the lean runtime has."""
    every = questions(all_cases())
    lean = read_runtimes().operators
    possible = {name: one for name, one in every.items() if one.operators <= lean}
    return sampled(all_cases(), possible)


@pytest.mark.parametrize("build", BUILDS)
def test_the_engine_answers_as_tensorflow_does(build: str, asked: Mapping[str, Question]) -> None:
    given = engine_answers(asked, build)
    wrong = {
        name: given[name].error or difference(one, given[name])
        for name, one in asked.items()
        if not difference(one, given[name]) <= TOLERANCE
    }
    strange = {
        name: told
        for name, told in wrong.items()
        if not (str(told).startswith("lacks") and str(told).endswith(LACKING))
    }
    assert strange == {}
    cases = all_cases()
    answered = {cases[name].operator for name in asked.keys() - wrong.keys()}
    assert answered == {cases[name].operator for name in asked}


@pytest.mark.parametrize("build", BUILDS)
def test_random_networks_answer_as_tensorflow_does(build: str) -> None:
    asked, photos = networks(range(60))
    given = engine_answers(asked, build, photos)
    wrong = {
        name: given[name].error or difference(one, given[name])
        for name, one in asked.items()
        if not difference(one, given[name]) <= TOLERANCE
    }
    assert wrong == {}
