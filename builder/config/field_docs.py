"""The settings as data: key, kind, default and documentation of every field of `SiteConfig`.

The documentation is the text under each field in `site_config.py`, read from its source, so that
there is one place to write it. The command line's help and docs/configuration.md are made from it.
"""

import ast
import dataclasses
import inspect
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any

from builder.config.groups import GROUPS
from builder.config.kinds import Kind
from builder.config.site_config import SiteConfig


@dataclass(frozen=True)
class Setting:
    """One setting, as the config file, the command line and the documentation see it."""

    field: str
    """Name of the field of `SiteConfig`: "input_size"."""
    key: str
    """Key in the config file, and the option without its dashes: "input-size"."""
    kind: Kind
    """What values it accepts."""
    default: Any
    """Value where none is given; None means that it stays unset."""
    doc: str
    """What it does, in a sentence or two on one line."""
    shared_with: tuple[str, ...]
    """Verbs besides `build` that take it as an option."""
    site_only: bool
    """Whether the converted model is the same whatever its value."""
    not_in_files: str
    """Why it cannot stand in a config file, the rest of a sentence; "" where it can."""

    @property
    def option(self) -> str:
        """The option on the command line: "--input-size"."""
        return f"--{self.key}"


@cache
def settings() -> tuple[Setting, ...]:
    """Return all settings, group after group."""
    docs = docs_under_fields(SiteConfig)
    fields = {field.name: field for field in dataclasses.fields(SiteConfig)}
    in_order = [fields[name] for names in GROUPS.values() for name in names]
    return tuple(
        Setting(
            field=field.name,
            key=field.name.replace("_", "-"),
            kind=field.metadata["kind"],
            default=field.default,
            doc=f"{docs[field.name]} {field.metadata['kind'].meaning}".rstrip(),
            shared_with=field.metadata["shared_with"],
            site_only=field.metadata["site_only"],
            not_in_files=field.metadata["not_in_files"],
        )
        for field in in_order
    )


def docs_under_fields(cls: type) -> dict[str, str]:
    """Return the text that follows each annotated field in the source of a dataclass.

    Those of the dataclasses that it extends are among them.
    """
    docs: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        if dataclasses.is_dataclass(one):
            docs |= _docs_in_source(one)
    return docs


def _docs_in_source(cls: type) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{cls} has no source to read its documentation from")
    docs = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            docs[field.target.id] = " ".join(ast.literal_eval(after.value).split())  # type: ignore[attr-defined]
    return docs
