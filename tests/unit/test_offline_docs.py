"""docs/offline.md names a test for each promise: it must be there."""

import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "offline.md").read_text(encoding="utf-8")
REFERENCES = re.findall(r"`(tests/[\w/.]+)::(\w+)`", TEXT)


def test_every_promise_has_a_test() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("|") and "---" not in line]
    promises = [row for row in rows if not row.startswith("| promise |")]
    assert promises
    assert [row for row in promises if not re.search(r"`tests/[\w/.]+::\w+`", row)] == []


@pytest.mark.parametrize(("path", "name"), REFERENCES)
def test_the_tests_are_there(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
