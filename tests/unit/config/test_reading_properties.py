"""Any config file gives a configuration or an error with its place; both ways to set agree."""

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.config import SiteConfig, field_docs, read_config
from builder.config.kinds import is_one_line
from builder.errors import ConfigError

texts = (
    st.text(min_size=1, max_size=25).map(str.strip).filter(lambda text: text and is_one_line(text))
)
right = st.fixed_dictionaries(
    {},
    optional={
        "alpha": st.floats(0.01, 4),
        "input_size": st.integers(32, 1024),
        "grayscale": st.booleans(),
        "top_k": st.integers(1, 1000),
        "threshold": st.floats(0, 1),
        "title": texts,
        "description": texts,
        "theme_color": st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
        "precompress": st.booleans(),
    },
)
"""Values that every version accepts, by field."""

anything = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.text(max_size=12),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(), max_size=2),
)
KEYS = sorted(setting.key for setting in field_docs.settings())


def toml(value: object) -> str:
    """Return a value in TOML; JSON's texts are TOML's, but for the characters beyond 16 bits."""
    if isinstance(value, float):
        special = {math.inf: "inf", -math.inf: "-inf"}
        return "nan" if math.isnan(value) else special.get(value, repr(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(content: bytes, options: dict[str, Any] | None = None) -> SiteConfig:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "classifier-pwa.toml"
        path.write_bytes(content)
        return read_config(path, options or {})


def read_or_refusal(content: bytes) -> SiteConfig | str:
    try:
        return read(content)
    except ConfigError as error:
        return error.message


@given(right)
def test_file_and_options_give_the_same(values: dict[str, Any]) -> None:
    lines = (f"{field.replace('_', '-')} = {toml(value)}" for field, value in values.items())
    assert read("\n".join(lines).encode()) == read(b"", values)


@given(right, right)
def test_options_overrule_the_file(in_file: dict[str, Any], options: dict[str, Any]) -> None:
    lines = (f"{field.replace('_', '-')} = {toml(value)}" for field, value in in_file.items())
    assert read("\n".join(lines).encode(), options) == read(b"", {**in_file, **options})


@settings(max_examples=200)
@given(st.sampled_from(KEYS), anything)
def test_any_value_is_taken_or_refused_with_its_line(key: str, value: object) -> None:
    text = f"# a comment\n\n{key} = {toml(value)}\n"
    config = read_or_refusal(text.encode())
    if isinstance(config, str):
        assert "classifier-pwa.toml, line 3" in config
        assert key in config


@settings(max_examples=200)
@given(
    st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_any_file_is_read_or_refused(content: bytes) -> None:
    config = read_or_refusal(content)
    if isinstance(config, str):
        assert "classifier-pwa.toml" in config
    else:
        assert config == SiteConfig()


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=12))
def test_an_unknown_setting_is_named(key: str) -> None:
    if key in KEYS:
        return
    with pytest.raises(ConfigError, match=f'unknown setting "{key}"'):
        read(f"{key} = 1\n".encode())
