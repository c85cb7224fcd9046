"""Reading `_headers`."""

import pytest

from builder.hosting.header_rules import HeaderRule, headers_for, parse_header_rules
from builder.site.files import SiteFile
from builder.site.headers import CSP_HEADER, headers_file

TEXT = """\
# a comment
  X-Lost: no path yet
/*
  X-All: 1
  # X-Comment: no
  not a header
/app/*
  Cache-Control: public, max-age=1
  X-All: 2
"""


def test_rules_are_paths_with_headers_below() -> None:
    assert parse_header_rules(TEXT) == (
        HeaderRule("/*", (("X-All", "1"),)),
        HeaderRule("/app/*", (("Cache-Control", "public, max-age=1"), ("X-All", "2"))),
    )


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"X-All": "1"}),
        ("/app/x/y.js", {"X-All": "2", "Cache-Control": "public, max-age=1"}),
        ("/application", {"X-All": "1"}),
    ],
)
def test_headers_of_a_path(path: str, headers: dict[str, str]) -> None:
    assert headers_for(path, parse_header_rules(TEXT)) == headers


def test_it_reads_what_the_build_writes() -> None:
    shard = SiteFile("model/0a/shard.bin", b"")
    rules = parse_header_rules(headers_file(["sw.js"], [shard]).decode())
    assert headers_for("/sw.js", rules)["Content-Security-Policy"] == CSP_HEADER
    assert headers_for("/sw.js", rules)["Cache-Control"] == "no-cache"
    assert "immutable" in headers_for("/model/0a/shard.bin", rules)["Cache-Control"]
    assert "Cache-Control" not in headers_for("/model/0a/gone.bin", rules)


@pytest.mark.parametrize("line", ["X Y: 1", "X: a\x00b", "X: \u20ac", ": 1", "X\u00e9: 1"])
def test_what_no_answer_can_carry_is_skipped(line: str) -> None:
    rules = parse_header_rules(f"/*\n  {line}\n  X-Right: \u00e9\n")
    assert headers_for("/", rules) == {"X-Right": "\u00e9"}
