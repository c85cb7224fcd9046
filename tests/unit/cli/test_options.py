"""What verbs print may come from untrusted files: no line of it steers the terminal."""

import re
from collections.abc import Callable

import pytest

from builder.cli.options import as_click_exception, progress_printer, tell, warn
from tests.conftest import ROOT

TITLE = "Trees\x1b]0;another title\x07\x9b2J"
ESCAPED = r"Trees\x1b]0;another title\x07\x9b2J"


@pytest.mark.parametrize("show", [tell, warn, progress_printer(False)])
def test_control_characters_are_shown_as_such(
    show: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    show(f"Converting {TITLE}\nto a site")
    out, err = capsys.readouterr()
    assert f"Converting {ESCAPED}\nto a site" in out + err


def test_a_bug_tells_its_cause_without_them() -> None:
    assert ESCAPED in as_click_exception(RuntimeError(TITLE)).message


def test_verbs_print_names_through_these_alone() -> None:
    """`click.echo` gets texts of our own, or what was made visible."""
    cli = ROOT / "builder" / "cli"
    calls = [
        (path.name, call)
        for path in cli.glob("*.py")
        for call in re.findall(r"click\.echo\((.*)", path.read_text(encoding="utf-8"))
    ]
    own = [call for _, call in calls if re.match(r'f?"[^{]*"', call)]
    known = {
        ("check.py", '"\\n".join([*map(finding_text, result.findings), summary(result)]))'),
        ("options.py", "visible(text), err=err)"),
        ("options.py", "json.dumps(value, indent=2, sort_keys=True))"),
    }
    others = {(name, call) for name, call in calls if call not in own} - known
    assert {name for name, _ in others} <= {"options.py", "serve.py", "watch.py"}, others
