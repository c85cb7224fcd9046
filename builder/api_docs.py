"""Writes docs/api.md from the docstrings of the public names: `python -m builder.api_docs`."""

import dataclasses
import inspect
from pathlib import Path
from typing import Any

import builder
from builder.config.field_docs import docs_under_fields

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"

_INTRODUCTION = """\
# Python API

<!-- Made by `python -m builder.api_docs` from docstrings: edit those. -->

{text}
"""


def api_page() -> str:
    """Return the page in Markdown."""
    sections = [_section(name, getattr(builder, name)) for name in builder.HOMES]
    return _INTRODUCTION.format(text=inspect.getdoc(builder)) + "".join(sections)


def _section(name: str, value: Any) -> str:
    text = inspect.cleandoc(value.__doc__)
    if dataclasses.is_dataclass(value):
        return f"\n## `{name}`\n\n{text}\n\n{_fields(value)}\n"
    if inspect.isclass(value):
        return f"\n## `{name}`\n\n{text}\n"
    return f"\n## `{name}`\n\n```python\n{name}{_signature(value)}\n```\n\n{text}\n"


def _fields(cls: Any) -> str:
    """Return a dataclass's fields as a list; settings have their own page."""
    if cls is builder.SiteConfig:
        return (
            "Its fields are the settings of [configuration.md](configuration.md), `_` for `-`.\n"
            "All have defaults. Types are checked; what values may be, `read_config` checks."
        )
    docs = docs_under_fields(cls)
    return "\n".join(f"- `{field.name}`: {docs[field.name]}" for field in dataclasses.fields(cls))


def _signature(function: Any) -> str:
    """Return the parameters by name, those with a default as `name=…`."""
    parameters = inspect.signature(function).parameters.values()
    shown = [
        parameter.name if parameter.default is parameter.empty else f"{parameter.name}=…"
        for parameter in parameters
    ]
    return f"({', '.join(shown)})"


if __name__ == "__main__":
    PAGE.write_text(api_page(), encoding="utf-8")
