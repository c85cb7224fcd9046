import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.graph.cycles import find_circle


@pytest.mark.parametrize(
    ("sources", "circle"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["elsewhere"]}, []),
        ({"a": ["a"]}, ["a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["c", "b"]),
        ({1: [2], 2: [3], 3: [1]}, [3, 2, 1]),
    ],
)
def test_a_circle_is_found_where_there_is_one(sources: dict[str, list[str]], circle: list[str]):
    assert find_circle(sources) == circle


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), max_size=9))
def test_what_is_found_is_a_circle_and_what_is_passed_has_none(sources: dict[int, list[int]]):
    circle = find_circle(sources)
    if circle:
        following = [*circle[1:], circle[0]]
        assert all(one in sources[other] for one, other in zip(circle, following, strict=True))
        return
    left = dict(sources)
    for _ in sources:  # members that depend on nothing that is left go first, until none is
        left = {key: values for key, values in left.items() if any(v in left for v in values)}
    assert left == {}


def test_chains_of_any_length_and_many_ways_take_no_time_to_speak_of() -> None:
    assert find_circle({n: [n + 1, n + 2] for n in range(100_000)}) == []
    assert len(find_circle({n: [(n + 1) % 100_000] for n in range(100_000)})) == 100_000
