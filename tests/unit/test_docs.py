"""The docs name a test for each promise and each defence: it must be there, and be as they say."""

import re

import pytest

from builder.site.headers import SECURITY_HEADERS
from tests.conftest import ROOT

OFFLINE = (ROOT / "docs" / "offline.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
REFERENCES = sorted(
    {*re.findall(r"`(tests/[\w/.]+)::(\w+)`", OFFLINE)}
    | {*re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", SECURITY)}
)


def rows_of(page: str, *headers: str) -> list[str]:
    """Return the rows of all tables but the header rows."""
    rows = [line for line in page.splitlines() if line.startswith("|") and "---" not in line]
    return [row for row in rows if not row.startswith(headers)]


def test_every_promise_has_a_test() -> None:
    promises = rows_of(OFFLINE.split("## Fault matrix")[0], "| promise |")
    assert promises
    assert [row for row in promises if not re.search(r"`tests/[\w/.]+::\w+`", row)] == []


def test_every_defence_has_a_test() -> None:
    defences = rows_of(SECURITY, "| threat |", "| part of a model |")
    assert defences
    assert [row for row in defences if "`tests/" not in row] == []


@pytest.mark.parametrize(("path", "name"), REFERENCES)
def test_the_tests_are_there(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not name or f"def {name}(" in text


@pytest.mark.parametrize("language", ["nginx", "caddy"])
def test_the_recipes_for_servers_send_the_builds_headers(language: str) -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    for name, value in SECURITY_HEADERS.items():
        assert name in recipe
        assert value in recipe


def test_the_files_that_contributors_are_sent_to_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:builder|site_templates|assets|docs|tests)/[\w./-]+)`", text)
    assert len(named) > 15
    fixed = [path for path in named if not re.search(r"TAG|NAME|PATH", path)]
    made = {"assets/runtime/"}
    assert [path for path in fixed if path not in made and not (ROOT / path).exists()] == []
