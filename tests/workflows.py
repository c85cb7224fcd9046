"""GitHub's workflows and actions: as data, and judged by the schemas in check-jsonschema."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jsonschema.validators import validator_for

SCHEMAS = {"workflow": "github-workflows", "action": "github-actions"}


class _Loader(yaml.SafeLoader):
    """YAML 1.2 as GitHub reads it: `on` is a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parsed(text: str) -> dict[str, Any]:
    """Return a file's content; `true` and `false` stay words, as in an action's inputs."""
    content = yaml.load(text, _Loader)
    assert isinstance(content, dict)
    return content


def faults(text: str, kind: str) -> list[str]:
    """Return what the schema of a "workflow" or an "action" finds wrong with a text."""
    return [
        f"{error.json_path}: {error.message}"
        for error in _validator(kind).iter_errors(parsed(text))
    ]


@cache
def _validator(kind: str) -> Any:
    name = f"{SCHEMAS[kind]}.json"
    text = (files("check_jsonschema") / "builtin_schemas" / "vendor" / name).read_text("utf-8")
    schema = json.loads(text)
    return validator_for(schema)(schema)
