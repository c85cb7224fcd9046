"""Each operator on each backend answers as TensorFlow does, and what doesn't is in no graph."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from builder.browser.launch import SOFTWARE_WEBGPU, launch_browser
from builder.errors import ModelError
from builder.model.graph.node_forms import emitted_nodes
from builder.model.graph.proven import PROVEN
from builder.model.graph.require_proven import require_proven, unproven
from builder.site.runtime import read_runtimes
from tests.conformance.case import Case
from tests.conformance.cases import all_cases, refused_cases
from tests.conformance.compare import faults
from tests.conformance.graphs import Question, questions
from tests.conformance.sample import sampled
from tests.conformance.ways import WAYS, Way, answers, asked

LEAN = [way for way in WAYS if way.name in ("JavaScript", "SIMD", "WebGL", "WebGPU")]
Questions = Mapping[str, Question]


@pytest.fixture(scope="module")
def every() -> dict[str, Question]:
    """Return all questions."""
    return questions(all_cases())


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """Return a page of a browser with WebGPU."""
    with (
        sync_playwright() as playwright,
        launch_browser(playwright, args=[SOFTWARE_WEBGPU]) as browser,
    ):
        page = browser.new_page()
        page.set_default_timeout(600_000)
        yield page


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_form_of_every_operator_is_right(way: Way, every: Questions, page: Any) -> None:
    # `python -m scripts.conformance` asks everything of everyone.
    some = sampled(all_cases(), every, coarse=way.backend.startswith("webg"))
    with asked(some) as server:
        assert faults(some, answers(page, server, way), way) == {}


@pytest.mark.parametrize("way", LEAN, ids=lambda way: way.name)
def test_the_lean_runtime_has_all_that_it_promises(way: Way, every: Questions, page: Any) -> None:
    promised = read_runtimes().operators
    possible = {name: one for name, one in every.items() if one.operators <= promised}
    asking = sampled(all_cases(), possible, coarse=True)
    assert {"Placeholder", "Const"}.union(*(one.operators for one in asking.values())) == promised
    with asked(asking) as lean:
        assert faults(asking, answers(page, lean, way, bundle="lean"), way) == {}


def test_what_is_proven_has_cases_and_cases_have_nothing_else(every: Questions) -> None:
    seen: dict[str, tuple[int, frozenset[str | None]]] = {}
    for some in _batches(every):
        nodes = [node for one in some for node in one.nodes]
        weights = {name: value for one in some for name, value in one.weights.items()}
        for node in emitted_nodes(nodes, weights):
            assert unproven(node) is None, node.name
            axes, types = seen.get(node.operator, (0, frozenset()))
            seen[node.operator] = (max(axes, node.rank), types | {node.dtype})
    assert seen == {name: (proven.axes, proven.types) for name, proven in PROVEN.items()}


def _batches(every: Questions) -> Iterator[list[Question]]:
    listed = list(every.values())
    for start in range(0, len(listed), 400):
        yield listed[start : start + 400]


@pytest.mark.parametrize("case", refused_cases().values(), ids=refused_cases())
def test_what_a_backend_has_wrong_is_refused_with_its_layer(case: Case) -> None:
    (question,) = questions({"strange": case}).values()
    with pytest.raises(ModelError, match=rf"needs {case.operator}.*\(in the layer 'strange'\)"):
        require_proven(question.nodes, question.weights, {"strange"})
