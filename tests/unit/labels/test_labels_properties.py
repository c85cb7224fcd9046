"""Any class names survive any file format; any file at all is read or refused with its place."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.config.kinds import is_one_line
from builder.errors import LabelsError
from builder.labels import read_labels

names = (
    st.text(min_size=1, max_size=20).map(str.strip).filter(lambda name: name and is_one_line(name))
)
name_lists = st.lists(names, min_size=1, max_size=12, unique=True)
orders = st.randoms(use_true_random=False)


def read(content: bytes, suffix: str) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"labels{suffix}"
        path.write_bytes(content)
        return read_labels(path)


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@given(name_lists, st.sampled_from(["\n", "\r\n"]), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_one_a_line(labels: list[str], newline: str, mark: bytes) -> None:
    assert read(mark + newline.join([*labels, ""]).encode(), ".txt") == tuple(labels)


@pytest.mark.slow
@given(name_lists, orders)
def test_csv_in_any_order_of_rows(labels: list[str], shuffled: st.randoms) -> None:
    rows = [[str(index), name] for index, name in enumerate(labels)]
    shuffled.shuffle(rows)
    assert read(as_csv([["class_index", "label"], *rows]), ".csv") == tuple(labels)


@given(name_lists, orders)
def test_json_of_every_shape(labels: list[str], shuffled: st.randoms) -> None:
    pairs = list(enumerate(labels))
    shuffled.shuffle(pairs)
    shapes: list[object] = [
        labels,
        {str(index): name for index, name in pairs},
        {str(index): ["n0", name] for index, name in pairs},
        {name: index for index, name in pairs},
    ]
    for shape in shapes:
        assert read(json.dumps(shape).encode(), ".json") == tuple(labels)


lines = st.sampled_from(
    [b"oak", b"label", b"id,label", b'"a', b"1,2", b"[", b'{"0":', b"\xff", b"", b" "]
)


@settings(max_examples=200)
@given(
    st.one_of(st.binary(max_size=60), st.lists(lines, max_size=6).map(b"\n".join)),
    st.sampled_from([".txt", ".csv", ".json", ""]),
)
def test_any_file_is_read_or_refused(content: bytes, suffix: str) -> None:
    labels: tuple[str, ...] = ()
    try:
        labels = read(content, suffix)
    except LabelsError as error:
        refusal = error.message
    if not labels:
        assert f"labels{suffix}" in refusal
    assert len(set(labels)) == len(labels)
    assert all(name.strip() and is_one_line(name) for name in labels)


@settings(max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
        ),
        max_leaves=10,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        labels = read(json.dumps(value).encode(), ".json")
    except LabelsError:
        return
    assert all(isinstance(name, str) and name for name in labels)


def test_a_name_of_two_lines_is_refused_in_any_format() -> None:
    for suffix, content in ((".csv", b'label\n"a\nb"\n'), (".json", b'["a\\u2028b"]')):
        with pytest.raises(LabelsError):
            read(content, suffix)
