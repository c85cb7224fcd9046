"""Model and label files with random changes: whatever comes, the answer is a model or a sentence.

`make test` tries a few, the same ones each time; scripts/fuzz_readers.py goes on with others.
`test_fuzz_structure.py` swaps what the files say, where this one changes their bytes.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import BuilderError
from builder.labels import read_labels
from builder.model.setup import keras as import_keras
from tests.unit.model.reading.fuzzing import EXAMPLES, FUZZ, Forms, load_with

pytestmark = pytest.mark.slow

import_keras()

BINARIES = (
    "keras3.keras",
    "keras2.h5",
    "teachable.zip",
    "saved_model/saved_model.pb",
    "graph/group1-shard1of1.bin",
    "layers/weights.bin",
)
DOCUMENTS = ("graph/model.json", "layers/model.json", "teachable/metadata.json")

EDITS = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "cut", "insert", "delete"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)
"""What is done, at which part of the file, with which bytes."""
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
PLACES = st.lists(
    st.tuples(st.lists(st.integers(0, 99), max_size=9), VALUES), min_size=1, max_size=3
)
"""The way to a value in a JSON document, and what takes its place."""


@pytest.mark.parametrize("file", BINARIES)
@given(edits=EDITS)
@FUZZ
def test_changed_bytes(file: str, forms: Forms, edits: Any) -> None:
    form, _, inner = file.partition("/")
    content = (forms(form) / inner if inner else forms(form)).read_bytes()
    for kind, part, values in edits:
        content = _edited(content, kind, int(part * len(content)), values)
    load_with(forms, form, inner, content)


@pytest.mark.parametrize("file", DOCUMENTS)
@given(places=PLACES)
@FUZZ
def test_changed_documents(file: str, forms: Forms, places: Any) -> None:
    form, inner = file.split("/")
    document = json.loads((forms(form) / inner).read_bytes())
    for place, value in places:
        document = _replaced(document, place, value)
    load_with(forms, form, inner, json.dumps(document).encode())


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".json"])
@given(
    content=st.binary(max_size=80)
    | st.text(max_size=80).map(str.encode)
    | VALUES.map(lambda value: json.dumps(value).encode())
)
@settings(FUZZ, max_examples=EXAMPLES or 100)
def test_labels(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"labels{suffix}")
        path.write_bytes(content)
        try:
            names = read_labels(path)
        except BuilderError:
            return
    assert len(set(names)) == len(names) > 0


def _edited(content: bytes, kind: str, place: int, values: bytes) -> bytes:
    if kind == "cut":
        return content[: max(place, 1)]
    if kind == "insert":
        return content[:place] + values + content[place:]
    kept = content[place + len(values) :]
    return content[:place] + (values if kind == "overwrite" else b"") + kept


def _replaced(document: Any, place: list[int], value: Any) -> Any:
    """Put `value` where `place` leads: level by level, the how-manieth entry to take."""
    if not place or not isinstance(document, dict | list) or not document:
        return value
    first, *rest = place
    keys = sorted(document) if isinstance(document, dict) else range(len(document))
    key = keys[first % len(document)]
    copy = document.copy()
    copy[key] = _replaced(document[key], rest, value)
    return copy
