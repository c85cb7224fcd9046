"""SECURITY.md names a test for each defence, and docs/hosting.md the policy: both must be true."""

import re

import pytest

from builder.site.headers import SECURITY_HEADERS
from tests.conftest import ROOT

REFERENCES = re.findall(
    r"`(tests/[\w/.]+)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")
)


def test_every_defence_has_a_test() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and "---" not in line]
    told = [row for row in rows if not row.startswith("| threat |")]
    assert told
    assert [row for row in told if "`tests/" not in row] == []


@pytest.mark.parametrize(("path", "name"), REFERENCES)
def test_the_tests_are_there(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not name or f"def {name}(" in text


@pytest.mark.parametrize("language", ["nginx", "caddy"])
def test_servers_are_told_to_send_the_builds_headers(language: str) -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    for name, value in SECURITY_HEADERS.items():
        assert name in recipe
        assert value in recipe
