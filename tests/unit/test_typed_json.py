"""Dataclasses as JSON and back; whatever else is there is refused, with its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.typed_json import TypedJsonError, camel_case, from_json, optional, parse_json, to_json


@dataclass(frozen=True, kw_only=True)
class Leaf:
    share: float
    is_green: bool


@dataclass(frozen=True, kw_only=True)
class Tree:
    name: str
    leaf_count: int
    kind: Literal["oak", "elm"]
    leaves: tuple[Leaf, ...]
    size: tuple[int, int]
    heights: Mapping[str, float]
    parent: Leaf | None
    notes: tuple[str, ...] = optional(tuple)


OAK = Tree(
    name="Oak",
    leaf_count=2,
    kind="oak",
    leaves=(Leaf(share=0.5, is_green=True),),
    size=(1, 2),
    heights={"north": 1.5},
    parent=None,
)
JSON: dict[str, Any] = {
    "name": "Oak",
    "leafCount": 2,
    "kind": "oak",
    "leaves": [{"share": 0.5, "isGreen": True}],
    "size": [1, 2],
    "heights": {"north": 1.5},
    "parent": None,
}


def test_a_value_and_its_json_are_one_another() -> None:
    assert to_json(OAK) == JSON
    assert from_json(Tree, JSON) == OAK
    assert parse_json(Tree, json.dumps(JSON | {"later": 1}).encode()) == OAK
    assert camel_case("top1_agreement") == "top1Agreement"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": None}, "has no text in name"),
        ({"leafCount": 2.0}, "has no whole number in leafCount"),
        ({"leafCount": True}, "has no whole number in leafCount"),
        ({"kind": "fir"}, 'has no "oak" or "elm" in kind'),
        ({"leaves": {}}, "has no list in leaves"),
        ({"leaves": [[]]}, "has no object in leaves[0]"),
        ({"leaves": [{"share": "1", "isGreen": True}]}, "has no number in leaves[0].share"),
        ({"leaves": [{"share": 10**400, "isGreen": True}]}, "has no number in leaves[0].share"),
        ({"leaves": [{"share": 1, "isGreen": 1}]}, "neither true nor false in leaves[0].isGreen"),
        ({"size": [1, 2, 3]}, "has no pair in size"),
        ({"heights": {"north": True}}, "has no number in heights.north"),
        ({"parent": {}}, "has no number in parent.share"),
        ({"notes": ["a", 1]}, "has no text in notes[1]"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(TypedJsonError) as raised:
        from_json(Tree, JSON | changes)
    assert problem in str(raised.value)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.sampled_from(sorted(JSON)), ANY)
def test_any_value_in_any_place_is_read_or_refused(key: str, value: object) -> None:
    try:
        read = from_json(Tree, JSON | {key: value})
    except TypedJsonError:
        return
    assert from_json(Tree, to_json(read)) == read
